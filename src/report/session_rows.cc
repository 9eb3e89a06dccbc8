#include "report/session_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/display_width.h"
#include "base/text.h"
#include "report/columns.h"

namespace quotawatch {
namespace {

constexpr std::size_t verdict_columns = 14;
constexpr std::size_t age_columns = 8;
constexpr std::size_t least_name_columns = 8;

Role role_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::exhausted:
      return Role::bad;
    case Verdict::clear:
      return Role::good;
    default:
      return Role::warning;
  }
}

void each_session(const StatusReport& report, auto&& use) {
  for (const auto& session : report.sessions) use(session);
  for (const auto& group : report.groups) {
    for (const auto& session : group.sessions) use(session);
  }
}

// The program in the pane and the account that it runs on: "claude, work".
std::string runs(const GroupStatus::Session& session) {
  const std::string account = escape_controls(session.account);
  if (session.program.empty() || account.empty()) return escape_controls(session.program);
  return escape_controls(session.program) + ", " + account;
}

std::string_view shown(const GroupStatus::Session& session) {
  return session.no_agent ? "no agent" : verdict_name(*session.verdict);
}

}  // namespace

SessionTable::SessionTable(const StatusReport& report, StatusTimes times, std::size_t columns)
    : report_(report), times_(std::move(times)), columns_(columns) {
  std::size_t name = least_name_columns;
  std::size_t program = 0;
  each_session(report, [&](const auto& session) {
    name = std::max(name, display_width(escape_controls(session.name)));
    program = std::max(program, display_width(runs(session)));
  });
  name_columns_ = std::min({name, most_name_columns, columns * 3 / 10}) + 2;
  // No column of it if no program is known.
  program_columns_ =
      program == 0 ? 0 : std::min(std::max(program, std::string_view("RUNS").size()), most_name_columns) + 2;
}

// For a limit's message, also from before a restart.
WallTime SessionTable::shown_since(const GroupStatus::Session& session) const {
  const WallTime since = session.since.value_or(report_.at);
  if (!names_limit(*session.verdict) || !session.message_since) return since;
  return std::min(since, *session.message_since);
}

std::string SessionTable::details(const GroupStatus::Session& session) const {
  std::vector<std::string> parts;
  if (!session.why.empty()) parts.push_back(escape_controls(session.why));
  if (session.reset_at && names_limit(*session.verdict)) {
    parts.push_back((*session.reset_at > times_.now() ? "resets " : "reset at ") + times_.at(*session.reset_at));
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
std::string SessionTable::describe_witness(const GroupStatus::Session& session) const {
  const bool refused = session.witness.starts_with("refused") || session.witness.starts_with("rate_limited");
  if (session.witness.empty() || !(refused || names_limit(*session.verdict))) return "";
  std::string words = escape_controls(session.witness);
  std::ranges::replace(words, '_', ' ');
  return fmt::format("its own record says {}{}", words,
                     session.witness_at ? ", " + times_.ago(*session.witness_at) + " ago" : "");
}

// "waits 9s for going on, asked 1 of 3 times; pool 1 of 2, dedicated 0 of 1"
std::string SessionTable::describe_waiting(const GroupStatus::Session& session) const {
  std::vector<std::string> parts;
  if (!session.waits_for.empty()) {
    const std::string since = session.waits_since ? " " + times_.ago(*session.waits_since) : "";
    parts.push_back(fmt::format("waits{} for {}", since, escape_controls(session.waits_for)));
  }
  if (!session.evidence.empty()) parts.push_back(escape_controls(session.evidence));
  if (auto said = describe_witness(session); !said.empty()) parts.push_back(std::move(said));
  return fmt::format("{}", fmt::join(parts, "; "));
}

Row SessionTable::heading() const {
  return fit_row({{fit_to_columns("SESSION", name_columns_), Role::faint},
                  {fit_to_columns("SHOWS", verdict_columns), Role::faint},
                  {fit_to_columns("FOR", age_columns), Role::faint},
                  {fit_to_columns(program_columns_ > 0 ? "RUNS" : "", program_columns_), Role::faint},
                  {"WHAT", Role::faint}},
                 columns_);
}

std::vector<Row> SessionTable::rows(const GroupStatus::Session& session) const {
  const std::string name = fit_to_columns(escape_controls(session.name), name_columns_);
  if (!report_.monitor.answers) return saved_rows(session, name);
  if (!session.verdict) return {};
  std::vector<Row> rows{fit_row({{name},
                                 {fit_to_columns(shown(session), verdict_columns), role_of(*session.verdict)},
                                 {fit_to_columns(times_.ago(shown_since(session)), age_columns)},
                                 {fit_to_columns(runs(session), program_columns_)},
                                 {details(session)}},
                                columns_)};
  const std::string waiting = describe_waiting(session);
  if (!waiting.empty()) {
    rows.push_back(fit_row({{fit_to_columns("", name_columns_)}, {waiting, Role::faint}}, columns_));
  }
  return rows;
}

// The saved state does not contain verdicts, only that a limit was shown and since when.
std::vector<Row> SessionTable::saved_rows(const GroupStatus::Session& session, const std::string& name) const {
  if (!session.message_since) return {};
  return {
      fit_row({{name},
               {fmt::format("since {}, {} ago{}", times_.at(*session.message_since), times_.ago(*session.message_since),
                            session.unchanged_since_switch ? "; left over from before the switch" : "")}},
              columns_)};
}

}  // namespace quotawatch
