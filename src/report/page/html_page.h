// An HTML page that shows why: lanes over time, every decision with its reasons, and the screens it
// was based on.
//
// Written by `replay --html`. The page is one file and loads nothing (enforced by its content
// security policy). Text from a pane is embedded as data, never as markup.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/check/violation.h"
#include "sim/harness/memory_journal.h"
#include "transcript/transcript.h"

namespace quotawatch {

// A host that shares its accounts with that of the run. The objects it refers to must outlive the call.
struct PageHost {
  std::string name;
  const Transcript& transcript;
  const std::vector<sim::JournalEntry>& journal;
};

// One run on a page. The objects it refers to must outlive the call.
struct PageRun {
  std::string title;
  const Transcript& transcript;
  const std::vector<sim::JournalEntry>& journal;
  const std::vector<sim::Violation>& violations;
  bool passed = true;
  std::string report = {};  // the mismatches, as text; empty if there are none
  std::vector<PageHost> other_hosts = {};
};

// One page; with a list of its runs at the top if there are several.
std::string html_page(const std::vector<PageRun>& runs, std::string_view title);

std::string html_page(const Transcript& transcript, const std::vector<sim::JournalEntry>& journal,
                      const std::vector<sim::Violation>& violations, std::string_view title);

}  // namespace quotawatch
