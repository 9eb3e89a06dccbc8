// The decision: what to do about this poll's evidence.
//
// Pure functions over values, called by Monitor: (State, Evidence, now) gives the
// next State and a Decision. The rules and amendments named in
// src/decide are those of docs/design.md.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "quotawatch/config.h"
#include "quotawatch/event.h"
#include "quotawatch/evidence.h"
#include "quotawatch/state.h"
#include "quotawatch/switcher.h"

namespace quotawatch {

// This poll's hits, counted against the thresholds (rule 3).
struct HitCounts {
  int pool = 0;
  int interactive = 0;
  bool pool_fresh = false;  // one of them is (A3)
  bool interactive_fresh = false;

  bool operator==(const HitCounts&) const = default;
};

struct Decision {
  std::vector<Event> events;  // in order
  std::optional<SwitchRequest> request;
  HitCounts counted;  // by step(), also where nothing may be decided
};

// A state for the first poll of a run: what was saved, or else a new one with
// `active_account`. Cooldown counts on from the wall time that has passed (A6).
State start_state(std::optional<State> saved, const std::string& active_account, Moment now);

// One poll.
std::pair<State, Decision> step(const DecisionRules& rules, State state, const Evidence& evidence,
                                Moment now);

// The end of the switch in flight (A1). A report of any other id changes nothing.
std::pair<State, Decision> end_switch(const DecisionRules& rules, State state,
                                      const SwitchReport& report, Moment now);

// A start that finds a switch in flight asks for it again (A1).
Decision resume_switch(const State& state, Moment now);

}  // namespace quotawatch
