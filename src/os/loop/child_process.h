// A program run without a shell, in a process group of its own, with its input
// given and its output heard. Used for tmux and for hooks.
//
// Everything happens in turns of the event loop. It can be dropped at any moment,
// even from inside a handler: what still runs is killed then and reaped by the loop.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "os/loop/event_loop.h"

namespace quotawatch::os {

// How the program itself ended, whatever goes on in its group.
struct ChildEnd {
  int exit_status = 0;
  int signal = 0;  // 0: it was not killed by one

  bool good() const { return exit_status == 0 && signal == 0; }
  std::string text() const;  // "exit status 3", "killed by signal 9"
};

class ChildProcess {
 public:
  // How long a group that is asked to end may take before it is killed.
  static constexpr Milliseconds grace{500};

  struct Command {
    std::vector<std::string> arguments;                            // the first is looked up in PATH
    std::vector<std::pair<std::string, std::string>> environment;  // added to ours
    std::string input;             // written to stdin, which is closed then
    bool keep_input_open = false;  // for write()
    // A program of the user's: it ends when we die, and ending it ends all that it started.
    bool is_hook = false;
  };

  // Called from inside the loop. All that the program wrote before it ended is
  // told before its end; what its own children write later, after.
  struct Handlers {
    std::function<void(std::string_view bytes)> output;
    std::function<void(std::string_view bytes)> error_output;
    std::function<void(const ChildEnd& end)> end;
  };

  // Starts the program. Where that fails no handler is ever called.
  ChildProcess(EventLoop& loop, Command command, Handlers handlers);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Why it could not be started ("No such file or directory"); empty if it was.
  const std::string& failure() const;

  int process_id() const;

  // How it ended; nothing while it runs.
  const std::optional<ChildEnd>& end() const;

  // Writes more to a stdin that was kept open. What cannot be written is dropped: the end of
  // the program will tell.
  void write(std::string bytes);
  void close_input();

  // Asks the whole group to end (SIGTERM), for a hook also what has left the group, and kills
  // what is left after the grace. Nothing to do once the program has ended by itself: what it
  // left running is meant to stay.
  void end_group();

  // True once end_group() has nothing more to do.
  bool group_gone() const;

 private:
  struct Handles;
  Handles* handles_;  // frees itself once libuv has let go of every part
};

}  // namespace quotawatch::os
