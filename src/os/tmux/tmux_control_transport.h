// Captures panes over one lasting connection (TmuxControl), and by one process per capture
// (TmuxProcess) while there is none.
//
// Before tmux 3.7, a client that connects in control mode can crash the server: see docs/tmux.md.
// So a connection is made only right after the server has answered a process, and to such servers
// only if the user asks for it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/log.h"
#include "os/tmux/tmux_control.h"
#include "os/tmux/tmux_process.h"
#include "os/tmux/tmux_transport.h"

namespace quotawatch::os {

class TmuxControlTransport final : public TmuxTransport {
 public:
  // Which servers it may connect to.
  enum class Servers { all, that_survive_connections };

  // `log` receives the reason if tmux allows no connection.
  TmuxControlTransport(EventLoop& loop, const std::string& socket_name, Servers servers, Log log);

  TmuxCapture capture(const std::vector<std::string>& sessions, Milliseconds timeout) override;
  SessionList list_sessions(Milliseconds timeout) override;
  std::string_view description() const override {
    return connected() ? "a lasting connection" : process_.description();
  }

  bool connected() const { return control_.connected(); }

 private:
  std::optional<TmuxCapture> capture_connected(const std::vector<std::string>& sessions, Milliseconds timeout);
  std::vector<std::string> ids_of(const std::vector<std::string>& sessions) const;
  TmuxControl::Answer ask(const std::vector<std::string>& sessions, Milliseconds timeout);
  bool may_connect(const TmuxCapture& capture) const;
  void connect(Milliseconds timeout);
  void connection_failed(const std::string& why);

  Servers servers_;
  Log log_;
  TmuxProcess process_;
  TmuxControl control_;
  std::vector<ListedSession> listed_;  // as of the last reply over the connection
  std::vector<std::string> further_;   // the panes captured besides the active ones, likewise
  std::optional<SteadyTime> retry_at_;
};

}  // namespace quotawatch::os
