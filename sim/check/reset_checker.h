// Checks that the end of each limit is reported once, for the right sessions, before the next poll
// captures.
//
// Part of RunChecker, for every replayed and simulated run. Uses the journalled verdicts, and which
// sessions a poll did not find.
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

  // A poll that began at `began` has captured the panes.
  void captured(const TmuxCapture& capture, Moment began);
  void take(const JournalEntry& entry);
  // A new run knows nothing of the earlier one.
  void begin_run();

  std::vector<Violation>& violations() { return violations_; }

 private:
  bool is_there(const std::string& session, const TmuxCapture& capture) const;
  void forget_other_names(const std::string& session);
  void take_verdict(const Event& event);
  void take_reset(const JournalEntry& entry);
  void find_next();
  void violate(Milliseconds at, const std::string& what);

  std::vector<std::string> names_;  // in the order of the captures
  std::map<std::string, WallTime> due_;
  WallTime next_ = WallTime::max();
  std::set<std::pair<std::string, WallTime>> reported_;
  // when it was journalled, and the end it reported
  std::optional<std::pair<Milliseconds, WallTime>> last_;
  std::vector<Violation> violations_;
};

}  // namespace quotawatch::sim
