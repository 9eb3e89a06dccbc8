// Real panes: the Tmux of `run` and `record`.
//
// Asks over one lasting connection (TmuxControl), and where tmux does not allow that, with
// one process a capture (TmuxProcess). Every tmux before 3.7 has a moment at which a client
// that connects in control mode brings the server down; there a connection is only made for
// those who ask for it. It waits by turning the event loop, so a hook goes on and a stop is
// seen while tmux is slow.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "os/loop/event_loop.h"
#include "os/loop/timer.h"
#include "os/tmux/look_budget.h"
#include "os/tmux/pane_watch.h"
#include "os/tmux/tmux_control.h"
#include "os/tmux/tmux_process.h"
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
  ~TmuxClient() override;
  TmuxClient(const TmuxClient&) = delete;
  TmuxClient& operator=(const TmuxClient&) = delete;

  // Takes effect with the next capture.
  void configure(Server server);

  TmuxCapture capture(const std::vector<std::string>& sessions) override;

  // Needs watch_changes(). Over a connection, sessions that have come are told, too. What is
  // not told for now, since looking costs something, is told later, if no capture of all
  // sessions comes first.
  std::vector<std::string> take_changed() override;

  // From now on tells which of the sessions asked for last change between captures.
  void watch_changes();

  bool connected() const { return control_.connected(); }

 private:
  // A capture, and of each session that is there the terminal of its pane.
  struct Seen {
    TmuxCapture capture;
    std::vector<std::pair<std::string, std::string>> terminals;
  };

  std::optional<Seen> capture_connected(const std::vector<std::string>& sessions);
  std::vector<std::string> ids_of(const std::vector<std::string>& sessions) const;
  TmuxControl::Answer ask_for_all(const std::vector<std::string>& sessions);
  std::optional<TmuxControl::Answer> ask_for_some(const std::vector<std::string>& sessions);
  static Seen read(const TmuxReply& reply, const std::vector<std::string>& sessions);
  bool may_connect() const;
  void connect();
  void connection_failed(const std::string& why);
  void remember(const std::vector<std::string>& sessions, const Seen& seen);
  void watch_panes();
  void take_quiet();
  bool may_look();

  EventLoop& loop_;
  Server server_;
  Note note_;
  TmuxProcess process_;
  TmuxControl control_;
  std::vector<ListedSession> listed_;  // as last told over the connection
  std::optional<SteadyTime> retry_at_;

  std::unique_ptr<PaneWatch> panes_;
  std::vector<std::string> watched_;                // what was asked for last, all of it
  std::map<std::string, std::string> terminal_of_;  // of those of them that are there
  bool forgotten_ = false;  // one of these terminals, since panes_ watches it
  bool sessions_changed_ = false;
  std::set<std::string> changed_;  // and not told of yet
  LookBudget looks_by_process_;
  LookBudget looks_connected_;
  Timer next_look_;
  bool answering_ = false;  // the server, when it was asked last
};

}  // namespace quotawatch::os
