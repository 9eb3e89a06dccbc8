// Mutants: faults that the canaries (tests/canaries) switch on, one at a time. The simulator's
// checkers must find each, or they check nothing.
//
// The code that decides asks `mutant("its name")` where it would go wrong. In the product that is
// false when it is compiled, and neither a branch nor a name is left in the program.
#pragma once

#include <string_view>

namespace quotawatch {

#ifdef QUOTAWATCH_MUTANTS
bool mutant(std::string_view name);  // tests/canaries/mutant.cc
#else
consteval bool mutant(std::string_view /*name*/) { return false; }
#endif

}  // namespace quotawatch
