// Which of the mutants (src/base/mutant.h) is switched on: none, or one at a time.
#pragma once

#include <string_view>

namespace quotawatch::canaries {

// Switches it on and the one before off. At the start it is the one that the environment variable
// QUOTAWATCH_MUTANT names, if any.
void switch_on(std::string_view mutant);
void switch_off();

}  // namespace quotawatch::canaries
