// Real panes, seen by one tmux process a capture, however many sessions are asked for.
//
// The transport where there is no lasting connection. The process gets its commands on stdin.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "os/loop/event_loop.h"
#include "os/tmux/tmux_transport.h"

namespace quotawatch::os {

class TmuxProcess final : public TmuxTransport {
 public:
  // `socket_name`: tmux's -L, in the folder that TMUX_TMPDIR says. $TMUX, the
  // server we may ourselves be running in, means nothing here.
  TmuxProcess(EventLoop& loop, std::string socket_name);

  TmuxCapture capture(const std::vector<std::string>& sessions, Milliseconds timeout) override;
  std::string_view description() const override { return "one tmux process a poll"; }

  // Of the server that answered last.
  const std::string& version() const { return version_; }

 private:
  EventLoop& loop_;
  std::string socket_name_;
  std::string version_;
};

}  // namespace quotawatch::os
