// How a tmux server is asked for panes. The two ways are one process a capture (TmuxProcess)
// and one lasting connection (TmuxControlTransport); TmuxClient chooses between them, and
// nothing else knows which is in use.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/tmux.h"

namespace quotawatch::os {

class TmuxTransport {
 public:
  virtual ~TmuxTransport() = default;

  // As Tmux::capture(), for at least one session. Waits for tmux by turning the event loop, so
  // that a hook goes on and a stop is seen meanwhile; gives up after `timeout`.
  virtual TmuxCapture capture(const std::vector<std::string>& sessions, Milliseconds timeout) = 0;

  // How tmux is asked at present, for people to read.
  virtual std::string_view description() const = 0;
};

}  // namespace quotawatch::os
