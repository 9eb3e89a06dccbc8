// How panes of a tmux server are captured. The two implementations are one process per capture
// (TmuxProcess) and one lasting connection (TmuxControlTransport). TmuxClient chooses between them;
// nothing else depends on which one is in use.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/tmux.h"

namespace quotawatch::os {

class TmuxTransport {
 public:
  virtual ~TmuxTransport() = default;

  // As Tmux::capture(), for at least one session. Waits by turning the event loop, so hooks and
  // signals are handled meanwhile; gives up after `timeout`.
  virtual TmuxCapture capture(const std::vector<std::string>& sessions, Milliseconds timeout) = 0;

  // As Tmux::list_sessions(), likewise.
  virtual SessionList list_sessions(Milliseconds timeout) = 0;

  // The transport in use, for people.
  virtual std::string_view description() const = 0;
};

}  // namespace quotawatch::os
