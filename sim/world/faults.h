// Fault injector: failures of tmux, clocks, host and disk, and kills of the monitor. As often as
// the knobs say, until some hours before the end, so that the monitor's recovery can be checked.
//
// Used by the simulator beside World, which performs the planned faults.
#pragma once

#include "sim/world/world.h"

namespace quotawatch::sim {

class FaultInjector {
 public:
  FaultInjector(const Knobs& knobs, const StageSetup& setup, World& world);

  // Plans the first fault of each kind.
  void begin();

 private:
  using Cause = void (FaultInjector::*)();

  Milliseconds draw(Milliseconds least, Milliseconds most);
  void plan_next(int in_ten_days, Cause cause);
  void undo_in(Milliseconds least, Milliseconds most, const Action& action);
  void disturb_tmux(const SetServer& fault);

  void stop_server();
  void slow_server();
  void hang_server();
  void garble_server();
  void fail_captures();
  void step_clock();
  void slew_clock();
  void suspend();
  void stall();
  void restart();
  void crash();
  void damage_state();
  void fill_disk();
  void command_account();
  void pause();

  const Knobs knobs_;
  const StageSetup& setup_;
  World& world_;
  Milliseconds calm_from_;
};

}  // namespace quotawatch::sim
