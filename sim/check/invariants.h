// What must hold of every journal, whatever happened: the invariants of docs/design.md,
// as far as a journal alone can tell.
//
// For journals without their run; replay and simulation, which see more, have RunChecker.
#pragma once

#include <vector>

#include "sim/check/violation.h"
#include "sim/harness/memory_journal.h"
#include "transcript/transcript.h"

namespace quotawatch::sim {

// Of one transcript's run, in order of time.
std::vector<Violation> check_invariants(const Transcript& transcript,
                                        const std::vector<JournalEntry>& journal);

}  // namespace quotawatch::sim
