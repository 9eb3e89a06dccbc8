#include "record/pane_changes.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/text.h"

namespace quotawatch {
namespace {

using Status = PaneCapture::Status;

Action recorded_pane(const std::string& session, const PaneCapture& pane, Redactor* redactor) {
  switch (pane.status) {
    case Status::absent:
      return RemoveSession{session};
    case Status::failed:
      return FailCaptures{session, redacted_reason(pane.why, redactor)};
    case Status::ended:
      return EndProgram{session};
    case Status::screen:
      break;
  }
  ShowScreen screen{session, pane.columns, pane.rows, {}};
  const std::string text = redacted_text(pane, redactor);
  for (const auto line : split_lines(text)) screen.lines.emplace_back(line);
  while (!screen.lines.empty() && screen.lines.back().empty()) screen.lines.pop_back();
  // A pane that was resized while it was captured may have more rows than it says.
  screen.rows = std::max(screen.rows, static_cast<int>(screen.lines.size()));
  return screen;
}

SetWitness witness_action(const std::string& session, const std::optional<Testimony>& testimony) {
  if (!testimony) return {session, std::nullopt};
  return {session, testimony->says, testimony->reset_at, testimony->use};
}

}  // namespace

SetServer server_action(bool up) { return {up ? TmuxFault::Mode::up : TmuxFault::Mode::down, Milliseconds{0}}; }

CaptureChanges ChangeDetector::take(const TmuxCapture& capture) {
  assert(capture.panes.size() == panes_.size());
  CaptureChanges changes;
  if (std::exchange(server_up_, capture.server_up) != capture.server_up) changes.server = server_action(server_up_);
  for (std::size_t i = 0; server_up_ && i < panes_.size(); ++i) {
    PaneCapture now = capture.panes[i];
    if (!now.text) now.text = panes_[i].text;
    if (shows_same(panes_[i], now)) continue;
    changes.panes.push_back({i, capture.panes[i]});
    panes_[i] = std::move(now);
  }
  return changes;
}

std::string redacted_text(const PaneCapture& pane, Redactor* redactor) {
  assert(pane.text != nullptr);
  return redactor != nullptr ? redactor->screen(*pane.text, pane.columns) : *pane.text;
}

std::string redacted_reason(const std::string& why, Redactor* redactor) {
  const std::string reason = escape_controls(why);
  const auto text = redactor != nullptr ? redactor->line(reason) : reason;
  return trim(text).empty() ? "unknown" : std::string(trim(text));
}

std::vector<Action> PaneActions::take(std::size_t session, const PaneCapture& shown) {
  assert(session < sessions_.size());
  const std::string& name = sessions_[session];
  const bool known = shown.status == Status::screen || shown.status == Status::ended;
  const std::string pane = known ? shown.pane : "";
  const auto first_with = [this](const std::string& id) {
    return static_cast<std::size_t>(std::ranges::find(panes_, id) - panes_.begin());
  };
  std::vector<Action> actions;
  std::string& before = panes_[session];
  const bool is_new = before.empty() || before != pane;
  if (before != pane) {
    const bool shared = !before.empty() && std::ranges::count(panes_, before) > 1;
    // The other sessions keep the pane.
    if (shared && shown.status != Status::absent) actions.emplace_back(RemoveSession{name});
    before.clear();
    const std::size_t other = pane.empty() ? panes_.size() : first_with(pane);
    if (other < panes_.size()) actions.emplace_back(LinkSession{name, sessions_[other]});
    before = pane;
  }
  if (pane.empty() || first_with(pane) == session) {
    // The start of a program that is first seen now is that of its first screen.
    auto& started = started_[session];
    if (shown.program_started) {
      if (started && started != shown.program_started && !is_new) actions.emplace_back(StartProgram{name});
      started = shown.program_started;
    }
    actions.push_back(recorded_pane(name, shown, redactor_));
    if (std::exchange(said_[session], shown.testimony) != shown.testimony) {
      actions.emplace_back(witness_action(name, shown.testimony));
    }
  }
  return actions;
}

}  // namespace quotawatch
