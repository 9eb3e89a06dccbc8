#include "report/live_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "run/metrics.h"

namespace quotawatch {
namespace {

constexpr std::size_t page = 10;         // sessions that a page key moves by
constexpr std::size_t least_listed = 6;  // rows of sessions, before the head is cut

constexpr auto help_lines = std::to_array<std::string_view>({
    "Sessions in trouble come first. The last decisions are below.",
    "",
    "  up, down, k, j     choose a session",
    "  page up, page down, g, G",
    "  r                  ask the session to go on, as `quotawatch resume` does",
    "  p                  pause the monitor, or end the pause, as `quotawatch pause` does",
    "  ?                  this help",
    "  q, Ctrl-C          leave; the monitor goes on",
});

// Sessions that stand still, then those that show something else than clear, then the others.
int trouble_of(const GroupStatus::Session& session) {
  if (stands_still(session)) return 0;
  if (session.no_agent || (session.verdict && *session.verdict != Verdict::clear)) return 1;
  return 2;
}

std::vector<const SessionRows*> in_order_of_trouble(const StatusRows& rows) {
  std::vector<const SessionRows*> sessions;
  for (const auto& group : rows.groups) {
    for (const auto& session : group.sessions) sessions.push_back(&session);
  }
  std::ranges::stable_sort(sessions, {}, [](const SessionRows* one) { return trouble_of(*one->session); });
  return sessions;
}

// As many rows as there is room for; the last one counts those that are left out.
void cut(std::vector<Row>& rows, std::size_t room, std::size_t columns) {
  if (rows.size() <= room) return;
  const std::size_t left_out = rows.size() - room + 1;
  rows.resize(room);
  if (room > 0) rows.back() = fit_row({{fmt::format("… {} more", left_out), Role::faint}}, columns);
}

void append(std::vector<LiveRow>& rows, std::vector<Row> more) {
  for (auto& row : more) rows.push_back({std::move(row)});
}

std::vector<Row> head_of(const StatusRows& all) {
  std::vector<Row> head = all.monitor;
  for (const auto& group : all.groups) head.insert(head.end(), group.head.begin(), group.head.end());
  return head;
}

std::vector<Row> decision_rows(const std::vector<std::string>& decisions, std::size_t room, std::size_t columns) {
  std::vector<Row> rows;
  if (room == 0) return rows;
  rows.push_back(fit_row({{"LAST DECISIONS", Role::faint}}, columns));
  const std::size_t shown = std::min(room - 1, decisions.size());
  for (std::size_t i = decisions.size() - shown; i < decisions.size(); ++i) {
    rows.push_back(fit_row({{decisions[i]}}, columns));
  }
  return rows;
}

}  // namespace

std::vector<LiveView::Choice> LiveView::choices(const StatusReport& report) {
  constexpr std::size_t any_width = 80;
  std::vector<Choice> all;
  const StatusRows rows = status_rows(report, report.at, any_width);
  for (const auto* one : in_order_of_trouble(rows)) all.push_back({one->group, one->session->name});
  return all;
}

std::size_t LiveView::chosen_index(const std::vector<Choice>& all) const {
  const auto found = chosen_ ? std::ranges::find(all, *chosen_) : all.end();
  return found == all.end() ? 0 : static_cast<std::size_t>(found - all.begin());
}

void LiveView::move(LiveKey key, const std::vector<Choice>& all) {
  if (all.empty()) return;
  const std::size_t last = all.size() - 1;
  const std::size_t at = chosen_index(all);
  std::size_t to = at;
  if (key == LiveKey::up) to = at - std::min<std::size_t>(at, 1);
  if (key == LiveKey::down) to = std::min(at + 1, last);
  if (key == LiveKey::page_up) to = at - std::min(at, page);
  if (key == LiveKey::page_down) to = std::min(at + page, last);
  if (key == LiveKey::first) to = 0;
  if (key == LiveKey::last) to = last;
  chosen_ = all[to];
}

LiveAction LiveView::press(LiveKey key, const StatusReport& report) {
  using Kind = LiveAction::Kind;
  message_.clear();
  const auto all = choices(report);
  if (std::exchange(asking_, false)) {
    if (key == LiveKey::yes) return {Kind::resume, chosen_->session};
    if (key != LiveKey::quit) say("nothing was asked", true);
    return {};
  }
  if (std::exchange(helping_, false) && (key == LiveKey::help || key == LiveKey::quit)) return {};
  switch (key) {
    case LiveKey::quit:
      return {Kind::quit};
    case LiveKey::help:
      helping_ = true;
      return {};
    case LiveKey::pause:
      return {report.monitor.paused ? Kind::end_pause : Kind::pause};
    case LiveKey::resume:
      if (all.empty()) {
        say("there is no session to resume", false);
      } else {
        chosen_ = all[chosen_index(all)];
        asking_ = true;
      }
      return {};
    case LiveKey::yes:
    case LiveKey::other:
      return {};
    default:
      move(key, all);
      return {};
  }
}

void LiveView::say(std::string message, bool well) {
  message_ = std::move(message);
  message_well_ = well;
}

// The part of the table that the chosen session is in.
std::vector<LiveRow> LiveView::session_rows(const StatusRows& rows, std::size_t room, std::size_t columns) const {
  const auto sessions = in_order_of_trouble(rows);
  std::vector<Choice> all;
  for (const auto* one : sessions) all.push_back({one->group, one->session->name});
  const std::size_t chosen = chosen_index(all);
  std::vector<LiveRow> list;
  std::size_t chosen_end = 0;
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    for (const auto& row : sessions[i]->rows) list.push_back({row, i == chosen});
    if (i == chosen) chosen_end = list.size();
  }
  for (const auto& group : rows.groups) append(list, group.foot);
  if (list.size() <= room) return list;
  if (room < 2) return {};
  const std::size_t shown = room - 1;
  const std::size_t first = std::min(chosen_end - std::min(chosen_end, shown), list.size() - shown);
  std::vector<LiveRow> part(list.begin() + static_cast<std::ptrdiff_t>(first),
                            list.begin() + static_cast<std::ptrdiff_t>(first + shown));
  const std::size_t below = list.size() - first - shown;
  part.push_back({fit_row({{fmt::format("… {} rows above, {} below", first, below), Role::faint}}, columns)});
  return part;
}

Row LiveView::last_row(const StatusReport& report, std::size_t columns) const {
  if (asking_) {
    return fit_row({{fmt::format("Ask {} to go on? ", escape_controls(chosen_->session)), Role::warning},
                    {"y: yes, any other key: no", Role::strong}},
                   columns);
  }
  if (!message_.empty()) return fit_row({{message_, message_well_ ? Role::good : Role::bad}}, columns);
  return fit_row({{"q", Role::strong},
                  {" quit  "},
                  {"?", Role::strong},
                  {" help  "},
                  {"up/down", Role::strong},
                  {" choose  "},
                  {"r", Role::strong},
                  {" resume  "},
                  {"p", Role::strong},
                  {report.monitor.paused ? " end the pause" : " pause"}},
                 columns);
}

std::vector<LiveRow> LiveView::rows(const StatusReport& report, const std::vector<std::string>& decisions, WallTime now,
                                    LiveSize size) const {
  std::vector<LiveRow> out;
  const std::size_t room = size.rows - std::min<std::size_t>(size.rows, 1);
  const StatusRows all = status_rows(report, now, size.columns);
  if (helping_) {
    std::vector<Row> help;
    for (const auto line : help_lines) help.push_back(fit_row({{std::string(line)}}, size.columns));
    cut(help, room, size.columns);
    append(out, std::move(help));
  } else {
    const std::size_t below = room >= 2 * least_listed ? std::min(decisions.size() + 1, room / 4) : 0;
    const std::size_t listed = std::min(room - below, least_listed + 1);
    std::vector<Row> head = head_of(all);
    cut(head, room - below - listed, size.columns);
    append(out, std::move(head));
    if (room > below + out.size()) out.push_back({all.heading});
    auto sessions = session_rows(all, room - std::min(room, below + out.size()), size.columns);
    out.insert(out.end(), sessions.begin(), sessions.end());
    out.resize(room - below);
    append(out, decision_rows(decisions, below, size.columns));
  }
  out.resize(room);
  if (size.rows > 0) out.push_back({last_row(report, size.columns)});
  return out;
}

}  // namespace quotawatch
