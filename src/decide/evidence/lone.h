// The single hit of an otherwise idle pool (rule A10). For fold() only.
#pragma once

#include <vector>

#include "quotawatch/evidence.h"
#include "quotawatch/state.h"

namespace quotawatch {

// A session that was seen at this poll; `is_new`: with another limit message than before.
void note_activity(State::Run::Look& look, const Observation& observation, bool is_new, Moment now);

// What a session shows when it is back is activity.
void forget_activity_of_gone(State& state, const std::vector<Observation>& observations);

// Marks the hits that have stood long enough while no other session of the pool went on.
void find_lone(const DecisionRules& rules, const State& state, const std::vector<Observation>& observations, Moment now,
               Evidence& evidence);

}  // namespace quotawatch
