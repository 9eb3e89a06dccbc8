// Runs a program of the user's once per request: passes it input, sends its output to the log, and
// ends it on timeout.
//
// Shared by HookSwitcher and EventNotifier. No shell is involved. It runs in turns of the event
// loop.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "os/hooks/hook_output.h"
#include "os/log.h"
#include "os/loop/child_process.h"
#include "os/loop/event_loop.h"
#include "os/loop/timer.h"

namespace quotawatch::os {

class HookRun {
 public:
  // Called right before the program is run. Returns why it must not be, or an empty string.
  using Check = std::function<std::string(const std::vector<std::string>& command)>;
  // Called from inside the loop with the reason of a failure; empty on success.
  using Ended = std::function<void(const std::string& why)>;

  // `log` gets what the program says, line by line.
  HookRun(EventLoop& loop, Log log, Ended ended);

  void set_check(Check check) { check_ = std::move(check); }

  // Runs the program; none may be running. Returns why it cannot be run, or an empty string; only
  // then will Ended be called. If the program ends by itself, its children keep running, and their
  // output is logged until the next run; if it is ended by force, they are killed.
  std::string start(ChildProcess::Command command, Milliseconds timeout);

  bool running() const { return running_; }

  // Asks the running program to end, without waiting; Ended is still called.
  void end();

  // Ends the running program and waits until it is gone or has been killed. Ended is not called any
  // more.
  void abandon();

 private:
  void time_out();
  void finish(const std::string& why);

  EventLoop& loop_;
  Log log_;
  Ended ended_;
  Check check_;
  Timer timer_;
  bool running_ = false;
  bool timed_out_ = false;
  std::unique_ptr<HookOutput> output_;
  std::unique_ptr<ChildProcess> program_;
};

}  // namespace quotawatch::os
