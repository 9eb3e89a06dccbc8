// The decision: what to do about the evidence of a poll.
//
// Pure functions over values, called by Monitor: (State, Evidence, now) gives the next State and a
// Decision. The rules and amendments named in src/decide are those of docs/design.md.
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

// The hits of a poll, per group that has a threshold (rule 3).
struct HitCounts {
  int pool = 0;
  int interactive = 0;
  bool pool_fresh = false;  // at least one of them is (A3)
  bool interactive_fresh = false;
  bool lone = false;  // a single hit blocks the idle pool (A10)

  bool operator==(const HitCounts&) const = default;
};

// What an event says of a limit that is near.
void add_near(Event& event, const Nearing& near);

struct Decision {
  std::vector<Event> events;  // in order
  std::optional<SwitchRequest> request;
  // A poll out of turn should follow: another host has switched, or another account must be chosen.
  bool look_again = false;
  HitCounts counted;  // set by step(), even if nothing may be decided
};

// The state for the first poll of a run: the saved one, or else a new one with `active_account`. A
// cooldown continues, measured by the wall time that has passed (A6).
State start_state(std::optional<State> saved, const std::string& active_account, Moment now);

// One poll.
std::pair<State, Decision> step(const DecisionRules& rules, State state, const Evidence& evidence, Moment now);

// The end of the switch in flight (A1). Reports with any other id are ignored.
std::pair<State, Decision> end_switch(const DecisionRules& rules, State state, const SwitchReport& report, Moment now);

// A start that finds a switch in flight requests it again (A1).
Decision resume_switch(const State& state, Moment now);

}  // namespace quotawatch
