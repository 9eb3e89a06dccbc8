// A program of the user's, run for one thing after another: it is told something, what it
// says goes to the log, and it is ended when it takes too long.
//
// What HookSwitcher and EventNotifier share. No shell is in between. It goes on in turns of
// the event loop.
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
  // Asked right before the program is run: why it must not be, or nothing.
  using Check = std::function<std::string(const std::vector<std::string>& command)>;
  // Told from inside the loop why it failed; empty if all went well.
  using Ended = std::function<void(const std::string& why)>;

  // `log` gets what the program says, line by line.
  HookRun(EventLoop& loop, Log log, Ended ended);

  void set_check(Check check) { check_ = std::move(check); }

  // Runs the program, which is not running. Why it cannot be run, or nothing: only then will
  // its end be told. What it leaves running when it ends by itself stays, and is heard until
  // the next run; what it leaves when it is ended by force is killed.
  std::string start(ChildProcess::Command command, Milliseconds timeout);

  bool running() const { return running_; }

  // Asks what runs to end, without waiting; its end is told still.
  void end();

  // Ends what runs, and waits until it is gone or has been killed. Nothing is told any more.
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
