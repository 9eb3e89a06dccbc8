// Real panes: the Tmux of `run` and `record`.
//
// Asks over one lasting connection (TmuxControl), and where tmux does not allow that, with
// one process a capture (TmuxProcess). It waits by turning the event loop, so a hook goes
// on and a stop is seen while tmux is slow.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/event_loop.h"
#include "os/pane_watch.h"
#include "os/tmux_control.h"
#include "os/tmux_process.h"
#include "quotawatch/tmux.h"

namespace quotawatch::os {

class TmuxClient final : public Tmux {
 public:
  struct Server {
    std::string socket_name;  // tmux's -L, in the folder that TMUX_TMPDIR says
    Milliseconds timeout;
    bool keep_connection = true;  // else a process a capture
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

  // Needs a connection, and watch_changes(). Sessions that have come are told, too.
  std::vector<std::string> take_changed() override;

  // From now on tells which of the sessions asked for last change between captures.
  void watch_changes();

  bool connected() const { return control_ && control_->connected(); }

 private:
  std::optional<TmuxCapture> capture_connected(const std::vector<std::string>& sessions);
  TmuxControl::Answer ask_for_all(const std::vector<std::string>& sessions);
  TmuxCapture read(const TmuxReply& reply, const std::vector<std::string>& sessions);
  TmuxCapture capture_apart(const std::vector<std::string>& sessions);
  void note_watched(const std::vector<std::string>& sessions, const PaneCaptures& panes);
  bool may_connect() const;
  void connection_failed(const std::string& why);
  void watch_panes();

  EventLoop& loop_;
  Server server_;
  Note note_;
  TmuxProcess process_;
  std::unique_ptr<TmuxControl> control_;
  std::vector<ListedSession> listed_;  // as last told
  bool listing_is_news_ = false;       // to those who watch panes
  bool alone_ = false;                 // no session was there but our own
  std::string refused_;                // why a server that is up allowed no connection
  std::optional<SteadyTime> retry_at_;

  std::unique_ptr<PaneWatch> panes_;
  std::vector<std::string> watched_;  // what was asked for last, all of it
  std::vector<std::string> absent_;   // of these
  bool sessions_changed_ = false;
};

}  // namespace quotawatch::os
