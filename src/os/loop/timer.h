// A timer of the event loop that can be dropped at any moment, even by what it
// calls. For the parts of src/os that do something later or give something up.
//
// Everything that has happened by the time a timer fires is delivered before it: see EventLoop.
#pragma once

#include <functional>
#include <memory>

#include "os/loop/event_loop.h"

namespace quotawatch::os {

class Timer {
 public:
  explicit Timer(EventLoop& loop);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  // Calls `action` once, or again and again, from inside the loop. Starting it
  // again forgets what was started before.
  void start_once(Milliseconds delay, std::function<void()> action);
  void start_repeating(Milliseconds interval, std::function<void()> action);

  // Calls `action` once, after `timeout`, which is counted as TimeAllowance does: for
  // giving up on somebody else. Milliseconds::max() is never.
  void start_timeout(Milliseconds timeout, std::function<void()> action);

  void stop();

 private:
  struct Handle;
  Handle* handle_;  // frees itself once libuv has closed it
};

}  // namespace quotawatch::os
