// The one place where the program waits: a libuv loop, the signals that end or reload a run, and
// notifications from the parts that use the loop.
//
// Created by `run` and `record` and passed to SystemClock, TmuxClient and HookSwitcher, which all
// wait by turning this loop: while tmux is slow, hooks and signals are still handled.
// Single-threaded; must outlive its users.
//
// Events are delivered before timeouts: input, signals and ended children that are ready come
// before any timer, however overdue it is.
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "quotawatch/time.h"

struct uv_loop_s;

namespace quotawatch::os {

class EventLoop {
 public:
  // Ignores SIGPIPE while it lives: a hook that closes its stdin, or a reader of the journal that
  // goes away, must be a write error and not end the program.
  EventLoop();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // From now on SIGINT and SIGTERM request a stop, and SIGHUP a reload.
  void watch_signals();

  // Wakes the code that waits on the clock, because something happened that it should check.
  void notify() { notified_ = true; }
  void request_stop() { stop_requested_ = true; }
  void request_reload() { reload_requested_ = true; }

  // A stop stays requested; the others are reset when taken.
  bool stop_requested() const { return stop_requested_; }
  bool take_reload() { return std::exchange(reload_requested_, false); }
  bool take_notification() { return std::exchange(notified_, false); }
  bool has_news() const { return stop_requested_ || reload_requested_ || notified_; }

  // Handles what is ready; never waits.
  void turn();

  enum class Ended { condition, deadline, stop };
  enum class OnStop { end, go_on };

  // Turns until `condition` holds, a stop is requested (unless `on_stop` is go_on), or `timeout` is
  // used up, counted as by TimeAllowance. If several are true, the first in this order is returned.
  // Must not be called from inside a callback.
  Ended run_until(const std::function<bool()>& condition, Milliseconds timeout, OnStop on_stop = OnStop::end);

  uv_loop_s* handle();

  // For timers: calls `action` from inside the loop after all events that have happened by now,
  // unless it is withdrawn. At most one per `owner`.
  void call_after_events(const void* owner, std::function<void()> action);
  void withdraw(const void* owner);

 private:
  struct Handles;
  struct Call {
    const void* owner;
    std::function<void()> action;
  };

  void run_once(int mode);

  std::vector<Call> due_;    // called after the events of the next turn
  std::vector<Call> ready_;  // no event comes before these any more
  std::unique_ptr<Handles> handles_;
  bool in_turn_ = false;  // callbacks are called from inside the loop
  bool notified_ = false;
  bool stop_requested_ = false;
  bool reload_requested_ = false;
};

}  // namespace quotawatch::os
