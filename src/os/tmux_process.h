// Real panes, seen by one tmux process a capture, however many sessions are asked for.
//
// What TmuxClient falls back to where there is no lasting connection. The process gets its
// commands on stdin. It waits by turning the event loop, so a hook goes on and a stop is
// seen while tmux is slow.
#pragma once

#include <string>
#include <vector>

#include "os/event_loop.h"
#include "quotawatch/tmux.h"

namespace quotawatch::os {

class TmuxProcess final : public Tmux {
 public:
  // `socket_name`: tmux's -L, in the folder that TMUX_TMPDIR says. $TMUX, the
  // server we may ourselves be running in, means nothing here.
  TmuxProcess(EventLoop& loop, std::string socket_name, Milliseconds timeout);

  // Takes effect with the next capture.
  void configure(std::string socket_name, Milliseconds timeout);

  TmuxCapture capture(const std::vector<std::string>& sessions) override;

  // Of the server that answered last.
  const std::string& version() const { return version_; }

 private:
  EventLoop& loop_;
  std::string socket_name_;
  Milliseconds timeout_;
  std::string version_;
};

}  // namespace quotawatch::os
