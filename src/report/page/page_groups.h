// The runs of a page, one for each group of their configs: lanes are of one group.
//
// Used by html_page().
#pragma once

#include <list>
#include <vector>

#include "report/page/html_page.h"

namespace quotawatch {

// What of a run is of one group.
struct GroupPart {
  Transcript transcript;
  std::vector<sim::JournalEntry> journal;
};

// A run without groups stays as it is; of others each group's part is kept in `parts`, to which the runs refer.
std::vector<PageRun> one_run_a_group(const std::vector<PageRun>& runs, std::list<GroupPart>& parts);

}  // namespace quotawatch
