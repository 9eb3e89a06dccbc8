// Mutants: faults that the canaries (tests/canaries) switch on one at a time, to prove that the
// simulator's checkers find each of them.
//
// Decision code calls `mutant("its name")` where it would go wrong. In the product this is false at
// compile time, so neither a branch nor the name remains in the program.
#pragma once

#include <string_view>

namespace quotawatch {

#ifdef QUOTAWATCH_MUTANTS
bool mutant(std::string_view name);  // tests/canaries/mutant.cc
#else
consteval bool mutant(std::string_view /*name*/) { return false; }
#endif

}  // namespace quotawatch
