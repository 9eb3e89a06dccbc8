// A session of a transcript as a recording that asciinema plays. For `replay --asciinema`.
#pragma once

#include <string>
#include <vector>

#include "sim/harness/memory_journal.h"
#include "transcript/transcript.h"

namespace quotawatch {

// `session`: empty for the first one that shows something. Decisions become markers. Throws InputError if the
// transcript has no such session.
std::string cast_of(const Transcript& transcript, const std::vector<sim::JournalEntry>& journal, std::string session);

}  // namespace quotawatch
