// One lasting connection to a tmux server: a `tmux -C` client on a session of its own.
//
// Used by TmuxControlTransport. tmux lets a client say commands only while it is attached to a
// session, and nobody wants one attached to theirs; so it makes a small one, which is gone
// a moment after the connection has ended, however it ends. It waits by turning the loop.
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
      reply,        // `reply` is it
      none,         // there is no connection, or no longer: `why`
      timed_out,    // see ready()
      interrupted,  // a stop was asked for
    };
    Kind kind = Kind::none;
    TmuxReply reply = {};
    std::string why = {};
  };

  // Connects where there is no connection. Only to be asked of a server that has just
  // answered somebody else; never starts one. Whether there is a connection now, else `why`.
  Answer connect(Milliseconds timeout);

  // A list of sessions, and the screens of those with these ids. Needs ready().
  Answer ask(std::vector<std::string> ids, Milliseconds timeout);

  // Connected, and with no answer outstanding that came too late: the connection to a server
  // that hangs is kept, for it is the leaving of one that is hard on tmux.
  bool ready();

  // Ends the connection, and with it the session, whoever else looks at that.
  void disconnect();

  bool connected() const { return child_ != nullptr; }

  // A session that only keeps a connection, ours or another quotawatch's.
  static bool is_of_a_connection(const ListedSession& session);

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
