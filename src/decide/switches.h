// Shared by automatic and manual switches. For src/decide only.
#pragma once

#include <string>

#include "quotawatch/config.h"
#include "quotawatch/evidence.h"
#include "quotawatch/state.h"
#include "quotawatch/time.h"

namespace quotawatch {

// For the latest switch counted in `switches_asked`. Unique even if the state is lost, because
// hooks distinguish requests by it.
std::string make_switch_id(const State& state, Moment now);

// Makes the account the active one, and the one most recently used.
void activate(State& state, const std::string& account);

// Records that the sessions use another account from now on. The caller sets each session's
// `shown_at_switch` (A3). `since`: see Activation.
void note_done(const DecisionRules& rules, State& state, DoneSwitch done, WallTime since, Moment now);

// Nothing is decided for 1, 2, 4 … intervals, at most the cooldown (A1). Returns until when.
WallTime begin_backoff(const QuotaRules& quota, State& state, Moment now);

}  // namespace quotawatch
