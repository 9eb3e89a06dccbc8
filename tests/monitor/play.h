// A run of the whole monitor as a value: its config and timed events.
//
// Generated and shrunk by RapidCheck, performed on a Stage with the production monitor, and printed as a
// transcript, so that a counterexample can be replayed.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "quotawatch/judge.h"
#include "sim/harness/memory_journal.h"
#include "sim/harness/stage.h"
#include "transcript/action.h"
#include "transcript/transcript.h"

namespace quotawatch::tests {

struct PlayStep {
  Milliseconds gap{0};     // since the last step, without its jitter
  Milliseconds jitter{0};  // of this step alone: the next ones are where they were
  Action action;
};

struct Play {
  std::string config;  // as a transcript's header has it
  std::vector<PlayStep> steps;
  Milliseconds tail{0};  // after the last step

  friend std::ostream& operator<<(std::ostream& out, const Play& play);
};

// As a text that `quotawatch replay` reads.
std::string print_play(const Play& play);

// The transcript without its text.
Transcript transcript_of(const Play& play);

// Adds an event after all others at its time.
void add_event(Transcript& transcript, Milliseconds offset, Action action);

// An observer with access to the stage.
class Watcher : public sim::StageObserver {
 public:
  void enter(sim::Stage& stage) { stage_ = &stage; }

 protected:
  sim::Stage& stage() const { return *stage_; }
  Moment now() const { return stage_->clock().now(); }

 private:
  sim::Stage* stage_ = nullptr;
};

// Ends early if the saved state is unreadable.
std::vector<sim::JournalEntry> perform(const Transcript& transcript, Watcher* watcher = nullptr,
                                       sim::StageObserver* other = nullptr);

// Packs are compiled once for all plays.
JudgeCache& judges();

// One line per entry, with all fields.
std::string journal_text(const std::vector<sim::JournalEntry>& journal);

}  // namespace quotawatch::tests
