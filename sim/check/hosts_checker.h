// The invariants of hosts that share accounts (docs/design.md, rules H1 to H4), over what their database stores, what
// their hooks are told and what the accounts are in truth. Uses none of the decision code.
//
// Fed by the simulator of hosts: with each change of the database, and through view() with what each host does.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/check/violation.h"
#include "sim/harness/fake_database.h"
#include "sim/harness/stage.h"

namespace quotawatch::sim {

class HostsChecker {
 public:
  struct Setup {
    std::vector<std::string> hosts;
    const Config& config;
    WallTime start;             // in truth
    bool alone = false;         // hosts may act without the database
    Milliseconds clock_off{0};  // by how much a host's clock is wrong at most
    // Nobody switches by hand and no hook is slow: while either happens, banners of the account that is left come late,
    // with resets that nobody knew, and may be taken for the new one's, as on a single host.
    bool prompt = true;
    // Whether an account is at its limit, in truth.
    std::function<bool(const std::string& account)> is_at_limit;
  };

  explicit HostsChecker(Setup setup);
  ~HostsChecker();
  HostsChecker(const HostsChecker&) = delete;
  HostsChecker& operator=(const HostsChecker&) = delete;

  // For the stage of this host.
  StageObserver& view(std::size_t host);

  void changed(const FakeDatabase::Change& change);
  // The host, or its way to the database, is disturbed until then: nothing is expected of it in time.
  void disturbed(std::size_t host, Milliseconds until);
  // From now on it cannot reach the database; or it can again.
  void cut(std::size_t host, bool cut, Milliseconds at);

  std::vector<Violation> finish(const FakeDatabase& database, Milliseconds end);
  int switches() const { return decided_; }

 private:
  class View;
  struct Host;

  void violate(const std::string& invariant, Milliseconds at, const std::string& what);
  void check_decision(const FakeDatabase::Change& change, Milliseconds at);
  static void forget_asked(Host& host, const std::string& id);
  void start_hook(Host& host, const SwitchRequest& request, Milliseconds at);
  void end_hook(Host& host, const SwitchReport& report, Milliseconds at);
  void disturb(Host& host, Milliseconds until);
  void take(Host& host, const JournalEntry& entry);
  void look(Host& host, Milliseconds at);
  void check_limits(Host& host, Milliseconds at, Milliseconds patience);

  const Setup setup_;
  std::vector<std::unique_ptr<Host>> hosts_;
  PoolRow row_;
  Milliseconds changed_at_{0};                      // the generation
  Milliseconds row_changed_at_{0};                  // or its limits
  std::map<std::uint64_t, std::string> accounts_;   // by generation
  std::map<std::string, Milliseconds> limited_at_;  // when each account was last seen at its limit
  int decided_ = 0;
  std::vector<Violation> violations_;
};

}  // namespace quotawatch::sim
