#include "quotawatch/agent_panes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

namespace quotawatch {
namespace {

using Status = PaneCapture::Status;

bool same_text(const std::shared_ptr<const std::string>& a, const std::shared_ptr<const std::string>& b) {
  return a == b || (a != nullptr && b != nullptr && *a == *b);
}

}  // namespace

// Once an agent has been seen in a pane, the pane is the agent's whatever it shows (a pager, an editor),
// until its program ends. What an agent that has ended left on the screen is not looked at.
void AgentPanes::look_at(const PaneCapture& pane, const Judge& judge) {
  if (pane.status != Status::screen || pane.pane.empty()) return;
  Known& known = known_[pane.pane];
  if (known.program_started != pane.program_started) {
    known.shell_left = pane.at_shell && (known.agent || known.shell_left);
    known.agent = false;
    known.text.reset();
    known.program_started = pane.program_started;
  }
  if (known.agent || known.shell_left || same_text(known.text, pane.text)) return;
  known.text = pane.text;
  known.agent = judge.is_program(pane.program) || judge.shows_program(*pane.text);
}

bool AgentPanes::is_agent(const PaneCapture& pane) const {
  const auto known = known_.find(pane.pane);
  return pane.status == Status::screen && known != known_.end() && known->second.agent;
}

// A failed capture says nothing about a session's panes: they are those of the last one.
std::vector<AgentPane> AgentPanes::failed_panes(std::size_t session, const std::string& name,
                                                const PaneCapture& failed) const {
  std::vector<AgentPane> panes;
  for (const auto& [of_session, pane] : several_) {
    if (of_session == name) panes.push_back({pane, session, failed});
  }
  if (panes.empty()) panes.push_back({name, session, failed});
  return panes;
}

// `panes`: the active one first.
std::vector<AgentPane> AgentPanes::choose_for(std::size_t session, const std::string& name,
                                              const std::vector<PaneCapture>& panes) const {
  const PaneCapture& active = panes.front();
  if (active.status == Status::failed) return failed_panes(session, name, active);
  std::vector<AgentPane> agents;
  for (const auto& pane : panes) {
    if (is_agent(pane)) agents.push_back({fmt::format("{}:{}", name, pane.window_pane), session, pane});
  }
  if (agents.empty()) {
    const auto known = known_.find(active.pane);
    const bool shell_left = active.status == Status::screen && known != known_.end() && known->second.shell_left;
    return {{name, session, active, shell_left, true}};
  }
  if (agents.size() == 1) agents.front().name = name;
  std::ranges::sort(agents, {}, &AgentPane::name);
  return agents;
}

std::vector<AgentPane> AgentPanes::choose(const std::vector<JudgedSession>& sessions, TmuxCapture capture) {
  assert(capture.panes.size() == sessions.size());
  std::vector<AgentPane> chosen;
  chosen.reserve(sessions.size() + capture.further.size());
  auto further = capture.further.begin();
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    PaneCapture& active = capture.panes[i];
    auto end = further;
    while (end != capture.further.end() && end->session == i) ++end;
    // Most sessions have one pane. It is theirs whatever runs in it; only of its program's end there may
    // be something to say.
    const bool alone = further == end && several_.empty();
    if (alone && active.program.empty()) {
      chosen.push_back({sessions[i].name, i, std::move(active)});
      continue;
    }
    std::vector<PaneCapture> panes{std::move(active)};
    for (; further != end; ++further) panes.push_back(std::move(further->pane));
    for (const auto& pane : panes) look_at(pane, *sessions[i].judge);
    std::ranges::move(choose_for(i, sessions[i].name, panes), std::back_inserter(chosen));
  }
  assert(further == capture.further.end());
  remember_several(sessions, chosen);
  return chosen;
}

void AgentPanes::remember_several(const std::vector<JudgedSession>& sessions, const std::vector<AgentPane>& chosen) {
  several_.clear();
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const bool with_next = i + 1 < chosen.size() && chosen[i + 1].session == chosen[i].session;
    const bool with_previous = i > 0 && chosen[i - 1].session == chosen[i].session;
    if (with_next || with_previous) several_.emplace_back(sessions[chosen[i].session].name, chosen[i].name);
  }
}

}  // namespace quotawatch
