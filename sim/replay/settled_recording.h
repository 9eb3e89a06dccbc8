// Whether what was recorded of a run replays to what that run decided.
//
// Used by `record --from-run` and by tests, on what write_recording() made.
#pragma once

#include <string>

#include "quotawatch/judge.h"
#include "sim/replay/replay.h"
#include "transcript/transcript.h"

namespace quotawatch::sim {

struct SettledRecording {
  Transcript transcript;
  ReplayResult result;  // of that
  bool same = false;    // it passes
  bool smooth = true;   // polls are on time; else each is as late as it was
};

// With times that people read, if it decides the same so; else to the millisecond.
// Instants that a screen's "in 5 minutes" was counted from may differ by what the polls
// were late. `waiting`: it begins while the monitor waited for an account, which a replay
// has to find out again. Throws InputError if a pack cannot be used.
SettledRecording settle_recording(const Transcript& exact, bool waiting, JudgeCache& judges);

}  // namespace quotawatch::sim
