// The database of simulated hosts, and each host's way to it.
//
// FakePoolStore is the PoolStore of one host on that host's virtual clock. How each question fares is drawn by its
// creator: it may come late or never, its answer may be lost although it was carried out, a read may see what was
// true before. FakeDatabase is shared by all; it remembers every change and every question.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "quotawatch/pool_store.h"
#include "sim/harness/virtual_clock.h"

namespace quotawatch::sim {

class FakePoolStore;

// A question of one host, as it saw it.
struct StoreOperation {
  std::string host;
  std::string group;
  SteadyTime asked;
  SteadyTime answered;  // if the answer was lost: by when it has been carried out or never will be
  bool lost = false;    // nobody knows whether it was carried out
  bool writes = false;
  PoolRow expected = {};  // of a write
  PoolRow row = {};       // to be written; or what was read
  bool beaten = false;    // a write that found something else
};

class FakeDatabase {
 public:
  struct Change {
    SteadyTime when;
    std::string host;
    std::string group;
    PoolRow before;
    PoolRow row;
  };
  using Changed = std::function<void(const Change& change)>;

  explicit FakeDatabase(WallTime start) : start_(start) {}

  void listen(Changed changed) { changed_ = std::move(changed); }
  const PoolRow& row(const std::string& group) { return rows_[group]; }
  const std::vector<StoreOperation>& operations() const { return operations_; }

 private:
  friend class FakePoolStore;

  StoreAnswer carry_out(const StoreOperation& operation, SteadyTime now, bool stale);

  const WallTime start_;  // the server's clock is right
  std::map<std::string, PoolRow> rows_;
  std::map<std::string, PoolRow> rows_before_;
  std::vector<FakePoolStore*> stores_;
  Changed changed_;
  std::vector<StoreOperation> operations_;
};

class FakePoolStore final : public PoolStore {
 public:
  // How one question fares.
  struct Trip {
    Milliseconds there{1};
    Milliseconds back{1};
    bool arrives = true;
    bool returns = true;
    bool stale = false;
  };
  struct Way {
    std::string host;
    Milliseconds timeout{std::chrono::seconds{5}};
    bool tells = true;                  // of others' changes
    std::function<Trip()> travel = {};  // empty: each trip as above
  };

  FakePoolStore(VirtualClock& clock, FakeDatabase& database, Way way);
  ~FakePoolStore() override;
  FakePoolStore(const FakePoolStore&) = delete;
  FakePoolStore& operator=(const FakePoolStore&) = delete;

  // Until it is joined again, nothing arrives or returns.
  void cut();
  void join();
  bool is_cut() const { return cut_; }

  void read(const std::string& group) override;
  void write(const std::string& group, const PoolRow& expected, const PoolRow& row) override;
  bool busy(const std::string& group) const override;
  std::optional<StoreAnswer> take_answer(const std::string& group) override;
  bool take_news(const std::string& group) override;
  bool tells_of_changes() const override { return way_.tells; }
  void tell(const std::string& group, const HostWord& word) override;
  std::string why_away() const override { return away_ ? "it does not answer" : ""; }
  void abandon() override;

 private:
  friend class FakeDatabase;

  struct Question {
    bool asked = false;
    std::uint64_t serial = 0;
    std::optional<StoreAnswer> answer;
    bool news = true;
    std::uint64_t known = 0;  // the generation that it was told last
  };

  void ask(StoreOperation operation);
  void end(const std::string& group, std::uint64_t serial, StoreAnswer answer);
  void lose(const std::string& group, std::uint64_t serial);
  void come_back();
  void hear(const std::string& group);
  void plan(Milliseconds delay, std::function<std::optional<Wake>()> action);

  VirtualClock& clock_;
  FakeDatabase& database_;
  const Way way_;
  std::map<std::string, Question> questions_;
  bool cut_ = false;
  bool away_ = false;
  std::uint64_t serial_ = 0;
};

}  // namespace quotawatch::sim
