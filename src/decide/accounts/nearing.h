// Limits that are near: what screens and records say of them. For src/decide only.
#pragma once

#include <vector>

#include "quotawatch/evidence.h"

namespace quotawatch {

// How much longer than its window a limit may seem to last before its time must refer to yesterday: banners round, and
// a screen may be seen late.
constexpr Milliseconds window_slack = std::chrono::minutes{30};

// Of one session, at this poll. What a record says of a window is exact, so it goes before a screen's word on that.
void find_nearing(const DecisionRules& rules, const State& state, const Observation& observation, Moment now,
                  std::vector<Nearing>& near);

}  // namespace quotawatch
