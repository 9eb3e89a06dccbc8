// The lanes of the monitor and of its accounts, from the journal.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "quotawatch/duration.h"
#include "report/page/page_lanes.h"

namespace quotawatch {
namespace {

using sim::JournalEntry;

// How long until an event's retry_at: both are readings of the same wall clock.
Milliseconds wait_of(const Event& event) { return event.retry_at ? *event.retry_at - event.at : Milliseconds{0}; }

std::string route(const Event& event) {
  const std::string to = event.to.value_or("");
  return fmt::format("from {} to {}", event.from.value_or("?"), to.empty() ? "what the hook chooses" : to);
}

// The monitor's activity, one phase at a time.
class Phases {
 public:
  explicit Phases(const LaneSource& source) : source_(source), phase_(spans_) {}

  std::vector<LaneSpan> read() {
    for (const auto& entry : source_.journal) {
      while (run_ < entry.run) end_run(entry);
      take(entry);
    }
    while (run_ + 1 < source_.runs.size()) end_run(std::nullopt);
    phase_.close(source_.transcript.until);
    return std::move(spans_);
  }

 private:
  // A restart forgets everything except a switch in flight, which the next run resumes first.
  void end_run(const std::optional<JournalEntry>& next) {
    const bool resumed = next && next->event.kind == EventKind::switch_resumed;
    if (!phase_.is_open("in_flight") || !resumed) phase_.close(source_.runs[run_].to);
    ++run_;
  }

  void take(const JournalEntry& entry) {
    const Event& event = entry.event;
    const Milliseconds at = entry.offset;
    switch (event.kind) {
      case EventKind::suspect:
        return phase_.open(at, "suspicion", event.session.value_or(""));
      case EventKind::clear:
        return phase_.close(at);
      case EventKind::exhausted_everywhere:
        return phase_.open(at, "all_out", event.why.value_or(""));
      case EventKind::switch_:
      case EventKind::switch_resumed:
        return phase_.open(at, "in_flight", route(event));
      case EventKind::switch_done:
        return open_cooldown(at, "");
      case EventKind::switch_beaten:
        return phase_.close(at);
      case EventKind::switch_failed:
        return phase_.open(
            at, "backoff",
            fmt::format("{}; tried again after {}", event.why.value_or(""), format_duration(wait_of(event))),
            at + wait_of(event));
      case EventKind::switch_ineffective:
        return phase_.open(at, "backoff", event.why.value_or(""), at + wait_of(event));
      case EventKind::account:
        if (event.from) open_cooldown(at, "switched by hand");
        return;
      case EventKind::skip:
        return take_skip(entry);
      default:
        return;
    }
  }

  void open_cooldown(Milliseconds at, std::string text) {
    phase_.open(at, "cooldown", std::move(text), at + source_.transcript.config.quota.cooldown);
  }

  // A cooldown that began before this run: its polls say how long it lasts.
  void take_skip(const JournalEntry& entry) {
    if (entry.event.reason != "cooldown" || phase_.is_open("cooldown")) return;
    phase_.open(source_.runs[entry.run].from, "cooldown", "goes on after a restart",
                entry.offset + wait_of(entry.event));
  }

  const LaneSource& source_;
  std::size_t run_ = 0;
  std::vector<LaneSpan> spans_;
  OpenSpan phase_;
};

LaneRow decisions_row(const LaneSource& source) {
  LaneRow row{"decisions", {}, {}};
  for (const auto& entry : source.journal) {
    const Event& event = entry.event;
    const bool server = event.kind == EventKind::tmux_down || event.kind == EventKind::tmux_up ||
                        event.kind == EventKind::store_down || event.kind == EventKind::store_up;
    const bool account = event.kind == EventKind::account;
    if (!is_decision(event.kind) && !server && !account) continue;
    row.marks.push_back({entry.offset, std::string(event_name(event.kind)),
                         account ? fmt::format("{} {}", event.reason.value_or(""), event.account.value_or(""))
                                 : event.why.value_or(event.reason.value_or(""))});
  }
  for (const auto& violation : source.violations) {
    row.marks.push_back({violation.offset, "violation", violation.invariant + ": " + violation.what});
  }
  std::stable_sort(row.marks.begin(), row.marks.end(),
                   [](const LaneMark& a, const LaneMark& b) { return a.at < b.at; });
  return row;
}

// When the store of several hosts was away; nothing if it never was.
void add_store_row(const LaneSource& source, std::vector<LaneRow>& rows) {
  LaneRow row{"store", {}, {}};
  OpenSpan away(row.spans);
  for (const auto& [offset, run, event] : source.journal) {
    if (event.kind == EventKind::store_down) away.open(offset, "store_down", event.why.value_or(""));
    if (event.kind == EventKind::store_up) away.close(offset);
  }
  away.close(source.transcript.until);
  if (!row.spans.empty()) rows.push_back(std::move(row));
}

// When the monitor did not run at all.
LaneRow process_row(const LaneSource& source) {
  LaneRow row{"process", {}, {}};
  for (std::size_t i = 0; i + 1 < source.runs.size(); ++i) {
    const MonitorRun& run = source.runs[i];
    const Milliseconds again = source.runs[i + 1].from;
    add_span(row.spans, {run.to, again, "down", ""});
    row.marks.push_back({run.to, run.crashed ? "crash" : "restart",
                         run.crashed ? "killed, and started again at once"
                                     : fmt::format("started again after {}", format_duration(again - run.to))});
  }
  return row;
}

// Which account is in use and which are limited, as far as decisions show.
class Accounts {
 public:
  explicit Accounts(const LaneSource& source) : source_(source), active_(source.transcript.config.active_account) {
    for (const auto& account : source.transcript.config.accounts) rows_[account];
  }

  Lane read() {
    for (const auto& entry : source_.journal) take(entry);
    use(source_.transcript.until, "");
    Lane lane{"accounts", "accounts", {}};
    for (const auto& account : source_.transcript.config.accounts) add_row(lane, account);
    for (const auto& [account, row] : rows_) {
      if (!row.added && !(row.active.empty() && row.limited.empty())) add_row(lane, account);
    }
    return lane;
  }

 private:
  struct Row {
    std::vector<LaneSpan> active;
    std::vector<LaneSpan> limited;
    bool added = false;
  };

  void add_row(Lane& lane, const std::string& account) {
    Row& row = rows_[account];
    row.added = true;
    lane.rows.push_back({account, std::move(row.active), {}});
    auto& spans = lane.rows.back().spans;
    spans.insert(spans.end(), row.limited.begin(), row.limited.end());
  }

  void take(const JournalEntry& entry) {
    const Event& event = entry.event;
    if (event.from) correct(entry, *event.from);
    if (event.kind == EventKind::switch_done) use(entry.offset, event.to.value_or(""));
    if (event.kind == EventKind::account) take_command(entry);
    // Before the wall, or after another host, an account is left that no screen has shown to be limited.
    const bool quiet = event.reason == "near_limit" || (event.reason == "shared" && !event.reset_at);
    const bool limits = (event.kind == EventKind::switch_ && !quiet) || event.kind == EventKind::exhausted_everywhere;
    if (limits && !event.from.value_or("").empty()) limit(entry, *event.from);
  }

  void take_command(const JournalEntry& entry) {
    const std::string account = entry.event.account.value_or("");
    if (entry.event.from) return use(entry.offset, account);
    auto& spans = rows_[account].limited;
    if (!spans.empty()) spans.back().to = std::min(spans.back().to, entry.offset);
  }

  // After the state was lost or restored from an older one, the run began with another account.
  void correct(const JournalEntry& entry, const std::string& from) {
    if (from == active_ || entry.event.kind == EventKind::switch_done) return;
    use(std::max(since_, source_.runs[entry.run].from), from);
  }

  void use(Milliseconds at, const std::string& account) {
    if (!active_.empty()) add_span(rows_[active_].active, {since_, at, "active", ""});
    active_ = account;
    since_ = at;
  }

  // Later information about an account replaces earlier information.
  void limit(const JournalEntry& entry, const std::string& account) {
    const auto& quota = source_.transcript.config.quota;
    const Milliseconds lasts = entry.event.reset_at ? *entry.event.reset_at - entry.event.at : quota.unknown_reset;
    auto& spans = rows_[account].limited;
    if (!spans.empty()) spans.back().to = std::min(spans.back().to, entry.offset);
    add_span(spans, {entry.offset, std::min(entry.offset + lasts, source_.transcript.until), "limited",
                     entry.event.reset_at ? "" : "no reset time was named"});
  }

  const LaneSource& source_;
  std::string active_;
  Milliseconds since_{0};
  std::map<std::string, Row> rows_;
};

}  // namespace

Lane monitor_lane(const LaneSource& source) {
  Lane lane{"monitor", "monitor", {decisions_row(source), {"phase", Phases(source).read(), {}}}};
  if (source.runs.size() > 1) lane.rows.push_back(process_row(source));
  add_store_row(source, lane.rows);
  return lane;
}

Lane host_lane(std::string name, const Transcript& transcript, const std::vector<JournalEntry>& journal) {
  const std::vector<sim::Violation> none;
  const LaneSource source{transcript, journal, none, monitor_runs(transcript, journal)};
  Lane lane{std::move(name), "accounts", {decisions_row(source)}};
  add_store_row(source, lane.rows);
  std::ranges::move(accounts_lane(source).rows, std::back_inserter(lane.rows));
  return lane;
}

Lane accounts_lane(const LaneSource& source) { return Accounts(source).read(); }

}  // namespace quotawatch
