#include "report/status_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "base/display_width.h"
#include "base/text.h"
#include "quotawatch/duration.h"
#include "quotawatch/zone.h"
#include "report/columns.h"
#include "report/console.h"

namespace quotawatch {
namespace {

constexpr std::size_t label_columns = 13;
constexpr std::size_t verdict_columns = 14;
constexpr std::size_t age_columns = 8;
constexpr std::size_t least_name_columns = 8;
constexpr std::size_t most_name_columns = 24;  // and three tenths of the width

const fmt::text_style plain;
const auto faint = fmt::text_style(fmt::emphasis::faint);
const auto bold = fmt::text_style(fmt::emphasis::bold);
const auto red = fmt::emphasis::bold | fmt::fg(fmt::terminal_color::red);
const auto yellow = fmt::fg(fmt::terminal_color::yellow);
const auto green = fmt::fg(fmt::terminal_color::green);

struct Cell {
  std::string text;
  fmt::text_style style = plain;
};

fmt::text_style style_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::exhausted:
      return red;
    case Verdict::clear:
      return green;
    default:
      return yellow;
  }
}

// "42s", "8m12s", "2h5m", "3d4h": at most two units, rounded down.
std::string rough(Milliseconds span) {
  using std::chrono::days;
  using std::chrono::hours;
  using std::chrono::minutes;
  using std::chrono::seconds;
  constexpr std::array<std::pair<seconds, std::string_view>, 4> units{
      {{days{1}, "d"}, {hours{1}, "h"}, {minutes{1}, "m"}, {seconds{1}, "s"}}};
  auto left = std::max(std::chrono::floor<seconds>(span), seconds{0});
  for (std::size_t i = 0; i + 1 < units.size(); ++i) {
    if (left < units[i].first) continue;
    const auto& [unit, name] = units[i];
    const auto& [smaller, smaller_name] = units[i + 1];
    const auto rest = left % unit / smaller;
    return fmt::format("{}{}{}", left / unit, name, rest > 0 ? fmt::format("{}{}", rest, smaller_name) : "");
  }
  return fmt::format("{}s", left.count());
}

class Table {
 public:
  Table(const StatusReport& report, WallTime now, TableStyle style)
      : report_(report), now_(now), zone_(Zone::named(report.timezone.name).value_or(Zone::utc())), style_(style) {}

  std::string draw() {
    add_monitor();
    if (report_.monitor.answers) add_health();
    if (const auto& zone = report_.timezone; !zone.name.empty()) {
      row("timezone", {{escape_controls(zone.name + ", " + zone.why)}});
    }
    if (!report_.groups.empty()) add_notes();
    if (report_.groups.empty()) add_group(report_, report_.monitor.failures_in_a_row, report_.monitor.retry_at);
    for (const auto& group : report_.groups) {
      out_ += "\n";
      row("group", {{escape_controls(group.group), bold}});
      add_group(group, group.failures_in_a_row, group.retry_at);
    }
    return std::move(out_);
  }

 private:
  void add_group(const GroupStatus& status, int failures, const std::optional<WallTime>& retry_at) {
    add_accounts(status);
    add_hits(status);
    add_switches(status, failures, retry_at);
    if (report_.groups.empty()) add_notes();
    out_ += "\n";
    report_.monitor.answers ? add_sessions(status) : add_saved_sessions(status);
  }

  void add_notes() {
    for (const auto& note : report_.notes) row("note", {{escape_controls(note), yellow}});
  }

  void line(const std::vector<Cell>& cells) {
    std::size_t left = style_.columns;
    for (const auto& cell : cells) {
      const std::string text = cut_to_columns(cell.text, left);
      out_ += styled(style_.colour, cell.style, text);
      left -= display_width(text);
    }
    while (out_.ends_with(' ')) out_.pop_back();
    out_ += "\n";
  }

  void row(std::string_view label, std::vector<Cell> cells) {
    cells.insert(cells.begin(), {fit_to_columns(label, label_columns), faint});
    line(cells);
  }

  // "20:00 CET"; with the date if it is not today, and with the year if it is not this year.
  std::string at(WallTime time) const {
    const std::string full = zone_.format_local(time);  // "Mon 23 Nov 2026 20:00 CET"
    const std::string today = zone_.format_local(now_);
    const auto same = [&](std::size_t begin, std::size_t end) {
      return full.compare(begin, end - begin, today, begin, end - begin) == 0;
    };
    if (same(0, year_end)) return full.substr(year_end);
    return same(day_end, year_end) ? full.substr(0, day_end) + full.substr(year_end) : full;
  }

  std::string ago(WallTime time) const { return rough(now_ - time); }
  std::string left_until(WallTime time) const { return rough(time - now_); }

  void add_monitor() {
    const auto& monitor = report_.monitor;
    const std::string process = monitor.process > 0 ? fmt::format("process {}", monitor.process) : "";
    if (monitor.answers) {
      row("monitor",
          {{"runs", green}, {fmt::format(" for {}, since {}; {}", ago(*monitor.since), at(*monitor.since), process)}});
      if (monitor.dry_run) row("", {{"carries no switch out, only says what it would do"}});
      return;
    }
    const std::string why = monitor.why.empty() ? "" : ": " + escape_controls(monitor.why);
    if (monitor.running) {
      row("monitor", {{fmt::format("{} runs and does not answer", process), red}, {why}});
    } else {
      row("monitor", {{"none runs", yellow}, {why}});
    }
    row("", {{"all below is from the saved state"}});
  }

  void add_health() {
    const auto& monitor = report_.monitor;
    std::string polls = "every " + format_duration(*monitor.poll_interval);
    polls += monitor.polled_at ? fmt::format(", last {} ago", ago(*monitor.polled_at)) : std::string(", none yet");
    polls += fmt::format(", next in {}", left_until(*monitor.next_poll_at));
    row("polls", {{polls}});
    const auto& tmux = *report_.tmux;
    row("tmux", {{tmux.up ? "up" : "down", tmux.up ? green : red},
                 {fmt::format(" for {}", ago(tmux.since))},
                 {tmux.asked_by.empty() ? "" : ", asked by " + escape_controls(tmux.asked_by)},
                 {tmux.why.empty() ? "" : ": " + escape_controls(tmux.why)}});
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
      if (account.active) cells.push_back({"active", bold});
      if (account.limited_until) {
        cells.push_back({account.active ? ", " : ""});
        cells.push_back(
            {fmt::format("limited until {}, {} left", at(*account.limited_until), left_until(*account.limited_until)),
             yellow});
      } else if (!account.active) {
        cells.push_back({"free", green});
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
      row("cooldown", {{fmt::format("{} left, until {}", left_until(*until), at(*until)), yellow}});
    }
    if (const auto& suspicion = status.suspicion) {
      row("suspicion", {{fmt::format("for {}, {}", ago(suspicion->since),
                                     suspicion->confirmed ? "confirmed; waits for an account" : "must be seen again"),
                         yellow}});
    }
    if (const auto& asked = status.in_flight) {
      row("in flight", {{route(asked->from, asked->to), yellow},
                        {fmt::format(" for {}, id {}", ago(asked->asked_at), escape_controls(asked->id))}});
    }
    if (report_.monitor.paused) {
      const auto& until = report_.monitor.paused_until;
      row("paused",
          {{until ? fmt::format("until {}, {} left", at(*until), left_until(*until)) : "until `quotawatch pause 0`",
            yellow}});
    }
    if (retry_at) {
      row("failed", {{fmt::format("{} in a row, nothing is decided for {}", failures, left_until(*retry_at)), red}});
    }
    if (const auto& done = status.last_switch) {
      row("last switch",
          {{route(done->from, done->to)},
           {fmt::format(" at {}, {} ago, id {}", at(done->done_at), ago(done->done_at), escape_controls(done->id))}});
    } else {
      row("last switch", {{"none"}});
    }
  }

  void each_session(auto&& use) const {
    for (const auto& session : report_.sessions) use(session);
    for (const auto& group : report_.groups) {
      for (const auto& session : group.sessions) use(session);
    }
  }

  std::size_t name_columns() const {
    std::size_t width = least_name_columns;
    each_session([&](const auto& session) { width = std::max(width, display_width(escape_controls(session.name))); });
    return std::min({width, most_name_columns, style_.columns * 3 / 10}) + 2;
  }

  // The program in the pane and the account that it runs on: "claude, work".
  static std::string runs(const GroupStatus::Session& session) {
    const std::string account = escape_controls(session.account);
    if (session.program.empty() || account.empty()) return session.program;
    return session.program + ", " + account;
  }

  // No column of it if no program is known.
  std::size_t program_columns() const {
    std::size_t width = 0;
    each_session([&](const auto& session) { width = std::max(width, display_width(runs(session))); });
    return width == 0 ? 0 : std::min(std::max(width, std::string_view("RUNS").size()), most_name_columns) + 2;
  }

  static std::string_view shown(const GroupStatus::Session& session) {
    return session.no_agent ? "no agent" : verdict_name(*session.verdict);
  }

  // For a limit's message, also from before a restart.
  WallTime shown_since(const GroupStatus::Session& session) const {
    const WallTime since = session.since.value_or(report_.at);
    if (!names_limit(*session.verdict) || !session.message_since) return since;
    return std::min(since, *session.message_since);
  }

  std::string details(const GroupStatus::Session& session) const {
    std::vector<std::string> parts;
    if (!session.why.empty()) parts.push_back(escape_controls(session.why));
    if (session.reset_at && names_limit(*session.verdict)) {
      parts.push_back((*session.reset_at > now_ ? "resets " : "reset at ") + at(*session.reset_at));
    }
    if (names_limit(*session.verdict)) {
      // Right after a switch, before the next poll has found it stale.
      const bool stale = session.hit == HitStatus::stale || session.unchanged_since_switch;
      if (stale) parts.emplace_back("left over");
      if (session.hit == HitStatus::uncounted) parts.push_back("no hit, " + session.why_uncounted);
    }
    if (!session.rule.empty()) parts.push_back(escape_controls(session.rule));
    if (session.stand_in && !session.no_agent) parts.emplace_back("no agent recognised, its active pane is watched");
    return fmt::format("{}", fmt::join(parts, "; "));
  }

  // "its own record says refused, 3m ago"; only where the screen or the record names a limit.
  std::string describe_witness(const GroupStatus::Session& session) const {
    const bool refused = session.witness.starts_with("refused") || session.witness.starts_with("rate_limited");
    if (session.witness.empty() || !(refused || names_limit(*session.verdict))) return "";
    std::string words = escape_controls(session.witness);
    std::ranges::replace(words, '_', ' ');
    return fmt::format("its own record says {}{}", words,
                       session.witness_at ? ", " + ago(*session.witness_at) + " ago" : "");
  }

  // "waits 9s for going on, asked 1 of 3 times; pool 1 of 2, dedicated 0 of 1"
  std::string describe_waiting(const GroupStatus::Session& session) const {
    std::vector<std::string> parts;
    if (!session.waits_for.empty()) {
      const std::string since = session.waits_since ? " " + ago(*session.waits_since) : "";
      parts.push_back(fmt::format("waits{} for {}", since, escape_controls(session.waits_for)));
    }
    if (!session.evidence.empty()) parts.push_back(escape_controls(session.evidence));
    if (auto said = describe_witness(session); !said.empty()) parts.push_back(std::move(said));
    return fmt::format("{}", fmt::join(parts, "; "));
  }

  void heading(std::string_view last) {
    line({{fit_to_columns("SESSION", name_columns()), faint},
          {fit_to_columns("SHOWS", verdict_columns), faint},
          {fit_to_columns("FOR", age_columns), faint},
          {fit_to_columns(program_columns() > 0 ? "RUNS" : "", program_columns()), faint},
          {std::string(last), faint}});
  }

  void add_sessions(const GroupStatus& status) {
    heading("WHAT");
    std::string absent;
    for (const auto& session : status.sessions) {
      const std::string name = escape_controls(session.name);
      if (!session.verdict) {
        absent += (absent.empty() ? "" : ", ") + name;
        continue;
      }
      line({{fit_to_columns(name, name_columns())},
            {fit_to_columns(shown(session), verdict_columns), style_of(*session.verdict)},
            {fit_to_columns(ago(shown_since(session)), age_columns)},
            {fit_to_columns(runs(session), program_columns())},
            {details(session)}});
      const std::string waiting = describe_waiting(session);
      if (!waiting.empty()) line({{fit_to_columns("", name_columns())}, {waiting, faint}});
    }
    if (absent.empty()) return;
    const bool polled = report_.monitor.polled_at.has_value();
    row(polled ? "no session" : "not yet seen", {{absent}});
  }

  // The saved state does not contain verdicts, only that a limit was shown and since when.
  void add_saved_sessions(const GroupStatus& status) {
    const auto& sessions = status.sessions;
    const auto known = std::count_if(sessions.begin(), sessions.end(),
                                     [](const auto& session) { return session.message_since.has_value(); });
    line({{fmt::format("{} of {} sessions showed a limit when last seen{}", known, sessions.size(),
                       known > 0 ? ":" : "")}});
    for (const auto& session : sessions) {
      if (!session.message_since) continue;
      line({{fit_to_columns(escape_controls(session.name), name_columns())},
            {fmt::format("since {}, {} ago{}", at(*session.message_since), ago(*session.message_since),
                         session.unchanged_since_switch ? "; left over from before the switch" : "")}});
    }
  }

  static constexpr std::size_t day_end = std::string_view("Mon 23 Nov ").size();
  static constexpr std::size_t year_end = std::string_view("Mon 23 Nov 2026 ").size();

  const StatusReport& report_;
  WallTime now_;
  Zone zone_;
  TableStyle style_;
  std::string out_;
};

}  // namespace

std::string status_table(const StatusReport& report, WallTime now, TableStyle style) {
  return Table(report, now, style).draw();
}

}  // namespace quotawatch
