#include "sim/check/invariants.h"

#include <utility>

#include "sim/check/journal_checker.h"

namespace quotawatch::sim {

std::vector<Violation> check_invariants(const Transcript& transcript, const std::vector<JournalEntry>& journal) {
  JournalChecker checker(transcript.config);
  for (const auto& entry : journal) checker.take(entry);
  return std::move(checker.violations());
}

}  // namespace quotawatch::sim
