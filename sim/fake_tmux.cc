#include "sim/fake_tmux.h"

#include <utility>

namespace quotawatch::sim {

void FakeTmux::show(const std::string& session, std::string text, int columns, int rows) {
  panes_[session] = {PaneCapture::Status::screen,
                     std::make_shared<const std::string>(std::move(text)), columns, rows, ""};
}

void FakeTmux::fail(const std::string& session, std::string why) {
  panes_[session] = {PaneCapture::Status::failed, nullptr, 0, 0, std::move(why)};
}

void FakeTmux::set_server_up(bool up, std::string why) {
  server_up_ = up;
  down_why_ = std::move(why);
}

TmuxCapture FakeTmux::capture(const std::vector<std::string>& sessions) {
  TmuxCapture capture;
  capture.server_up = server_up_;
  capture.panes.reserve(sessions.size());
  if (!server_up_) {
    capture.why = down_why_;
    capture.panes.assign(sessions.size(), {PaneCapture::Status::failed, nullptr, 0, 0, down_why_});
    return capture;
  }
  for (const auto& session : sessions) {
    const auto pane = panes_.find(session);
    capture.panes.push_back(pane == panes_.end() ? PaneCapture{} : pane->second);
  }
  return capture;
}

}  // namespace quotawatch::sim
