// Limits that are near: what screens and records say of them. For src/decide only.
#pragma once

#include <vector>

#include "quotawatch/evidence.h"

namespace quotawatch {

// Of one session, at this poll. What a record says of a window is exact, so it goes before a screen's word on that.
void find_nearing(const DecisionRules& rules, const State& state, const Observation& observation, Moment now,
                  std::vector<Nearing>& near);

}  // namespace quotawatch
