// A program run without a shell, in its own process group, with its input written and its output
// read. Used for tmux and for hooks.
//
// Everything happens in turns of the event loop. It can be destroyed at any moment, even by one of
// its handlers: a program that still runs is killed and then reaped by the loop.
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

// How the program itself ended, whatever else runs in its group.
struct ChildEnd {
  int exit_status = 0;
  int signal = 0;  // 0: not killed by a signal

  bool good() const { return exit_status == 0 && signal == 0; }
  std::string text() const;  // "exit status 3", "killed by signal 9"
};

class ChildProcess {
 public:
  // How long a group that was asked to end may take before it is killed.
  static constexpr Milliseconds grace{500};

  struct Command {
    std::vector<std::string> arguments;                            // the first is looked up in PATH
    std::vector<std::pair<std::string, std::string>> environment;  // added to ours
    std::string input;                                             // written to stdin, which is then closed
    bool keep_input_open = false;                                  // for write()
    // A user's program: it ends when we die, and ending it ends everything it started.
    bool is_hook = false;
  };

  // Called from inside the loop. Output that the program wrote before it ended is delivered before
  // `ended`; output of its own children may follow.
  struct Handlers {
    std::function<void(std::string_view bytes)> output;
    std::function<void(std::string_view bytes)> error_output;
    std::function<void(const ChildEnd& end)> end;
  };

  // Starts the program. If that fails, no handler is ever called.
  ChildProcess(EventLoop& loop, Command command, Handlers handlers);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Why it could not be started ("No such file or directory"); empty if it was.
  const std::string& failure() const;

  int process_id() const;

  // How it ended; empty while it runs.
  const std::optional<ChildEnd>& end() const;

  // Writes more to a stdin that was kept open. Write errors are ignored: the end of the program
  // reports them.
  void write(std::string bytes);
  void close_input();

  // Sends SIGTERM to the whole group (and, for a hook, to descendants outside it), and kills what
  // is left after `grace`. Does nothing if the program has ended by itself: what it left running is
  // meant to stay.
  void end_group();

  // True once end_group() has nothing more to do.
  bool group_gone() const;

 private:
  struct Handles;
  Handles* handles_;  // deletes itself once libuv has closed every part
};

}  // namespace quotawatch::os
