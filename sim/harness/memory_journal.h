// A journal in memory, with the time of each event.
#pragma once

#include <cassert>
#include <utility>
#include <vector>

#include "quotawatch/journal.h"
#include "sim/harness/virtual_clock.h"

namespace quotawatch::sim {

struct JournalEntry {
  Milliseconds offset;  // since the start of the transcript
  std::size_t run;      // how many restarts came before it
  Event event;
};

class MemoryJournal final : public Journal {
 public:
  explicit MemoryJournal(const VirtualClock& clock) : clock_(clock) {}

  void write(const Event& event) override {
    assert(entries_.empty() || entries_.back().offset <= clock_.elapsed());
    entries_.push_back({clock_.elapsed(), run_, event});
  }

  // The monitor was restarted.
  void begin_run() { ++run_; }

  const std::vector<JournalEntry>& entries() const { return entries_; }

  std::vector<JournalEntry> take() { return std::move(entries_); }

 private:
  const VirtualClock& clock_;
  std::size_t run_ = 0;
  std::vector<JournalEntry> entries_;
};

}  // namespace quotawatch::sim
