// Reports of a replay: a diff for people, JUnit for CI, JSON for programs.
#pragma once

#include <string>

#include "report/junit.h"
#include "sim/replay/replay.h"

namespace quotawatch {

struct ReplayCase {
  Transcript transcript;
  sim::ReplayResult result;
  Milliseconds took{0};  // to replay it
};

// Describes the failures of one case: for each mismatch the screen at that moment, the decision
// expected, the decision made, and why.
std::string report_failure(const ReplayCase& replayed, bool colour);

// Every journal event of the case, one readable line each.
std::string report_journal(const ReplayCase& replayed);

// Every journal event as a JSON line with `file` and `offset`.
std::string report_json(const ReplayCase& replayed);

JunitCase junit_case(const ReplayCase& replayed);

}  // namespace quotawatch
