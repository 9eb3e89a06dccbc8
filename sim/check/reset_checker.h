// Whether the ends of limits are told: each once, to whom it concerns, before the next
// poll looks.
//
// Part of RunChecker, for every replayed and simulated run. It knows what the journal said
// of each session, and which sessions a poll did not find.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "quotawatch/config.h"
#include "quotawatch/tmux.h"
#include "sim/check/violation.h"
#include "sim/harness/memory_journal.h"

namespace quotawatch::sim {

class ResetChecker {
 public:
  explicit ResetChecker(const Config& config);

  // A poll that began then has the panes.
  void captured(const std::vector<PaneCapture>& panes, Moment began);
  void take(const JournalEntry& entry);
  // What an earlier run knew, this one does not.
  void begin_run();

  std::vector<Violation>& violations() { return violations_; }

 private:
  void take_verdict(const Event& event);
  void take_reset(const JournalEntry& entry);
  void find_next();
  void violate(Milliseconds at, const std::string& what);

  std::vector<std::string> names_;  // in the order of the captures
  std::map<std::string, WallTime> due_;
  WallTime next_ = WallTime::max();
  std::set<std::pair<std::string, WallTime>> told_;
  std::optional<std::pair<Milliseconds, WallTime>> last_;  // when, and of which moment
  std::vector<Violation> violations_;
};

}  // namespace quotawatch::sim
