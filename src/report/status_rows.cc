#include "report/status_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/display_width.h"
#include "base/text.h"
#include "quotawatch/duration.h"
#include "quotawatch/zone.h"
#include "report/columns.h"
#include "report/session_rows.h"
#include "report/status_times.h"

namespace quotawatch {
namespace {

constexpr std::size_t label_columns = 13;

class StatusBuilder {
 public:
  StatusBuilder(const StatusReport& report, WallTime now, std::size_t columns)
      : report_(report),
        times_(now, Zone::named(report.timezone.name).value_or(Zone::utc())),
        columns_(columns),
        table_(report, times_, columns) {}

  StatusRows build() {
    StatusRows all;
    add_monitor();
    if (report_.monitor.answers) add_health();
    if (const auto& zone = report_.timezone; !zone.name.empty()) {
      row("timezone", {{escape_controls(zone.name + ", " + zone.why)}});
    }
    if (!report_.groups.empty()) add_notes();
    all.monitor = std::exchange(rows_, {});
    all.heading = table_.heading();
    if (report_.groups.empty()) {
      all.groups.push_back(group_rows(report_, report_.monitor.failures_in_a_row, report_.monitor.retry_at));
    }
    for (const auto& group : report_.groups) {
      row("group", {{escape_controls(group.group), Role::strong}});
      all.groups.push_back(group_rows(group, group.failures_in_a_row, group.retry_at));
    }
    return all;
  }

 private:
  GroupRows group_rows(const GroupStatus& status, int failures, const std::optional<WallTime>& retry_at) {
    GroupRows rows;
    add_accounts(status);
    add_hits(status);
    add_switches(status, failures, retry_at);
    if (report_.groups.empty()) add_notes();
    rows.head = std::exchange(rows_, {});
    for (const auto& session : status.sessions) {
      auto session_rows = table_.rows(session);
      if (!session_rows.empty()) rows.sessions.push_back({status.group, &session, std::move(session_rows)});
    }
    report_.monitor.answers ? add_absent(status) : count_saved(status, rows.sessions.size());
    rows.foot = std::exchange(rows_, {});
    return rows;
  }

  void add_notes() {
    for (const auto& note : report_.notes) row("note", {{escape_controls(note), Role::warning}});
  }

  void row(std::string_view label, std::vector<Cell> cells) {
    cells.insert(cells.begin(), {fit_to_columns(label, label_columns), Role::faint});
    rows_.push_back(fit_row(std::move(cells), columns_));
  }

  void add_monitor() {
    const auto& monitor = report_.monitor;
    const std::string process = monitor.process > 0 ? fmt::format("process {}", monitor.process) : "";
    if (monitor.answers) {
      row("monitor",
          {{"runs", Role::good},
           {fmt::format(" for {}, since {}; {}", times_.ago(*monitor.since), times_.at(*monitor.since), process)}});
      if (monitor.dry_run) row("", {{"carries no switch out, only says what it would do"}});
      return;
    }
    const std::string why = monitor.why.empty() ? "" : ": " + escape_controls(monitor.why);
    if (monitor.running) {
      row("monitor", {{fmt::format("{} runs and does not answer", process), Role::bad}, {why}});
    } else {
      row("monitor", {{"none runs", Role::warning}, {why}});
    }
    row("", {{"all below is from the saved state"}});
  }

  void add_health() {
    const auto& monitor = report_.monitor;
    std::string polls = "every " + format_duration(*monitor.poll_interval);
    polls +=
        monitor.polled_at ? fmt::format(", last {} ago", times_.ago(*monitor.polled_at)) : std::string(", none yet");
    polls += fmt::format(", next in {}", times_.left_until(*monitor.next_poll_at));
    row("polls", {{polls}});
    const auto& tmux = *report_.tmux;
    row("tmux", {{tmux.up ? "up" : "down", tmux.up ? Role::good : Role::bad},
                 {fmt::format(" for {}", times_.ago(tmux.since))},
                 {tmux.asked_by.empty() ? "" : ", asked by " + escape_controls(tmux.asked_by)},
                 {tmux.why.empty() ? "" : ": " + escape_controls(tmux.why)}});
    if (report_.store) add_store(*report_.store);
  }

  void add_store(const StatusReport::StoreHealth& store) {
    if (store.up) return row("store", {{"up", Role::good}});
    row("store",
        {{"down", Role::bad}, {fmt::format(" for {}: {}", times_.ago(*store.down_since), escape_controls(store.why))}});
  }

  void add_accounts(const GroupStatus& status) {
    std::size_t width = 0;
    for (const auto& account : status.accounts) {
      width = std::max(width, display_width(escape_controls(account.name)));
    }
    width = std::min(width, most_name_columns);
    std::string_view label = "accounts";
    for (const auto& account : status.accounts) {
      std::vector<Cell> cells{{fit_to_columns(escape_controls(account.name), width) + "  "}};
      if (account.active) cells.push_back({"active", Role::strong});
      if (account.limited_until) {
        cells.push_back({account.active ? ", " : ""});
        cells.push_back({fmt::format("limited until {}, {} left", times_.at(*account.limited_until),
                                     times_.left_until(*account.limited_until)),
                         Role::warning});
      } else if (!account.active) {
        cells.push_back({"free", Role::good});
      }
      if (account.reserve) cells.push_back({", in reserve"});
      if (account.used_percent) cells.push_back({fmt::format(", {}% used", *account.used_percent)});
      row(std::exchange(label, ""), std::move(cells));
    }
  }

  static std::string route(const std::string& from, const std::string& to) {
    return fmt::format("{} -> {}", from.empty() ? "?" : escape_controls(from), to.empty() ? "?" : escape_controls(to));
  }

  // Only if there is something to count.
  void add_hits(const GroupStatus& status) {
    const auto& hits = status.hits;
    if (!hits || hits->pool + hits->interactive == 0) return;
    row("hits", {{fmt::format("pool {} of {} needed, interactive {} of {} needed", hits->pool, hits->pool_threshold,
                              hits->interactive, hits->interactive_threshold)}});
  }

  void add_switches(const GroupStatus& status, int failures, const std::optional<WallTime>& retry_at) {
    if (const auto& until = status.cooldown_until) {
      row("cooldown",
          {{fmt::format("{} left, until {}", times_.left_until(*until), times_.at(*until)), Role::warning}});
    }
    if (const auto& suspicion = status.suspicion) {
      row("suspicion", {{fmt::format("for {}, {}", times_.ago(suspicion->since),
                                     suspicion->confirmed ? "confirmed; waits for an account" : "must be seen again"),
                         Role::warning}});
    }
    if (const auto& asked = status.in_flight) {
      row("in flight", {{route(asked->from, asked->to), Role::warning},
                        {fmt::format(" for {}, id {}", times_.ago(asked->asked_at), escape_controls(asked->id))}});
    }
    if (report_.monitor.paused) {
      const auto& until = report_.monitor.paused_until;
      row("paused", {{until ? fmt::format("until {}, {} left", times_.at(*until), times_.left_until(*until))
                            : "until `quotawatch pause 0`",
                      Role::warning}});
    }
    if (retry_at) {
      row("failed",
          {{fmt::format("{} in a row, nothing is decided for {}", failures, times_.left_until(*retry_at)), Role::bad}});
    }
    if (const auto& done = status.last_switch) {
      row("last switch", {{route(done->from, done->to)},
                          {fmt::format(" at {}, {} ago, id {}", times_.at(done->done_at), times_.ago(done->done_at),
                                       escape_controls(done->id))}});
    } else {
      row("last switch", {{"none"}});
    }
  }

  void add_absent(const GroupStatus& status) {
    std::string absent;
    for (const auto& session : status.sessions) {
      if (!session.verdict) absent += (absent.empty() ? "" : ", ") + escape_controls(session.name);
    }
    if (absent.empty()) return;
    row(report_.monitor.polled_at ? "no session" : "not yet seen", {{absent}});
  }

  void count_saved(const GroupStatus& status, std::size_t known) {
    rows_.push_back(fit_row({{fmt::format("{} of {} showed a limit when last seen{}", known,
                                          counted(status.sessions.size(), "session"), known > 0 ? ":" : "")}},
                            columns_));
  }

  const StatusReport& report_;
  StatusTimes times_;
  std::size_t columns_;
  SessionTable table_;
  std::vector<Row> rows_;
};

}  // namespace

Row fit_row(std::vector<Cell> cells, std::size_t columns) {
  for (auto& cell : cells) {
    cell.text = cut_to_columns(cell.text, columns);
    columns -= display_width(cell.text);
  }
  return cells;
}

StatusRows status_rows(const StatusReport& report, WallTime now, std::size_t columns) {
  return StatusBuilder(report, now, columns).build();
}

}  // namespace quotawatch
