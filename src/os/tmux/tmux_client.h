// Real panes: the Tmux of `run` and `record`.
//
// Owned by them. Captures the panes of one server, over the TmuxTransport that suits it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/host/foreground_program.h"
#include "os/log.h"
#include "os/loop/event_loop.h"
#include "os/tmux/tmux_transport.h"
#include "quotawatch/tmux.h"

namespace quotawatch::os {

class TmuxClient final : public Tmux {
 public:
  struct Server {
    std::string socket_name;  // tmux's -L, in the folder given by TMUX_TMPDIR
    Milliseconds timeout;
    // Whether to use a lasting connection; if not set, the server's version decides.
    std::optional<bool> keep_connection = std::nullopt;
  };

  // `log` gets a line if tmux allows no lasting connection, with the reason.
  TmuxClient(EventLoop& loop, Server server, Log log);

  // Takes effect with the next capture.
  void configure(Server server);

  TmuxCapture capture(const std::vector<std::string>& sessions) override;
  SessionList list_sessions() override;

  // The transport in use: see TmuxTransport.
  std::string_view asked_by() const { return transport_->description(); }

 private:
  // A program seen in a pane. Its start is worked out once, so that it stays
  // the same whatever becomes of the wall clock.
  struct SeenProgram {
    ForegroundProgram program;
    std::optional<WallTime> started;
  };

  std::unique_ptr<TmuxTransport> make_transport() const;
  void add_program(PaneCapture& pane, const std::map<std::string, SeenProgram>& before);

  EventLoop& loop_;
  Server server_;
  Log log_;
  std::unique_ptr<TmuxTransport> transport_;

  std::map<std::string, SeenProgram> programs_;  // by pane id, as last captured
};

}  // namespace quotawatch::os
