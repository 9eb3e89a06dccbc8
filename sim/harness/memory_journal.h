// A journal that keeps its events, each with the moment it was written.
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

  // What is written from now on comes from a monitor started anew.
  void begin_run() { ++run_; }

  const std::vector<JournalEntry>& entries() const { return entries_; }

  // All of them, for good.
  std::vector<JournalEntry> take() { return std::move(entries_); }

 private:
  const VirtualClock& clock_;
  std::size_t run_ = 0;
  std::vector<JournalEntry> entries_;
};

}  // namespace quotawatch::sim
