// The invariants of docs/design.md that can be checked with a journal alone.
//
// For journals without their run; replay and simulation use RunChecker, which sees more.
#pragma once

#include <vector>

#include "sim/check/violation.h"
#include "sim/harness/memory_journal.h"
#include "transcript/transcript.h"

namespace quotawatch::sim {

// Checks the journal of one transcript's run, ordered by time.
std::vector<Violation> check_invariants(const Transcript& transcript, const std::vector<JournalEntry>& journal);

}  // namespace quotawatch::sim
