// Real panes: the Tmux of `run` and `record`.
//
// Asks over one lasting connection (TmuxControl), and where tmux does not allow that, with
// one process a capture (TmuxProcess). Every tmux before 3.7 has a moment at which a client
// that connects in control mode brings the server down; there a connection is only made for
// those who ask for it. It waits by turning the event loop, so a hook goes on and a stop is
// seen while tmux is slow.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/event_loop.h"
#include "os/tmux_control.h"
#include "os/tmux_process.h"
#include "quotawatch/tmux.h"

namespace quotawatch::os {

class TmuxClient final : public Tmux {
 public:
  struct Server {
    std::string socket_name;  // tmux's -L, in the folder that TMUX_TMPDIR says
    Milliseconds timeout;
    // Whether there is to be a connection; where nothing is said, the server's version tells.
    std::optional<bool> keep_connection = std::nullopt;
  };

  // Told what people should know: that tmux allows no lasting connection, and why.
  using Note = std::function<void(std::string_view message)>;

  TmuxClient(EventLoop& loop, Server server, Note note);

  // Takes effect with the next capture.
  void configure(Server server);

  TmuxCapture capture(const std::vector<std::string>& sessions) override;

  bool connected() const { return control_.connected(); }

 private:
  std::optional<TmuxCapture> capture_connected(const std::vector<std::string>& sessions);
  std::vector<std::string> ids_of(const std::vector<std::string>& sessions) const;
  TmuxControl::Answer ask_for_all(const std::vector<std::string>& sessions);
  static std::vector<PaneCapture> read(const TmuxReply& reply,
                                       const std::vector<std::string>& sessions);
  bool may_connect(const TmuxCapture& capture) const;
  void connect();
  void connection_failed(const std::string& why);

  EventLoop& loop_;
  Server server_;
  Note note_;
  TmuxProcess process_;
  TmuxControl control_;
  std::vector<ListedSession> listed_;  // as last told over the connection
  std::optional<SteadyTime> retry_at_;
};

}  // namespace quotawatch::os
