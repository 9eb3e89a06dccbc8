// What must hold of every journal, whatever happened: the invariants of CONTRIBUTING.md,
// stated again without a line of the decision code.
//
// Checked after every replay; a violation is a bug of quotawatch, not of the
// transcript.
#pragma once

#include <string>
#include <vector>

#include "sim/memory_journal.h"
#include "sim/transcript.h"

namespace quotawatch::sim {

struct Violation {
  std::string invariant;  // its name, such as "cooldown"
  Milliseconds offset{0};
  std::string what;
};

// Of one transcript's run, in order of time.
std::vector<Violation> check_invariants(const Transcript& transcript,
                                        const std::vector<JournalEntry>& journal);

}  // namespace quotawatch::sim
