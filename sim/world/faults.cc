#include "sim/world/faults.h"

#include <algorithm>
#include <vector>

namespace quotawatch::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Milliseconds ms{1};
constexpr Milliseconds ten_days = hours{240};

// The last part of a run is free of faults: six hours, or a tenth of a short run.
Milliseconds calm_after(Milliseconds until) { return until - std::min<Milliseconds>(hours{6}, until / 10); }

}  // namespace

FaultInjector::FaultInjector(const Knobs& knobs, const StageSetup& setup, World& world)
    : knobs_(knobs), setup_(setup), world_(world), calm_from_(calm_after(setup.until)) {}

void FaultInjector::begin() {
  plan_next(knobs_.tmux_down, &FaultInjector::stop_server);
  plan_next(knobs_.tmux_slow, &FaultInjector::slow_server);
  plan_next(knobs_.tmux_hung, &FaultInjector::hang_server);
  plan_next(knobs_.tmux_garbled, &FaultInjector::garble_server);
  plan_next(knobs_.capture_fails, &FaultInjector::fail_captures);
  plan_next(knobs_.clock_steps, &FaultInjector::step_clock);
  plan_next(knobs_.clock_slews, &FaultInjector::slew_clock);
  plan_next(knobs_.suspends, &FaultInjector::suspend);
  plan_next(knobs_.stalls, &FaultInjector::stall);
  plan_next(knobs_.restarts, &FaultInjector::restart);
  plan_next(knobs_.crashes, &FaultInjector::crash);
  plan_next(knobs_.state_damages, &FaultInjector::damage_state);
  plan_next(knobs_.disk_full, &FaultInjector::fill_disk);
  plan_next(knobs_.account_commands, &FaultInjector::command_account);
  plan_next(knobs_.pauses, &FaultInjector::pause);
}

Milliseconds FaultInjector::draw(Milliseconds least, Milliseconds most) {
  return Milliseconds{static_cast<std::int64_t>(
      world_.random().between(static_cast<std::size_t>(least.count()), static_cast<std::size_t>(most.count())))};
}

// Plan the next fault first: `cause` may kill the monitor and end this call.
void FaultInjector::plan_next(int in_ten_days, Cause cause) {
  if (in_ten_days == 0) return;
  const auto when = world_.moment_in(draw(ms, 2 * ten_days / in_ten_days));
  if (when >= calm_from_) return;
  world_.plan(when, [this, in_ten_days, cause] {
    plan_next(in_ten_days, cause);
    (this->*cause)();
  });
}

void FaultInjector::undo_in(Milliseconds least, Milliseconds most, const Action& action) {
  const auto when = std::min(world_.moment_in(draw(least, most)), calm_from_);
  world_.plan(when, [this, action] { world_.perform(action); });
}

void FaultInjector::disturb_tmux(const SetServer& fault) {
  undo_in(seconds{10}, minutes{30}, SetServer{});
  world_.perform(fault);
}

void FaultInjector::stop_server() { disturb_tmux({TmuxFault::Mode::down, Milliseconds{0}}); }
void FaultInjector::garble_server() { disturb_tmux({TmuxFault::Mode::garbled, Milliseconds{0}}); }

void FaultInjector::slow_server() { disturb_tmux({TmuxFault::Mode::slow, draw(ms, setup_.config.tmux_timeout)}); }

void FaultInjector::hang_server() { disturb_tmux({TmuxFault::Mode::slow, setup_.config.tmux_timeout + ms}); }

void FaultInjector::fail_captures() { world_.fail_captures(); }

// The clock is set wrong, and later set right again.
void FaultInjector::step_clock() {
  const bool back = world_.random().chance(1, 2);
  const auto by = draw(seconds{1}, hours{3});
  undo_in(seconds{1}, hours{1}, StepClock{back ? by : -by});
  world_.perform(StepClock{back ? -by : by});
}

// The clock is slewed away in small steps, and back.
void FaultInjector::slew_clock() {
  constexpr int steps = 20;
  const bool back = world_.random().chance(1, 2);
  const auto by = draw(ms, Milliseconds{100}) * (back ? -1 : 1);
  const auto pace = draw(seconds{1}, seconds{20});
  if (world_.now() + pace * (2 * steps) >= calm_from_) return;
  for (int i = 1; i <= 2 * steps; ++i) {
    const StepClock step{i <= steps ? by : -by};
    world_.plan(world_.now() + pace * i, [this, step] { world_.perform(step); });
  }
}

void FaultInjector::suspend() { world_.suspend(draw(minutes{1}, hours{10})); }
void FaultInjector::stall() { world_.perform(Stall{draw(seconds{1}, minutes{5})}); }

void FaultInjector::restart() {
  const bool at_once = world_.random().chance(1, 2);
  world_.perform(Restart{at_once ? Milliseconds{0} : draw(ms, minutes{15})});
}

void FaultInjector::crash() {
  static const std::vector<FailPoint> points{
      {FailStep::save, false, 0},  {FailStep::save, true, 0},  {FailStep::write, false, 0}, {FailStep::write, true, 0},
      {FailStep::start, false, 0}, {FailStep::start, true, 0}, {FailStep::report, true, 0}};
  FailPoint point = world_.random().pick(points);
  if (knobs_.resume > 0 && world_.random().chance(1, 3)) point = {FailStep::type, world_.random().chance(1, 2), 0};
  point.passed_over = world_.random().below(4);
  world_.perform(Crash{point});
}

// The damage is found at the next start.
void FaultInjector::damage_state() {
  static const std::vector<StateDamage> damages{StateDamage::lost, StateDamage::torn, StateDamage::old};
  world_.perform(DamageState{world_.random().pick(damages)});
  if (world_.random().chance(2, 3)) restart();
}

void FaultInjector::command_account() { world_.command_account(); }

// For some time, or until the operator says so; a second one takes the place of the first.
void FaultInjector::pause() {
  PauseCommand pause;
  if (world_.random().chance(2, 3)) pause.length = draw(minutes{1}, hours{2});
  undo_in(minutes{1}, hours{3}, PauseCommand{Milliseconds{0}});
  world_.perform(pause);
}

void FaultInjector::fill_disk() {
  undo_in(seconds{30}, hours{2}, SetDisk{false});
  world_.perform(SetDisk{true});
}

}  // namespace quotawatch::sim
