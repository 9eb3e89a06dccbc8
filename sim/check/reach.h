// Which interesting paths a run took, and how often: a simulation that never comes to one
// says nothing about it.
//
// An observer of a Stage. `simulate` adds the marks of all seeds up and shows them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "sim/check/run_checker.h"
#include "sim/harness/stage.h"

namespace quotawatch::sim {

enum class Mark {
  named_reset,     // a switch on the first poll, for the screen names a reset
  confirmed,       // one that the next poll confirmed
  by_pool,         // of the pool's sessions
  by_interactive,  // of a dedicated one
  throttled,       // of a rejected request
  veto,            // a banner that a server error beside it vetoes
  expiry,          // a banner whose own reset has passed
  limit_ended,     // told at the moment of its reset
  account_freed,   // by the operator
  account_used,
  stale,              // a banner from before the last switch, reported
  late_banner,        // one of the account just left that came after the asking
  suspicion_cleared,  // nothing any more at the next poll
  suspicion_too_old,
  suspicion_kept,  // by a capture that failed
  cooldown,
  pending,
  backoff,
  hook_failed,
  hook_timed_out,
  switch_resumed,
  id_again,  // the hook of one switch ran twice
  all_accounts_out,
  account_free_again,
  unsaved,     // a switch that could not be saved, and so was not made
  fallback,    // the generation before was loaded
  state_lost,  // a start with nothing, though there had been something
  server_down,
  server_up,
  capture_failed,
  session_gone,
  half_drawn,  // a screen was captured while it was drawn
  unrecognised,
  crash_before_save,
  crash_after_save,
  crash_before_write,
  crash_after_write,
  crash_before_start,
  crash_after_start,
  crash_after_report,
};
inline constexpr std::size_t mark_count = static_cast<std::size_t>(Mark::crash_after_report) + 1;

std::string_view mark_name(Mark mark);

struct Reach {
  std::array<std::uint64_t, mark_count> times{};

  void add(Mark mark) { ++times[static_cast<std::size_t>(mark)]; }
  std::uint64_t operator[](Mark mark) const { return times[static_cast<std::size_t>(mark)]; }
  Reach& operator+=(const Reach& other);
};

class ReachCounter final : public StageObserver {
 public:
  // `checker` must be told of everything before this one is.
  explicit ReachCounter(const RunChecker& checker) : checker_(checker) {}

  void captured(const TmuxCapture& capture, Moment began) override;
  void told(const TellTruth& told, Moment now) override;
  void journalled(const JournalEntry& entry) override;
  void hook_started(const SwitchRequest& request, Moment now) override;
  void loaded(const std::optional<State>& state, bool whole, Moment now) override;
  void performed(const Action& action, Moment now) override;

  // After the run.
  Reach finish(const Stage& stage);

 private:
  void take_switch(const Event& event);
  void take_end(const Event& event);
  void take_verdict(const Event& event);
  void take_skip(const Event& event);

  const RunChecker& checker_;
  Reach reach_;
  std::map<std::string, Truth> truths_;
  std::size_t half_drawn_ = 0;  // sessions that are, now
  bool suspected_ = false;
  bool saw_less_ = false;  // at the last poll, and there was a suspicion
  bool all_out_ = false;
  bool had_state_ = false;
  std::set<std::string> ids_;
};

}  // namespace quotawatch::sim
