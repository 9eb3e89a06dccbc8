// check_lives FOLDER: checks the results of a soak, stored in a folder, with the simulator's
// checker.
//
// Prints each violation and a summary. Exit code 0: none; 3: an invariant broke; 2: bad input.
#include <fmt/format.h>

#include <cstdio>
#include <exception>

#include "base/text.h"
#include "quotawatch/duration.h"
#include "tests/soak/lives.h"

namespace {

int check(const char* folder) {
  using namespace quotawatch;
  const auto soak = soak::read_soak(folder);
  const auto report = soak::check_lives(soak);
  for (const auto& violation : report.violations) {
    fmt::print("violation: {} @{}: {}\n", violation.invariant, format_offset(violation.offset),
               escape_controls(violation.what));
  }
  fmt::print(
      "{} lives, {} lines of journal ({} torn by kills), {} switches asked for, {} resumed, the "
      "hook started {} times, {} attempts to have sessions go on; {} violations\n",
      soak.lives.size(), report.lines, report.torn_lines, report.switches, report.resumed, report.hooks, report.asked,
      report.violations.size());
  return report.violations.empty() ? 0 : 3;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    fmt::print(stderr, "usage: check_lives FOLDER\n");
    return 2;
  }
  try {
    return check(arguments[1]);
  } catch (const std::exception& error) {
    fmt::print(stderr, "check_lives: {}\n", error.what());
    return 2;
  }
}
