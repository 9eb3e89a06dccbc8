// Which account each session's program runs on (rule A8). For src/decide only.
#pragma once

#include <string>
#include <vector>

#include "quotawatch/evidence.h"
#include "quotawatch/state.h"
#include "quotawatch/time.h"

namespace quotawatch {

// Notes the programs that were started or have ended since the last poll.
void update_programs(const DecisionRules& rules, State& state, const std::vector<Observation>& observations);

// `to` is the active account instead of `from`, since then.
void note_activation(const DecisionRules& rules, State& state, const std::string& from, const std::string& to,
                     WallTime since);

// The latest activation did not happen: what was started since then runs on its `from` (A9).
void undo_activation(State& state);

}  // namespace quotawatch
