// Observes what a monitor does, in order: for recorders, reports and the simulator's harness, which need
// not derive what the monitor did, or when.
//
// Has no influence on decisions. Every `now` is the time on which the monitor acts, read before
// anything that takes time. Observers: FlightRecorder (src/record), and Stage (sim/harness), which also
// throws to end a run as a crash would.
#pragma once

#include <optional>
#include <string>
#include <vector>

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
  // The groups for which it is a poll, in order; the others neither judge nor decide anything.
  std::vector<std::string> groups = {};
  // The names of the sessions that are captured, in order; null where these are the config's.
  const std::vector<std::string>* sessions = nullptr;
};

class RunObserver {
 public:
  virtual ~RunObserver() = default;

  // A monitor was constructed, with the saved state.
  virtual void began(const std::optional<State>& /*saved*/, Moment /*now*/) {}
  virtual void captured(const TmuxCapture& /*capture*/, const PollTime& /*poll*/) {}
  // Before the decision is carried out.
  virtual void decided(const Evidence& /*evidence*/, const Decision& /*decision*/, Moment /*now*/) {}
  virtual void saving() {}
  virtual void saved(bool /*well*/) {}
  virtual void journalling() {}
  virtual void journalled(const Event& /*event*/, Moment /*now*/) {}
  virtual void hook_starting(const SwitchRequest& /*request*/, Moment /*now*/) {}
  virtual void hook_started() {}
  // Before the monitor acts on the end of a hook.
  virtual void hook_ended(const SwitchReport& /*report*/, Moment /*now*/) {}
  // Something is about to be done to a pane; it was done.
  virtual void typing(const Stroke& /*stroke*/, Moment /*now*/) {}
  virtual void typed(const Stroke& /*stroke*/) {}
  // The monitor is about to wait for its clock. Of a run with several groups this is not said: no one state says
  // where a recording could begin.
  virtual void waiting(const State& /*state*/) {}

  // An observer that does nothing.
  static RunObserver& none() {
    static RunObserver nobody;
    return nobody;
  }
};

}  // namespace quotawatch
