// The lane of faults around the monitor, from the transcript.
#include <fmt/format.h>

#include <utility>

#include "quotawatch/duration.h"
#include "report/page/page_lanes.h"

namespace quotawatch {
namespace {

class Faults {
 public:
  explicit Faults(const LaneSource& source) : source_(source) {}

  Lane read() {
    const Milliseconds until = source_.transcript.until;
    for (const auto& event : source_.transcript.events) {
      if (event.offset > until) break;
      at_ = event.offset;
      std::visit([this](const auto& action) { take(action); }, event.action);
    }
    for (OpenSpan* open : {&server_, &hook_, &disk_}) open->close(until);
    Lane lane{"faults", "faults", {}};
    for (LaneRow* row : {&tmux_row_, &hook_row_, &stall_row_, &disk_row_, &clock_row_}) {
      if (!row->spans.empty() || !row->marks.empty()) lane.rows.push_back(std::move(*row));
    }
    return lane;
  }

 private:
  void take(const SetServer& server) {
    using Mode = TmuxFault::Mode;
    if (server.mode == Mode::up) return server_.close(at_);
    const bool slow = server.mode == Mode::slow;
    server_.open(at_, fmt::format("tmux_{}", tmux_mode_names.name(server.mode)),
                 slow ? "answers after " + format_duration(server.delay) : "");
  }

  void take(const SetSwitcher& set) {
    using Kind = SwitcherOutcome::Kind;
    if (set.outcome.kind == Kind::fail) return hook_.open(at_, "hook_fails", set.outcome.why);
    if (set.outcome.kind == Kind::hang) return hook_.open(at_, "hook_hangs", "");
    hook_.close(at_);
  }

  void take(const Stall& stall) {
    add_span(stall_row_.spans, {at_, std::min(at_ + stall.duration, source_.transcript.until), "stall", ""});
  }

  void take(const SetDisk& disk) {
    disk.full ? disk_.open(at_, "disk_full", "nothing can be saved") : disk_.close(at_);
  }

  void take(const DamageState& state) {
    disk_row_.marks.push_back(
        {at_, "damage", fmt::format("the saved state is {}", state_damage_names.name(state.damage))});
  }

  void take(const StepClock& step) {
    const bool back = step.by < Milliseconds{0};
    clock_row_.marks.push_back({at_, "clock_step",
                                fmt::format("the wall clock is set {} by {}", back ? "back" : "forward",
                                            format_duration(back ? -step.by : step.by))});
  }

  // Where a kill is armed; the kill itself is in the monitor's lane.
  void take(const Crash& crash) { clock_row_.marks.push_back({at_, "crash_armed", format_action(Action(crash))}); }

  // Screens, truths, restarts and operator commands are in other lanes.
  void take(const ShowScreen&) {}
  void take(const RemoveSession&) {}
  void take(const FailCaptures&) {}
  void take(const LinkSession&) {}
  void take(const EndProgram&) {}
  void take(const StartProgram&) {}
  void take(const Restart&) {}
  void take(const UseClient&) {}
  void take(const SetWitness&) {}
  void take(const SetMode&) {}
  void take(const AccountCommand&) {}
  void take(const PauseCommand&) {}
  void take(const SetTruth&) {}

  const LaneSource& source_;
  Milliseconds at_{0};
  LaneRow tmux_row_{"tmux", {}, {}};
  LaneRow hook_row_{"hook", {}, {}};
  LaneRow stall_row_{"stalls", {}, {}};
  LaneRow disk_row_{"disk", {}, {}};
  LaneRow clock_row_{"clock, kills", {}, {}};
  OpenSpan server_{tmux_row_.spans};
  OpenSpan hook_{hook_row_.spans};
  OpenSpan disk_{disk_row_.spans};
};

}  // namespace

Lane faults_lane(const LaneSource& source) { return Faults(source).read(); }

}  // namespace quotawatch
