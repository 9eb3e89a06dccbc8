#include "sim/harness/fake_tmux.h"

#include <fmt/format.h>

#include <cassert>
#include <utility>

#include "base/text.h"

namespace quotawatch::sim {

void FakeTmux::set_pane(const std::string& session, PaneCapture pane) {
  PaneCapture& shown = *pane_of(session);
  shown.status = pane.status;
  shown.text = std::move(pane.text);
  shown.columns = pane.columns;
  shown.rows = pane.rows;
  shown.why = std::move(pane.why);
  if (shown.status == PaneCapture::Status::ended) shown.program_started.reset();
  changed_ = true;
}

const PaneCapture* FakeTmux::find_pane(const std::string& id) const {
  for (const auto& [session, pane] : panes_) {
    if (pane->pane == id) return pane.get();
  }
  return nullptr;
}

// In the lowest row that looks like a prompt: behind its sign, a suggestion there gives way.
void FakeTmux::type(const std::string& id, const std::string& text) {
  for (const auto& [session, pane] : panes_) {
    if (pane->pane != id || pane->status != PaneCapture::Status::screen) continue;
    auto lines = split_lines(*pane->text);
    for (std::size_t i = lines.size(); i-- > 0;) {
      for (const std::string_view sign : {"❯", "›", ">", " >", "│ >"}) {
        if (!lines[i].starts_with(sign)) continue;
        const auto begin = static_cast<std::size_t>(lines[i].data() - pane->text->data());
        std::string typed = *pane->text;
        typed.replace(begin, lines[i].size(), std::string(sign) + " " + text);
        pane->text = std::make_shared<const std::string>(std::move(typed));
        changed_ = true;
        return;
      }
    }
    return;
  }
}

void FakeTmux::use_client(const std::string& session, WallTime now) {
  pane_of(session)->client_used = now;
  changed_ = true;
}

void FakeTmux::set_mode(const std::string& session, bool on) {
  pane_of(session)->in_mode = on;
  changed_ = true;
}

void FakeTmux::set_program(const std::string& session, std::string program, bool at_shell) {
  PaneCapture& pane = *pane_of(session);
  pane.program = std::move(program);
  pane.at_shell = at_shell;
  changed_ = true;
}

const std::shared_ptr<PaneCapture>& FakeTmux::pane_of(const std::string& session) {
  auto& pane = panes_[session];
  if (!pane) {
    pane = std::make_shared<PaneCapture>();
    pane->pane = fmt::format("%{}", panes_made_++);
  }
  return pane;
}

void FakeTmux::show(const std::string& session, std::string text, int columns, int rows, std::optional<WallTime> now) {
  show(session, std::make_shared<const std::string>(std::move(text)), columns, rows, now);
}

void FakeTmux::show(const std::string& session, std::shared_ptr<const std::string> text, int columns, int rows,
                    std::optional<WallTime> now) {
  assert(text != nullptr);
  set_pane(session, {PaneCapture::Status::screen, std::move(text), columns, rows, ""});
  const auto start = starts_.find(session);
  auto& started = pane_of(session)->program_started;
  if (!started) started = start == starts_.end() ? now : start->second;
  if (start != starts_.end()) starts_.erase(start);
}

void FakeTmux::start_program(const std::string& session, WallTime now) {
  const auto pane = panes_.find(session);
  const bool runs = pane != panes_.end() && pane->second->status != PaneCapture::Status::ended;
  (runs ? pane->second->program_started.emplace() : starts_[session]) = now;
  changed_ = true;
}

void FakeTmux::fail(const std::string& session, std::string why) {
  set_pane(session, {PaneCapture::Status::failed, nullptr, 0, 0, std::move(why)});
}

void FakeTmux::remove(const std::string& session) {
  panes_.erase(session);
  const std::string prefix = session + ":";
  while (true) {
    const auto further = panes_.lower_bound(prefix);
    if (further == panes_.end() || !further->first.starts_with(prefix)) break;
    panes_.erase(further);
  }
  changed_ = true;
}

void FakeTmux::link(const std::string& session, const std::string& other) {
  panes_[session] = pane_of(other);
  changed_ = true;
}

void FakeTmux::end_program(const std::string& session) {
  set_pane(session, {PaneCapture::Status::ended, nullptr, 0, 0, ""});
}

void FakeTmux::set_server_up(bool up, std::string why) {
  server_up_ = up;
  down_why_ = std::move(why);
  changed_ = true;
}

TmuxCapture FakeTmux::capture(const std::vector<std::string>& sessions) {
  if (!server_up_) return all_failed(sessions.size(), down_why_);
  TmuxCapture capture;
  if (changed_ || sessions != asked_) {
    asked_ = sessions;
    answer_ = answer();
    further_ = further();
    changed_ = false;
  }
  capture.panes = answer_;
  capture.further = further_;
  return capture;
}

SessionList FakeTmux::list_sessions() {
  SessionList list;
  list.server_up = server_up_;
  if (!server_up_) list.why = down_why_;
  for (const auto& [session, pane] : panes_) {
    const bool known = pane->status != PaneCapture::Status::absent && session.find(':') == std::string::npos;
    if (server_up_ && known) list.names.push_back(session);
  }
  return list;
}

// "main:1.0" is a pane of `main` besides its active one: no name of a session contains a colon.
std::vector<FurtherPane> FakeTmux::further() const {
  std::vector<FurtherPane> panes;
  for (std::size_t i = 0; i < asked_.size(); ++i) {
    const std::string prefix = asked_[i] + ":";
    for (auto pane = panes_.lower_bound(prefix); pane != panes_.end() && pane->first.starts_with(prefix); ++pane) {
      const bool known =
          pane->second->status == PaneCapture::Status::screen || pane->second->status == PaneCapture::Status::ended;
      if (!known || !panes_.contains(asked_[i])) continue;
      panes.push_back({i, *pane->second});
      panes.back().pane.window_pane = pane->first.substr(prefix.size());
    }
  }
  return panes;
}

std::vector<PaneCapture> FakeTmux::answer() const {
  std::vector<PaneCapture> panes;
  panes.reserve(asked_.size());
  for (const auto& session : asked_) {
    const auto pane = panes_.find(session);
    panes.push_back(pane == panes_.end() ? PaneCapture{} : *pane->second);
    const bool known =
        panes.back().status == PaneCapture::Status::screen || panes.back().status == PaneCapture::Status::ended;
    if (known) {
      panes.back().window_pane = "0.0";
      continue;
    }
    panes.back().pane.clear();
    panes.back().program_started.reset();
  }
  return panes;
}

}  // namespace quotawatch::sim
