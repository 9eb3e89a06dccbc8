// A short visit to the store, for commands: they wait until each answer has come.
//
// Used by `quotawatch store`, `status --hosts` and `check`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "os/loop/event_loop.h"
#include "os/store/postgres_connection.h"
#include "quotawatch/config.h"
#include "quotawatch/pool_store.h"

namespace quotawatch::os {

struct Statement;

class StoreVisit {
 public:
  // Connects. This and all that follows throws InputError, in the name of the store, if it cannot be done.
  explicit StoreVisit(StoreRules rules);

  // "quotawatch on db.example as monitor"
  std::string described() const { return connection_.described(); }

  // Makes the table; false if it was there. Refuses one of another version.
  bool make_table();

  // Throws unless there is a table, of this version.
  void check_table();

  // Empty if no host has come so far.
  std::optional<PoolRow> row(const std::string& group);
  std::vector<HostWord> words(const std::string& group);

 private:
  // The version of the table; empty if there is no table.
  std::optional<std::string> version();
  PostgresConnection::Result ask(const Statement& statement);
  PostgresConnection::Result ask_whatever(const Statement& statement);
  void wait(const std::function<bool()>& condition);

  const StoreRules rules_;
  EventLoop loop_;
  bool connected_ = false;
  std::optional<std::string> lost_;
  PostgresConnection connection_;
};

// For those who make the table themselves.
std::string table_as_sql();

}  // namespace quotawatch::os
