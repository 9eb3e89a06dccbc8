// Passes events to the user's `events.command`: a notification, a webhook, a session to wake.
//
// Fed by NotifyingJournal (src/run). One run of the program per event, one at a time: the journal's
// object on stdin and its fields in the environment, without a shell. It runs in turns of the event
// loop and never blocks. Events that arrive faster than the program handles them wait in a bounded
// queue; when that is full, new events are dropped.
#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "os/hooks/hook_run.h"
#include "os/loop/event_loop.h"
#include "quotawatch/event.h"

namespace quotawatch::os {

class EventNotifier {
 public:
  static constexpr std::size_t most_waiting = 100;

  struct Command {
    std::vector<std::string> arguments;  // empty: no program is run
    Milliseconds timeout{0};
    std::string tmux_socket;  // passed on, for programs that wake sessions
  };

  struct Logs {
    Log output;   // the program's output
    Log trouble;  // our messages about its failures
  };

  EventNotifier(EventLoop& loop, Command command, Logs logs);
  ~EventNotifier();
  EventNotifier(const EventNotifier&) = delete;
  EventNotifier& operator=(const EventNotifier&) = delete;

  void set_check(HookRun::Check check) { program_.set_check(std::move(check)); }

  // Takes effect with the next event.
  void configure(Command command) { command_ = std::move(command); }

  // Never waits, never throws. For what the program leaves running, see HookRun.
  void send(const Event& event);

  // Waits until all events have been sent, or a stop is requested.
  void finish();

  // stop() drops the queue and asks the running program to end, without waiting for it. abandon()
  // then waits until it has ended or has been killed.
  void stop();
  void abandon();

 private:
  void start_next();
  void start(const Event& event);
  void end(const std::string& why);

  EventLoop& loop_;
  Command command_;
  Log trouble_;
  std::deque<Event> waiting_;
  std::size_t dropped_ = 0;  // since the queue was full; reset when it is empty
  bool stopped_ = false;
  std::string sending_;  // the name of the event being sent
  HookRun program_;
};

}  // namespace quotawatch::os
