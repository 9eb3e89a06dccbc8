// The screens shown at decisions: the only screens a page contains.
//
// Called by html_page(). Screens of the sessions that a decision is about come first; when the room
// is used up, those of other sessions are left out, and the page says so.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "quotawatch/time.h"
#include "report/page/page_texts.h"
#include "sim/harness/memory_journal.h"
#include "transcript/transcript.h"

namespace quotawatch {

struct PageScreens {
  // [columns, rows, index of a text for each row]
  std::vector<std::vector<std::size_t>> screens;
  // For each moment: [index of the session's lane, index of its screen or -1 if left out].
  std::vector<std::vector<std::pair<std::size_t, int>>> at;
};

// The screens at these moments, which must be ordered; `room` is in bytes of new texts.
PageScreens collect_screens(const Transcript& transcript, const std::vector<sim::JournalEntry>& journal,
                            const std::vector<Milliseconds>& moments, PageTexts& texts, std::size_t room);

}  // namespace quotawatch
