// Selects the active mutant (src/base/mutant.h), at most one at a time.
#pragma once

#include <string_view>

namespace quotawatch::canaries {

// Switches this mutant on and the previous one off. At the start, the environment variable
// QUOTAWATCH_MUTANT selects one.
void switch_on(std::string_view mutant);
void switch_off();

}  // namespace quotawatch::canaries
