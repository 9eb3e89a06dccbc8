// Writes what a flight recorder kept as a transcript.
//
// Called in the monitor that recorded, so that nothing unredacted leaves it. `record --from-run` then
// checks that the transcript replays to the same decisions (sim/replay/settled_recording.h).
#pragma once

#include <string>

#include "quotawatch/judge.h"
#include "record/flight_recorder.h"
#include "record/redaction.h"
#include "transcript/transcript.h"

namespace quotawatch {

// A config on one line, for the header of a recording: everything that affects decisions, and nothing
// about the host.
std::string recorded_config(const Config& config);

enum class RecordedTimes {
  on_grid,  // slightly late polls are on time, and drifting clocks do not drift: for readers
  exact,    // a late poll is a stall
};

// What the run decided becomes the expectations. Without a redactor, the names of accounts stay too.
// `judges` must be the run's: they find the banners in redacted screens that the state remembers.
Transcript write_recording(const RecordedRun& run, JudgeCache& judges, Redactor* redactor, RecordedTimes times);

}  // namespace quotawatch
