// Checks that a recording, when replayed, makes the decisions of the recorded run.
//
// Used by `record --from-run` and by tests, on the output of write_recording().
#pragma once

#include <functional>
#include <string>

#include "quotawatch/judge.h"
#include "record/recording.h"
#include "sim/replay/replay.h"
#include "transcript/transcript.h"

namespace quotawatch::sim {

struct WrittenRecording {
  Transcript transcript;
  // It begins while the monitor waited for an account, which the replay has to find out again.
  bool waiting = false;
};

struct SettledRecording {
  Transcript transcript;
  ReplayResult result;  // of replaying it
  bool same = false;    // it passes
  bool waiting = false;
  RecordedTimes times = RecordedTimes::on_grid;
};

// Prefers times on the poll grid, if the decisions stay the same; else keeps exact times. The start of
// a relative time ("in 5 minutes") may differ by as much as polls were late. Throws InputError if a
// pack cannot be used.
SettledRecording settle_recording(const std::function<WrittenRecording(RecordedTimes)>& write, JudgeCache& judges);

}  // namespace quotawatch::sim
