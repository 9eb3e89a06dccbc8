// How much of each account is used, and the switch before its limit: quota.switch_at. For src/decide only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "quotawatch/evidence.h"

namespace quotawatch {

// What a session shows and its record says of its account's use, at this poll. Sets `counts` of those in `near`.
void note_use(const DecisionRules& rules, State& state, const Observation& observation, Moment now,
              std::vector<Nearing>& near);

// The account was refused, and is not used by anybody until then.
void note_used_up(const DecisionRules& rules, State& state, const std::string& account, WallTime until, WallTime now);

// The account was left: not again before the wall for the windows that are nearly used up now.
void note_left(const DecisionRules& rules, State& state, const std::string& account);

// The account in use is as near to a limit as quota.switch_at says, and another one is known to be lower.
struct EarlySwitch {
  const Nearing* near = nullptr;
  std::string to;
};
std::optional<EarlySwitch> find_early_switch(const DecisionRules& rules, const State& state, const Evidence& evidence,
                                             WallTime now);

}  // namespace quotawatch
