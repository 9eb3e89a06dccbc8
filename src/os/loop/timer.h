// A timer of the event loop that can be destroyed at any moment, even by its own callback. Used by
// src/os for delays and timeouts.
//
// All events that have happened by the time a timer fires are delivered before it: see EventLoop.
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

  // Calls `action` once, or repeatedly, from inside the loop. Replaces what was started before.
  void start_once(Milliseconds delay, std::function<void()> action);
  void start_repeating(Milliseconds interval, std::function<void()> action);

  // Calls `action` once, after `timeout`, counted as by TimeAllowance. Milliseconds::max() means
  // never.
  void start_timeout(Milliseconds timeout, std::function<void()> action);

  void stop();

 private:
  struct Handle;
  Handle* handle_;  // deletes itself once libuv has closed it
};

}  // namespace quotawatch::os
