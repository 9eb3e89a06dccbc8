// One lasting connection to a tmux server: a `tmux -C` client attached to its own session.
//
// Used by TmuxControlTransport. tmux accepts commands only from an attached client, and attaching
// to a user's session would disturb it. So the client creates a small session, which is gone a
// moment after the connection ends, for whatever reason. Waits by turning the event loop.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "os/loop/child_process.h"
#include "os/loop/event_loop.h"
#include "os/tmux/tmux_control_reader.h"

namespace quotawatch::os {

class TmuxControl {
 public:
  TmuxControl(EventLoop& loop, std::string socket_name);
  ~TmuxControl();
  TmuxControl(const TmuxControl&) = delete;
  TmuxControl& operator=(const TmuxControl&) = delete;

  struct Answer {
    enum class Kind {
      reply,        // in `reply`
      none,         // not connected, or no longer: see `why`
      timed_out,    // see ready()
      interrupted,  // a stop was requested
    };
    Kind kind = Kind::none;
    TmuxReply reply = {};
    std::string why = {};
  };

  // Connects if not connected; never starts a server. To be called only for a server that has just
  // answered by another way. The answer says whether there is a connection now, else `why`.
  Answer connect(Milliseconds timeout);

  // Requests a list of sessions and the screens of those with these ids. Requires ready().
  Answer ask(std::vector<std::string> ids, Milliseconds timeout);

  // True if connected and no late reply is outstanding. The connection to a server that hangs is
  // kept: it is disconnecting that can crash tmux.
  bool ready();

  // Ends the connection and its session, even if other clients are attached to it.
  void disconnect();

  bool connected() const { return child_ != nullptr; }

  // True for a session that only keeps a connection, ours or another quotawatch's.
  static bool is_of_a_connection(const ListedSession& session);

  // All but those.
  static SessionList names_of(const std::vector<ListedSession>& sessions);

 private:
  std::vector<std::string> command(const std::string& program) const;
  std::string keep_session() const;
  void start(const std::string& program);
  bool gone() const;
  Answer wait(const std::function<bool()>& condition, Milliseconds timeout);

  EventLoop& loop_;
  std::string socket_name_;
  std::string own_session_;
  std::unique_ptr<TmuxControlReader> reader_;
  std::string error_output_;
  std::unique_ptr<ChildProcess> child_;
};

}  // namespace quotawatch::os
