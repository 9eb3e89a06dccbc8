// A run as lanes over time: what was true, what was judged, what the monitor was at.
//
// Pure functions from a transcript and its journal to spans and marks; called by
// html_page(), which writes them into the page that draws them. A span is half-open, as
// the rules' intervals are, and ends at the run's end where nothing ended it before.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/time.h"
#include "sim/check/violation.h"
#include "sim/harness/memory_journal.h"
#include "transcript/transcript.h"

namespace quotawatch {

// Kinds are words the page knows: see its legend in page/kinds.js.
struct LaneSpan {
  Milliseconds from{0};
  Milliseconds to{0};
  std::string kind;
  std::string text;  // what more there is to say, for people
  bool operator==(const LaneSpan&) const = default;
};

struct LaneMark {
  Milliseconds at{0};
  std::string kind;
  std::string text;
  bool operator==(const LaneMark&) const = default;
};

struct LaneRow {
  std::string name;
  std::vector<LaneSpan> spans;
  std::vector<LaneMark> marks;
};

struct Lane {
  std::string name;
  std::string kind;  // "monitor", "faults", "accounts" or "session"
  std::vector<LaneRow> rows;
};

// One run of the monitor, from its start until it was killed or the transcript ended.
struct MonitorRun {
  Milliseconds from{0};
  Milliseconds to{0};
  bool crashed = false;  // else it was restarted, or is the last
};

// All of them, in order; entry.run counts into it. A crash leaves no line of its own: it is
// put at the last moment at which the run was seen to live.
std::vector<MonitorRun> monitor_runs(const Transcript& transcript,
                                     const std::vector<sim::JournalEntry>& journal);

// What the lanes are made from.
struct LaneSource {
  const Transcript& transcript;
  const std::vector<sim::JournalEntry>& journal;
  const std::vector<sim::Violation>& violations;
  std::vector<MonitorRun> runs;
};

Lane monitor_lane(const LaneSource& source);
Lane faults_lane(const LaneSource& source);
Lane accounts_lane(const LaneSource& source);

// One for each session watched, the pool first.
std::vector<Lane> session_lanes(const LaneSource& source);

// All of these, in that order.
std::vector<Lane> make_lanes(const Transcript& transcript,
                             const std::vector<sim::JournalEntry>& journal,
                             const std::vector<sim::Violation>& violations);

// Adds a span, unless it is empty; one that goes on where the last ended is joined to it.
void add_span(std::vector<LaneSpan>& spans, LaneSpan span);

// One row's spans while they are made: at most one is open, and the next ends it.
class OpenSpan {
 public:
  explicit OpenSpan(std::vector<LaneSpan>& spans) : spans_(spans) {}

  void open(Milliseconds at, std::string_view kind, std::string text,
            Milliseconds planned_end = Milliseconds::max());
  // At its planned end, if that comes first. Nothing happens if none is open.
  void close(Milliseconds at);
  // The same, if it is of this kind.
  void close(Milliseconds at, std::string_view kind);
  bool is_open(std::string_view kind) const { return open_ && open_->kind == kind; }

 private:
  std::vector<LaneSpan>& spans_;
  std::optional<LaneSpan> open_;
};

}  // namespace quotawatch
