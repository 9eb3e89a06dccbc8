// A page for a browser that shows why: lanes over time, every decision with its reasons,
// and the screens on which it was taken.
//
// Written by `replay --html`. The page is one file, loads nothing, and forbids itself to;
// what came from a pane stands in it as data, never as markup.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/check/violation.h"
#include "sim/harness/memory_journal.h"
#include "transcript/transcript.h"

namespace quotawatch {

// One run on a page. What it refers to must outlive the call.
struct PageRun {
  std::string title;
  const Transcript& transcript;
  const std::vector<sim::JournalEntry>& journal;
  const std::vector<sim::Violation>& violations;
  bool passed = true;
  std::string report;  // what did not hold, as text; empty if all did
};

// One page, with a list of its runs at the top if there are several.
std::string html_page(const std::vector<PageRun>& runs, std::string_view title);

std::string html_page(const Transcript& transcript, const std::vector<sim::JournalEntry>& journal,
                      const std::vector<sim::Violation>& violations, std::string_view title);

}  // namespace quotawatch
