#include "sim/harness/fake_tmux.h"

#include <fmt/format.h>

#include <cassert>
#include <utility>

namespace quotawatch::sim {

void FakeTmux::set_pane(const std::string& session, PaneCapture pane) {
  const auto& shown = pane_of(session);
  pane.pane = std::move(shown->pane);
  if (pane.status != PaneCapture::Status::ended) pane.program_started = shown->program_started;
  *shown = std::move(pane);
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
    panes.back().window_pane = known ? "0.0" : "";
    if (known) continue;
    panes.back().pane.clear();
    panes.back().program_started.reset();
  }
  return panes;
}

}  // namespace quotawatch::sim
