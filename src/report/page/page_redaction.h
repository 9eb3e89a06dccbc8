// Takes secrets and names out of a run before it is drawn: a page is made to be shown to others.
#pragma once

#include <vector>

#include "record/redaction.h"
#include "sim/harness/memory_journal.h"
#include "transcript/transcript.h"

namespace quotawatch {

void redact_run(Transcript& transcript, std::vector<sim::JournalEntry>& journal, Redactor& redactor);

}  // namespace quotawatch
