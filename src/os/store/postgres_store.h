// The PoolStore in PostgreSQL: one connection, which is made again whenever it is lost.
//
// Created by `run`. Works on the event loop and never waits.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "os/loop/event_loop.h"
#include "os/loop/timer.h"
#include "os/store/postgres_connection.h"
#include "quotawatch/config.h"
#include "quotawatch/pool_store.h"

namespace quotawatch::os {

class PostgresStore final : public PoolStore {
 public:
  // Of the groups with these names.
  PostgresStore(EventLoop& loop, StoreRules rules, const std::vector<std::string>& groups);

  void read(const std::string& group) override;
  void write(const std::string& group, const PoolRow& expected, const PoolRow& row) override;
  bool busy(const std::string& group) const override;
  std::optional<StoreAnswer> take_answer(const std::string& group) override;
  bool take_news(const std::string& group) override;
  bool tells_of_changes() const override { return listens_; }
  void tell(const std::string& group, const HostWord& word) override;
  std::string why_away() const override { return why_away_; }
  void abandon() override;

  // Whether an answer waits to be taken, and the row is known.
  bool has_answered(const std::string& group) const { return groups_.at(group).answer.has_value(); }

 private:
  struct Group {
    bool asked = false;
    bool news = false;
    std::optional<StoreAnswer> answer;
    PoolRow known;       // as last read or written here
    std::string limits;  // of it, as stored
  };

  void connect();
  void check_table();
  void listen();
  void begin();
  void lose(const std::string& why);
  void answer(Group& group, StoreAnswer answer);
  void take(Group& group, StoreAnswer::Kind kind, const PostgresConnection::Result& result);
  void read_after(const std::string& name, StoreAnswer::Kind kind);
  void hear(const std::string& topic);

  EventLoop& loop_;
  const StoreRules rules_;
  std::map<std::string, Group> groups_;
  std::unique_ptr<PostgresConnection> connection_;
  Timer again_;
  Timer calm_;
  Milliseconds pause_;
  bool ready_ = false;
  bool listens_ = false;
  std::string why_away_;
};

}  // namespace quotawatch::os
