// The one place where the program waits: a libuv loop, the signals that end or
// reload a run, and notifications from whatever goes on in it.
//
// Made by `run` and `record`, handed to SystemClock, TmuxClient and HookSwitcher,
// which all wait by turning this same loop: while tmux is slow the hook goes on,
// and a signal is seen whoever waits. For one thread; must outlive its users.
//
// What has happened is always delivered before a time that has run out: input, signals and
// ends of children that are there already come before any timer, however overdue it is.
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
  // While it lives SIGPIPE is ignored: a hook that closes its stdin, or a reader
  // of the journal that goes away, is an error to report and not our end.
  EventLoop();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // From now on SIGINT and SIGTERM request a stop and SIGHUP a reload.
  void watch_signals();

  // Something happened that whoever waits on the clock should look at.
  void notify() { notified_ = true; }
  void request_stop() { stop_requested_ = true; }
  void request_reload() { reload_requested_ = true; }

  // A stop stays requested; the others are told once.
  bool stop_requested() const { return stop_requested_; }
  bool take_reload() { return std::exchange(reload_requested_, false); }
  bool take_notification() { return std::exchange(notified_, false); }
  bool has_news() const { return stop_requested_ || reload_requested_ || notified_; }

  // Does what is ready now; never waits.
  void turn();

  enum class Ended { condition, deadline, stop };
  enum class OnStop { end, go_on };

  // Turns until `condition` holds, a stop is requested (unless it is to go on) or
  // `timeout` has been used up, which is counted as TimeAllowance does; the first of these
  // that is true, in this order. Not to be called from inside a callback.
  Ended run_until(const std::function<bool()>& condition, Milliseconds timeout,
                  OnStop on_stop = OnStop::end);

  uv_loop_s* handle();

  // For timers: calls `action` from inside the loop once everything that has happened by
  // now has been delivered, unless it is withdrawn before. One for each `owner`.
  void call_after_events(const void* owner, std::function<void()> action);
  void withdraw(const void* owner);

 private:
  struct Handles;
  struct Call {
    const void* owner;
    std::function<void()> action;
  };

  void run_once(int mode);

  std::vector<Call> due_;    // the next turn delivers what comes before these
  std::vector<Call> ready_;  // nothing comes before these any more
  std::unique_ptr<Handles> handles_;
  bool in_turn_ = false;  // callbacks are called from inside the loop
  bool notified_ = false;
  bool stop_requested_ = false;
  bool reload_requested_ = false;
};

}  // namespace quotawatch::os
