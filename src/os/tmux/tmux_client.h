// Real panes: the Tmux of `run` and `record`.
//
// Owned by them; asks one server, over whichever TmuxTransport suits it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/log.h"
#include "os/loop/event_loop.h"
#include "os/tmux/tmux_transport.h"
#include "quotawatch/tmux.h"

namespace quotawatch::os {

class TmuxClient final : public Tmux {
 public:
  struct Server {
    std::string socket_name;  // tmux's -L, in the folder that TMUX_TMPDIR says
    Milliseconds timeout;
    // Whether there is to be a lasting connection; without a value the server's version decides.
    std::optional<bool> keep_connection = std::nullopt;
  };

  // `log` is told that tmux allows no lasting connection, and why.
  TmuxClient(EventLoop& loop, Server server, Log log);

  // Takes effect with the next capture.
  void configure(Server server);

  TmuxCapture capture(const std::vector<std::string>& sessions) override;

  // How tmux is asked at present: see TmuxTransport.
  std::string_view asked_by() const { return transport_->description(); }

 private:
  std::unique_ptr<TmuxTransport> make_transport() const;

  EventLoop& loop_;
  Server server_;
  Log log_;
  std::unique_ptr<TmuxTransport> transport_;
};

}  // namespace quotawatch::os
