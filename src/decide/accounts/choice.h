// Chooses the target account of a switch (rule A7). For step() only.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "quotawatch/evidence.h"
#include "quotawatch/state.h"
#include "quotawatch/time.h"

namespace quotawatch {

// The account other than the active one that is not limited now and was never or least recently
// active; then the first in the config. Empty if every other account is limited. `may`: which ones are
// considered at all; all if it is empty.
std::optional<std::string> choose_account(const DecisionRules& rules, const State& state, WallTime now,
                                          const std::function<bool(const std::string&)>& may = {});

// When the first target account becomes free; if there is no other account, when the active one
// does.
WallTime earliest_free(const DecisionRules& rules, const State& state);

}  // namespace quotawatch
