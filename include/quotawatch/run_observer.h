// What a monitor tells of its run, in the order in which it happens: for recorders, reports and the
// harness of the simulator, none of which must work out for itself what the monitor did, or when.
//
// The monitor calls it and decides nothing by it. Every `now` is the moment that the monitor acts
// upon, which it asked for before it did what took time. Observers: FlightRecorder (src/record),
// Stage (sim/harness), which also lets a run end here as a crash would, by throwing.
#pragma once

#include <optional>

#include "quotawatch/event.h"
#include "quotawatch/evidence.h"
#include "quotawatch/keyboard.h"
#include "quotawatch/state.h"
#include "quotawatch/step.h"
#include "quotawatch/switcher.h"
#include "quotawatch/tmux.h"

namespace quotawatch {

struct PollTime {
  Moment now;      // when it began
  SteadyTime due;  // when it should have
  bool extra;      // out of turn, to look again at a session that was refused at its reset
};

class RunObserver {
 public:
  virtual ~RunObserver() = default;

  // A monitor was made, with what was saved.
  virtual void began(const std::optional<State>& /*saved*/, Moment /*now*/) {}
  // A poll has the panes.
  virtual void captured(const TmuxCapture& /*capture*/, const PollTime& /*poll*/) {}
  // It has decided, and nothing of that is carried out yet.
  virtual void decided(const Evidence& /*evidence*/, const Decision& /*decision*/, Moment /*now*/) {}
  virtual void saving() {}
  virtual void saved(bool /*well*/) {}
  virtual void journalling() {}
  virtual void journalled(const Event& /*event*/, Moment /*now*/) {}
  virtual void hook_starting(const SwitchRequest& /*request*/, Moment /*now*/) {}
  virtual void hook_started() {}
  // The monitor learnt how a hook ended, and has not acted upon it.
  virtual void hook_ended(const SwitchReport& /*report*/, Moment /*now*/) {}
  // Something is about to be done to a pane; it was done.
  virtual void typing(const Stroke& /*stroke*/, Moment /*now*/) {}
  virtual void typed(const Stroke& /*stroke*/) {}
  // There is nothing to do until the clock says so.
  virtual void waiting(const State& /*state*/) {}

  // One that heeds nothing.
  static RunObserver& none() {
    static RunObserver nobody;
    return nobody;
  }
};

}  // namespace quotawatch
