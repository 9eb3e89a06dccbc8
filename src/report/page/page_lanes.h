// A run as lanes over time: the truth, the verdicts, and the monitor's activity.
//
// Pure functions from a transcript and its journal to spans and marks; called by html_page(). A
// span is half-open, like the intervals of the rules, and ends at the run's end unless something
// ended it before.
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

// A kind is one of the page's words: see page/kinds.js.
struct LaneSpan {
  Milliseconds from{0};
  Milliseconds to{0};
  std::string kind;
  std::string text;  // details, for people
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
  bool crashed = false;  // else it was restarted, or is the last run
};

// All runs, in order; entry.run is an index into the result. A crash leaves no line in the journal,
// so it is placed at the last moment at which the run was known to be alive.
std::vector<MonitorRun> monitor_runs(const Transcript& transcript, const std::vector<sim::JournalEntry>& journal);

// The input of the lanes.
struct LaneSource {
  const Transcript& transcript;
  const std::vector<sim::JournalEntry>& journal;
  const std::vector<sim::Violation>& violations;
  std::vector<MonitorRun> runs;
};

Lane monitor_lane(const LaneSource& source);
Lane faults_lane(const LaneSource& source);
Lane accounts_lane(const LaneSource& source);

// What another host decided, and which accounts it used.
Lane host_lane(std::string name, const Transcript& transcript, const std::vector<sim::JournalEntry>& journal);

// One for each watched session, the pool first.
std::vector<Lane> session_lanes(const LaneSource& source);

// All lanes, in the order above.
std::vector<Lane> make_lanes(const Transcript& transcript, const std::vector<sim::JournalEntry>& journal,
                             const std::vector<sim::Violation>& violations);

// Adds a span unless it is empty; joins it to the last one if it continues that.
void add_span(std::vector<LaneSpan>& spans, LaneSpan span);

// Builds one row's spans: at most one is open, and the next one closes it.
class OpenSpan {
 public:
  explicit OpenSpan(std::vector<LaneSpan>& spans) : spans_(spans) {}

  void open(Milliseconds at, std::string_view kind, std::string text, Milliseconds planned_end = Milliseconds::max());
  // Closes the span at its planned end, if that comes first. Does nothing if none is open.
  void close(Milliseconds at);
  // The same, but only if the open span is of this kind.
  void close(Milliseconds at, std::string_view kind);
  bool is_open(std::string_view kind) const { return open_ && open_->kind == kind; }

 private:
  std::vector<LaneSpan>& spans_;
  std::optional<LaneSpan> open_;
};

}  // namespace quotawatch
