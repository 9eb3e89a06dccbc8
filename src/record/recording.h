// What a flight recorder kept, as a transcript; and the same with times that people read.
//
// write_recording() is called in the monitor that recorded, which alone may see what was
// taken out of it; settle_recording() (settled_recording.h) by whoever asked for it.
#pragma once

#include <string>

#include "quotawatch/judge.h"
#include "record/flight_recorder.h"
#include "record/redaction.h"
#include "transcript/transcript.h"

namespace quotawatch {

// The config of a recording, on one line: what decides, and nothing of the host.
std::string recorded_config(const Config& config);

// Every moment to the millisecond: a poll that came late is a stall, and what was decided
// is what is expected. Without a redactor names of accounts stay, too. The judges are those of the
// run: what the state says of a screen is said of the redacted one.
Transcript write_recording(const RecordedRun& run, JudgeCache& judges, Redactor* redactor);

// Polls that were a little late come on time, and clocks that drift a little do not.
Transcript smooth_recording(const Transcript& exact);

}  // namespace quotawatch
