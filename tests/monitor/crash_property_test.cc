// Runs that are killed at any point, with full disks and lost states:
// what is journalled was saved before, and no switch is made twice.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

#include "play_generators.h"

namespace quotawatch::tests {
namespace {

// All findings, as text.
class CrashWatcher : public Watcher {
 public:
  const std::string& wrong() const { return wrong_; }
  std::size_t kills() const { return kills_; }

  void killed(Moment /*now*/) override { ++kills_; }

  void journalled(const sim::JournalEntry& entry) override {
    const auto& event = entry.event;
    if (event.kind != EventKind::switch_) return;
    require(asked_.insert(*event.id).second, "asked twice for the switch " + *event.id);
  }

  void hook_started(const SwitchRequest& request, Moment /*now*/) override {
    require(!stage().switcher().busy(), "a hook starts while one runs");
    const auto first = started_.emplace(request.id, request).first;
    require(first->second == request, "another request under the id " + request.id);
  }

 protected:
  void require(bool holds, const std::string& what) {
    if (!holds) wrong_ += std::to_string(stage().clock().elapsed().count()) + " ms: " + what + "\n";
  }
  bool has_started(const std::string& id) const { return started_.contains(id); }

 private:
  std::string wrong_;
  std::size_t kills_ = 0;
  std::set<std::string> asked_;
  std::map<std::string, SwitchRequest> started_;
};

// Ids contain the wall time, the only source if the state is lost. If it is lost and the clock is set back
// to the same millisecond, an id may be reused.
RC_GTEST_PROP(MonitorCrashes, OneIdIsOneSwitchAndOneHookAtATime, ()) {
  Happenings may = anything;
  may.clock_steps = false;
  CrashWatcher watcher;
  perform(transcript_of(*any_play(may)), &watcher);
  if (!watcher.wrong().empty()) RC_LOG() << watcher.wrong();
  RC_ASSERT(watcher.wrong().empty());
}

// While the disk works, compares the state with the journal.
class LedgerWatcher final : public CrashWatcher {
 public:
  void loaded(const std::optional<State>& state, bool /*whole*/, Moment /*now*/) override {
    check_order();
    require(same_saved(state.value_or(State{}), saved()), "not what was saved last");
    resumes_ = saved().in_flight;
  }
  void captured(const TmuxCapture& /*capture*/, Moment /*began*/) override {
    check_order();
    require(!resumes_, "a switch in flight was not resumed");
  }

  void journalled(const sim::JournalEntry& entry) override {
    CrashWatcher::journalled(entry);
    check_order();
    const State state = saved();
    const auto& event = entry.event;
    const auto in_flight = state.in_flight ? state.in_flight->id : "";
    if (event.kind == EventKind::switch_ || event.kind == EventKind::switch_resumed) {
      require(in_flight == event.id, "a switch was journalled that is not in the saved state");
    }
    if (event.kind == EventKind::switch_done) {
      require(state.last_switch && state.last_switch->id == event.id, "an end was not saved");
    }
    if (event.kind == EventKind::switch_failed) {
      require(in_flight != event.id, "a failure was not saved");
    }
  }

  void hook_started(const SwitchRequest& request, Moment now) override {
    CrashWatcher::hook_started(request, now);
    check_order();
    require(saved().in_flight == request, "a hook starts for what is not in the saved state");
    if (resumes_ == request) resumes_.reset();
  }

 private:
  State saved() const {
    sim::MemoryStateStore store = stage().store();
    return store.load().value_or(State{});
  }

  // Between two switches in flight there must be none in flight, and a hook.
  void check_order() {
    const State state = saved();
    const std::string now = state.in_flight ? state.in_flight->id : "";
    if (now == in_flight_) return;
    require(in_flight_.empty() || now.empty(), "a switch in flight was replaced");
    require(in_flight_.empty() || has_started(in_flight_), "a switch was lost: no hook ran");
    in_flight_ = now;
  }

  std::string in_flight_;
  std::optional<SwitchRequest> resumes_;
};

// Over all plays: events that never occur would not be tested.
struct Tried {
  std::size_t plays = 0;
  std::size_t kills = 0;
};
Tried& tried() {
  static Tried all;
  return all;
}

RC_GTEST_PROP(MonitorCrashes, LoseNothingThatTheWorldWasTold, ()) {
  Happenings may;
  may.kills = true;
  LedgerWatcher watcher;
  perform(transcript_of(*any_play(may)), &watcher);
  ++tried().plays;
  tried().kills += watcher.kills();
  if (!watcher.wrong().empty()) RC_LOG() << watcher.wrong();
  RC_ASSERT(watcher.wrong().empty());
}

TEST(MonitorCrashes, HaveHappened) {
  if (tried().plays < 400) GTEST_SKIP() << "runs after many plays only";
  EXPECT_GT(tried().kills, 200U);
}

}  // namespace
}  // namespace quotawatch::tests
