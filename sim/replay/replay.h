// Plays a transcript through the monitor on virtual time and checks its journal.
//
// Used by the `replay` command and by tests. The monitor is the production one; only its seams are
// fakes.
#pragma once

#include <string>
#include <vector>

#include "quotawatch/evidence.h"
#include "quotawatch/judge.h"
#include "quotawatch/step.h"
#include "sim/check/violation.h"
#include "sim/harness/memory_journal.h"
#include "sim/harness/stage.h"
#include "transcript/expectation.h"
#include "transcript/transcript.h"

namespace quotawatch::sim {

// Plays the transcript with these observers and returns the monitor's journal. Throws InputError if
// a pack of the transcript cannot be used.
std::vector<JournalEntry> play(const Transcript& transcript, JudgeCache& judges,
                               std::vector<StageObserver*> observers = {});

// A difference between a transcript's expectations and a journal.
struct Mismatch {
  enum class Kind {
    missing,     // expected, and nothing of the kind happened
    different,   // expected, and happened with other fields
    unexpected,  // a decision without an expectation
  };
  Kind kind = Kind::missing;
  const Expectation* expected = nullptr;  // null if unexpected
  const JournalEntry* got = nullptr;      // null if missing
};

// Every decision needs an expectation, and every expectation a decision; observations are checked
// only if the transcript expects them. Ordered by time.
std::vector<Mismatch> check(const Transcript& transcript, const std::vector<JournalEntry>& journal);

// The evidence of one poll, for reports.
struct PollRecord {
  Milliseconds offset{0};
  Evidence evidence;
  HitCounts counted;
};

struct ReplayResult {
  std::vector<JournalEntry> journal;
  std::vector<PollRecord> polls;  // those whose evidence differs from the previous poll's
  std::vector<Mismatch> mismatches;
  std::vector<Violation> violations;

  bool passed() const { return mismatches.empty() && violations.empty(); }
};

// Throws InputError if a pack of the transcript cannot be used.
ReplayResult replay(const Transcript& transcript, JudgeCache& judges);

// For a `different` mismatch: the expectation with the same fields and their actual values.
Expectation corrected(const Mismatch& mismatch);

// The transcript's text with correct expectations: those that hold are kept, others are removed,
// and one is added for each decision without.
std::string bless(const Transcript& transcript, const ReplayResult& result);

}  // namespace quotawatch::sim
