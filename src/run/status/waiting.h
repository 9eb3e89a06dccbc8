// What a session waits for, in words, for `status`.
//
// Called by report_run() and report_saved() for each session.
#pragma once

#include <optional>
#include <string>

#include "quotawatch/config.h"
#include "quotawatch/evidence.h"
#include "quotawatch/monitor.h"
#include "quotawatch/state.h"

namespace quotawatch {

struct Waiting {
  std::string what = {};               // empty: for nothing
  std::optional<WallTime> since = {};  // empty: not known
};

// `seen`: null without a monitor. `counted`: by the last poll, if there was one.
Waiting waiting_of(const Config& config, const State& state, const std::string& session,
                   const MonitorView::Session* seen, const std::optional<HitCounts>& counted, WallTime now);

// "pool 1 of 2, dedicated 0 of 1": the sessions that show a hit, and how many it takes.
std::string evidence_text(const Config& config, const HitCounts& counted);

}  // namespace quotawatch
