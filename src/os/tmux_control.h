// One lasting connection to a tmux server: a `tmux -C` client on a session of its own.
//
// Used by TmuxClient. tmux lets a client say commands only while it is attached to a
// session, and nobody wants one attached to theirs; so it makes a small one, which is gone
// a moment after the connection has ended, however it ends. It waits by turning the loop.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "os/child_process.h"
#include "os/event_loop.h"
#include "os/tmux_control_reader.h"

namespace quotawatch::os {

class TmuxControl {
 public:
  // `news`: called from inside the loop when sessions came, went or were renamed.
  TmuxControl(EventLoop& loop, std::string socket_name, std::function<void()> news);
  ~TmuxControl();
  TmuxControl(const TmuxControl&) = delete;
  TmuxControl& operator=(const TmuxControl&) = delete;

  struct Answer {
    enum class Kind {
      reply,        // `reply` is it
      none,         // there is no connection, or no longer: `why`
      timed_out,    // and the connection is given up
      interrupted,  // a stop was asked for
    };
    Kind kind = Kind::none;
    TmuxReply reply = {};
    std::string why = {};
  };

  // A list of all sessions, and the screens of those with these ids. Connects first where
  // that is needed; never starts a server.
  Answer ask(const std::vector<std::string>& ids, Milliseconds timeout);

  // Ends the connection, and with it the session, whoever else looks at that.
  void disconnect();

  bool connected() const { return child_ != nullptr; }
  bool is_own(const ListedSession& session) const { return session.name == own_session_; }

 private:
  std::vector<std::string> command() const;
  std::string keep_session() const;
  void connect();
  void hear(std::string_view bytes);
  bool gone() const;
  Answer give_up(EventLoop::Ended ended);

  EventLoop& loop_;
  std::string socket_name_;
  std::function<void()> news_;
  std::string own_session_;
  std::unique_ptr<TmuxControlReader> reader_;
  std::string error_output_;
  std::unique_ptr<ChildProcess> child_;
};

}  // namespace quotawatch::os
