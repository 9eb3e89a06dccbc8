// Tells events to a program of the user's: a notification, a webhook, a session to wake.
//
// Fed by NotifyingJournal (src/commands). One event at a time, each to a run of its own:
// the journal's object on stdin and its fields in the environment, without a shell in
// between. It goes on in turns of the event loop and holds nobody up: what comes faster
// than the program takes it waits in a bounded queue, and beyond that is dropped.
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
    std::vector<std::string> arguments;  // empty: nothing is told
    Milliseconds timeout{0};
    std::string tmux_socket;  // where the sessions are, for what wakes them
  };

  struct Logs {
    Log output;   // what the program says
    Log trouble;  // what went wrong with it
  };

  EventNotifier(EventLoop& loop, Command command, Logs logs);
  ~EventNotifier();
  EventNotifier(const EventNotifier&) = delete;
  EventNotifier& operator=(const EventNotifier&) = delete;

  void set_check(HookRun::Check check) { program_.set_check(std::move(check)); }

  // Takes effect with the next event that is told.
  void configure(Command command) { command_ = std::move(command); }

  // Never waits, never throws. Of what the program leaves running: see HookRun.
  void tell(const Event& event);

  // Waits until all has been told, or a stop is requested.
  void finish();

  // No more: drops what waits and asks what runs to end, without waiting for it. Then
  // abandon() waits until it is gone, or has been killed.
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
  std::size_t dropped_ = 0;  // since the queue was full, until it is empty
  bool stopped_ = false;
  std::string told_;  // the name of the event that is told now
  HookRun program_;
};

}  // namespace quotawatch::os
