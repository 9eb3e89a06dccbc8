// Plays a transcript through the monitor on virtual time, and checks what it says.
//
// Used by the `replay` command and by tests. The monitor is the production one;
// only its parts are fakes.
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

// Everything the monitor journalled, in order, before the eyes of these observers.
// Throws InputError if a pack it names cannot be used.
std::vector<JournalEntry> play(const Transcript& transcript, JudgeCache& judges,
                               std::vector<StageObserver*> observers = {});

// What does not fit between a transcript's expectations and a journal.
struct Mismatch {
  enum class Kind {
    missing,     // expected, and nothing of the kind happened
    different,   // expected, and happened with other fields
    unexpected,  // a decision that no expectation names
  };
  Kind kind = Kind::missing;
  const Expectation* expected = nullptr;  // null where unexpected
  const JournalEntry* got = nullptr;      // null where missing
};

// Checking is total: every decision needs its expectation and the other way round;
// observations are checked where written. In order of time.
std::vector<Mismatch> check(const Transcript& transcript, const std::vector<JournalEntry>& journal);

// What the monitor decided on at a poll, in its own numbers, for reports.
struct PollRecord {
  Milliseconds offset{0};
  Evidence evidence;
  HitCounts counted;
};

struct ReplayResult {
  std::vector<JournalEntry> journal;
  std::vector<PollRecord> polls;  // those at which it was not as at the poll before
  std::vector<Mismatch> mismatches;
  std::vector<Violation> violations;

  bool passed() const { return mismatches.empty() && violations.empty(); }
};

// Throws InputError if a pack of the transcript's cannot be used.
ReplayResult replay(const Transcript& transcript, JudgeCache& judges);

// A different expectation with the values it got: the same fields, now holding.
Expectation corrected(const Mismatch& mismatch);

// The transcript's text with expectations that hold: those that do stay as they
// stand, the others go, and one is added for each decision without.
std::string bless(const Transcript& transcript, const ReplayResult& result);

}  // namespace quotawatch::sim
