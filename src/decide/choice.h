// Which account a switch goes to (rule A7). For step() only.
#pragma once

#include <optional>
#include <string>

#include "quotawatch/evidence.h"
#include "quotawatch/state.h"
#include "quotawatch/time.h"

namespace quotawatch {

// The account other than the active one, not limited now, that was never or longest
// ago active, then first in the config. Nothing if every other account is limited.
std::optional<std::string> choose_account(const DecisionRules& rules, const State& state,
                                          WallTime now);

// When the first account that a switch could go to is free again; the active one's
// own instant if there is no other.
WallTime earliest_free(const DecisionRules& rules, const State& state);

}  // namespace quotawatch
