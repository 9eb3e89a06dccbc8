// A switch that was done and did not take (rule A9). For src/decide only.
#pragma once

#include <vector>

#include "quotawatch/evidence.h"
#include "quotawatch/state.h"
#include "quotawatch/step.h"

namespace quotawatch {

// True while the last switch can still turn out not to have taken, and no session has gone on since.
bool awaits_proof(const State& state, WallTime now);

// A session goes on since the last switch: it took, whatever was thought of it.
void note_proof(const DecisionRules& rules, State& state, const std::vector<Observation>& observations, Moment now);

// True if hits of `account` that were charged to it count again, because the switch from it is to be
// requested once more.
bool counts_again(const State& state, const Hit& hit);

// The fresh hits by which the last switch did not take; empty if they do not say so.
std::vector<const Hit*> find_untaken(const State& state, const Evidence& evidence, Moment now);

// Reports it, charges the hits, and lets the request be made once more. Returns when that may be.
Event report_untaken(State& state, const std::vector<const Hit*>& hits, Moment now);

// Ends what is remembered of a switch that did not take once the limit of the account left has ended.
void forget_untaken(State& state, WallTime now);

}  // namespace quotawatch
