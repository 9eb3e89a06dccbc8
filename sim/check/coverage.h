// Coverage marks: which interesting paths a run took, and how often. A simulation that never takes
// a path says nothing about it.
//
// CoverageCounter is an observer of a Stage. `simulate` adds up the marks of all seeds and prints
// them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "sim/check/run_checker.h"
#include "sim/harness/stage.h"

namespace quotawatch::sim {

enum class Mark {
  named_reset,     // a switch at the first poll, because the screen names a reset
  confirmed,       // a switch confirmed by the next poll
  by_pool,         // for the sessions of the pool
  by_interactive,  // for a dedicated session
  throttled,       // for a rejected request
  veto,            // a banner vetoed by a server error below it
  expiry,          // a banner whose own reset has passed
  limit_ended,     // reported at the time of its reset
  account_freed,   // by the operator
  account_used,
  charged,            // a limit of another account than the active one (A8)
  lone,               // a switch for a single session of an idle pool (A10)
  untaken,            // a switch that did not take (A9), reported
  untaken_again,      // requested once more
  given_up,           // it did not take either
  stale,              // a banner from before the last switch, reported
  late_banner,        // a banner of the account just left that appeared after the request
  suspicion_cleared,  // no hit any more at the next poll
  suspicion_too_old,
  suspicion_kept,  // across a failed capture
  cooldown,
  pending,
  backoff,
  hook_failed,
  hook_timed_out,
  switch_resumed,
  id_again,  // the hook of one switch ran twice
  all_accounts_out,
  account_free_again,
  unsaved,     // a switch that could not be saved and so was not started
  fallback,    // the previous generation was loaded
  state_lost,  // a start without a state, though there had been one
  server_down,
  server_up,
  capture_failed,
  session_gone,
  half_drawn,  // a screen was captured while it was drawn
  unrecognised,
  resumed,        // a session that was asked to go on, and did
  resume_held,    // something stood in the way
  resume_failed,  // asked in vain
  witnessed,      // a refusal that the program's record alone names (W1)
  disputed,       // a banner that the record denies (W2)
  near_limit,     // a limit that is near, reported
  early,          // a switch before the wall
  found,          // a session that is named by pattern
  lost,
  crash_before_save,
  crash_after_save,
  crash_before_write,
  crash_after_write,
  crash_before_start,
  crash_after_start,
  crash_before_type,
  crash_after_type,
  crash_after_report,
};
inline constexpr std::size_t mark_count = static_cast<std::size_t>(Mark::crash_after_report) + 1;

std::string_view mark_name(Mark mark);
std::optional<Mark> find_mark(std::string_view name);

struct Coverage {
  std::array<std::uint64_t, mark_count> times{};

  void add(Mark mark) { ++times[static_cast<std::size_t>(mark)]; }
  std::uint64_t operator[](Mark mark) const { return times[static_cast<std::size_t>(mark)]; }
  Coverage& operator+=(const Coverage& other);
};

class CoverageCounter final : public StageObserver {
 public:
  // `checker` must be notified before this observer.
  explicit CoverageCounter(const RunChecker& checker) : checker_(checker) {}

  void captured(const TmuxCapture& capture, Moment began) override;
  void truth_set(const SetTruth& set, Moment now) override;
  void journalled(const JournalEntry& entry) override;
  void hook_started(const SwitchRequest& request, Moment now) override;
  void loaded(const std::optional<State>& state, bool whole, Moment now) override;
  void performed(const Action& action, Moment now) override;

  // To be called after the run.
  Coverage finish(const Stage& stage);

 private:
  void take_switch(const Event& event);
  void take_end(const Event& event);
  void take_verdict(const Event& event);
  void take_skip(const Event& event);

  const RunChecker& checker_;
  Coverage coverage_;
  std::map<std::string, Truth> truths_;
  std::size_t half_drawn_ = 0;  // sessions that are half-drawn now
  bool suspected_ = false;
  bool saw_less_ = false;  // the last poll missed sessions while there was a suspicion
  bool all_out_ = false;
  bool had_state_ = false;
  std::set<std::string> ids_;
};

}  // namespace quotawatch::sim
