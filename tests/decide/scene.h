// A fleet that a test controls poll by poll, and the decisions about it.
//
// Results are words: the names of the events in order, skips and clears with their reason, as in
// "clear:too_old suspect"; "" if there are none.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "panes.h"
#include "tests/decide/model/decider.h"

namespace quotawatch::tests {

constexpr Milliseconds interval = std::chrono::seconds{30};
constexpr Milliseconds cooldown = std::chrono::minutes{10};
constexpr Milliseconds ms{1};

// The defaults, two accounts, UTC.
DecisionRules usual_rules();
DecisionRules rules_with_accounts(std::vector<std::string> accounts);

// 2026-11-23T12:00:00Z
WallTime noon();

class Scene {
 public:
  explicit Scene(DecisionRules rules = usual_rules(), const std::string& active_account = "a");

  // Sessions whose name begins with "pool" belong to the pool. Their order is that of the first
  // calls.
  void show(const std::string& session, Screen screen);
  // in a pane that counts for another session
  void share(const std::string& session, Screen screen);
  // Its program's record says that the turn ended well, and how much of five hours is used.
  void record_use(const std::string& session, int percent, std::optional<WallTime> resets = std::nullopt);
  // Its program is started afresh, now. Without it, it was with the session's first screen.
  void start(const std::string& session);
  void fail(const std::string& session);
  void end_program(const std::string& session);
  void remove(const std::string& session);

  void wait(Milliseconds time);  // both clocks
  void step_wall(Milliseconds by) { now_.wall += by; }

  std::string poll();  // one interval later
  std::string poll_after(Milliseconds time);
  std::string end(bool done, const std::string& id = "");  // of the switch in flight
  std::string restart(Milliseconds down = Milliseconds{0});
  std::string free(const std::string& account);
  std::string use(const std::string& account);

  // Two polls that lead to a switch, which is done at once; a new cooldown begins.
  void switch_once();

  Moment now() const { return now_; }
  const Decider& decider() const { return decider_; }
  const State& state() const { return decider_.state(); }

  // The last event of this kind. The test fails if there was none.
  const Event& last(EventKind kind) const;
  const SwitchRequest& request() const { return requests_.back(); }
  const std::vector<SwitchRequest>& requests() const { return requests_; }

 private:
  Pane& pane(const std::string& session);
  std::string describe(Outcome outcome);

  Moment now_;
  Decider decider_;
  std::vector<Pane> panes_;
  std::vector<Event> events_;
  std::vector<SwitchRequest> requests_;
};

}  // namespace quotawatch::tests
