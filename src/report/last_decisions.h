// The last decisions of a journal, as lines of the log, kept up to date.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

#include "quotawatch/zone.h"
#include "report/journal_log.h"
#include "report/journal_source.h"

namespace quotawatch {

class LastDecisions {
 public:
  // `journal`: a path; empty: there is none.
  LastDecisions(const std::string& journal, Zone zone);

  // Takes what was added since. The last line is the newest.
  std::vector<std::string> read();

 private:
  void take(std::string_view line);

  JournalTail tail_;
  JournalLog log_;
  std::deque<std::string> lines_;
};

}  // namespace quotawatch
