#include "report/page/page_lanes.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

namespace quotawatch {
namespace {

struct Kill {
  Milliseconds at{0};
  Milliseconds up_again{0};
  bool crashed = false;
};

// The restarts of the transcript; one that comes while no monitor runs extends the pause.
std::vector<Kill> restarts_of(const Transcript& transcript) {
  std::vector<Kill> kills;
  for (const auto& event : transcript.events) {
    const auto* restart = std::get_if<Restart>(&event.action);
    if (restart == nullptr || event.offset > transcript.until) continue;
    const Milliseconds up_again = event.offset + restart->down_for;
    if (!kills.empty() && event.offset < kills.back().up_again) {
      kills.back().up_again = up_again;
    } else {
      kills.push_back({event.offset, up_again});
    }
  }
  return kills;
}

// The earliest possible crash of a monitor last seen at `seen` and missing at `gone`.
Milliseconds crash_moment(const Transcript& transcript, Milliseconds seen, Milliseconds gone) {
  for (const auto& event : transcript.events) {
    if (event.offset > gone) break;
    const bool armed = std::holds_alternative<Crash>(event.action);
    if (armed && event.offset > seen) return event.offset;
  }
  return seen;
}

// Adds the kills between two lines of the journal: `count` of them, including known restarts.
void add_kills(const Transcript& transcript, const std::vector<Kill>& restarts, std::size_t& next, std::size_t count,
               Milliseconds seen, Milliseconds gone, std::vector<Kill>& kills) {
  std::vector<Kill> here;
  while (next < restarts.size() && restarts[next].at <= gone && here.size() < count) {
    here.push_back(restarts[next++]);
  }
  const Milliseconds crash = crash_moment(transcript, seen, gone);
  while (here.size() < count) here.push_back({crash, crash, true});
  std::stable_sort(here.begin(), here.end(), [](const Kill& a, const Kill& b) { return a.at < b.at; });
  kills.insert(kills.end(), here.begin(), here.end());
}

}  // namespace

std::vector<MonitorRun> monitor_runs(const Transcript& transcript, const std::vector<sim::JournalEntry>& journal) {
  const auto restarts = restarts_of(transcript);
  std::vector<Kill> kills;
  std::size_t next = 0;
  std::size_t run = 0;
  Milliseconds seen{0};
  for (const auto& entry : journal) {
    if (entry.run > run) {
      add_kills(transcript, restarts, next, entry.run - run, seen, entry.offset, kills);
    }
    assert(entry.run >= run && entry.offset >= seen);
    run = entry.run;
    seen = entry.offset;
  }
  kills.insert(kills.end(), restarts.begin() + static_cast<std::ptrdiff_t>(next), restarts.end());
  std::vector<MonitorRun> runs;
  Milliseconds from{0};
  for (const auto& kill : kills) {
    runs.push_back({from, std::max(from, kill.at), kill.crashed});
    from = std::min(std::max(from, kill.up_again), transcript.until);
  }
  runs.push_back({from, transcript.until, false});
  return runs;
}

void add_span(std::vector<LaneSpan>& spans, LaneSpan span) {
  if (span.to <= span.from) return;
  const bool goes_on = !spans.empty() && spans.back().to == span.from && spans.back().kind == span.kind &&
                       spans.back().text == span.text;
  if (goes_on) {
    spans.back().to = span.to;
  } else {
    spans.push_back(std::move(span));
  }
}

void OpenSpan::open(Milliseconds at, std::string_view kind, std::string text, Milliseconds planned_end) {
  close(at);
  assert(planned_end >= at);
  open_ = LaneSpan{at, planned_end, std::string(kind), std::move(text)};
}

void OpenSpan::close(Milliseconds at) {
  if (!open_) return;
  assert(at >= open_->from);
  open_->to = std::min(open_->to, at);
  add_span(spans_, std::move(*open_));
  open_.reset();
}

void OpenSpan::close(Milliseconds at, std::string_view kind) {
  if (is_open(kind)) close(at);
}

std::vector<Lane> make_lanes(const Transcript& transcript, const std::vector<sim::JournalEntry>& journal,
                             const std::vector<sim::Violation>& violations) {
  const LaneSource source{transcript, journal, violations, monitor_runs(transcript, journal)};
  std::vector<Lane> lanes{monitor_lane(source), faults_lane(source), accounts_lane(source)};
  auto sessions = session_lanes(source);
  std::move(sessions.begin(), sessions.end(), std::back_inserter(lanes));
  return lanes;
}

}  // namespace quotawatch
