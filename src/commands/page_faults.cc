// The lane of what went wrong around the monitor, read from the transcript.
#include <fmt/format.h>

#include <utility>

#include "commands/page_lanes.h"
#include "quotawatch/duration.h"

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
  void take(const sim::SetServer& server) {
    using Mode = sim::TmuxTrouble::Mode;
    if (server.mode == Mode::up) return server_.close(at_);
    const bool slow = server.mode == Mode::slow;
    server_.open(at_, fmt::format("tmux_{}", sim::tmux_mode_name(server.mode)),
                 slow ? "answers after " + format_duration(server.delay) : "");
  }

  void take(const sim::SetSwitcher& set) {
    using Kind = sim::FakeSwitcher::Outcome::Kind;
    if (set.outcome.kind == Kind::fail) return hook_.open(at_, "hook_fails", set.outcome.why);
    if (set.outcome.kind == Kind::hang) return hook_.open(at_, "hook_hangs", "");
    hook_.close(at_);
  }

  void take(const sim::Stall& stall) {
    add_span(stall_row_.spans,
             {at_, std::min(at_ + stall.duration, source_.transcript.until), "stall", ""});
  }

  void take(const sim::SetDisk& disk) {
    disk.full ? disk_.open(at_, "disk_full", "nothing can be saved") : disk_.close(at_);
  }

  void take(const sim::DamageState& state) {
    disk_row_.marks.push_back(
        {at_, "damage",
         fmt::format("the saved state is {}", sim::state_damage_name(state.damage))});
  }

  void take(const sim::StepClock& step) {
    const bool back = step.by < Milliseconds{0};
    clock_row_.marks.push_back(
        {at_, "clock_step",
         fmt::format("the wall clock is set {} by {}", back ? "back" : "forward",
                     format_duration(back ? -step.by : step.by))});
  }

  // Where it will be killed; that it was stands in the monitor's lane.
  void take(const sim::Crash& crash) {
    clock_row_.marks.push_back({at_, "crash_armed", sim::format_action(sim::Action(crash))});
  }

  // What panes show, truths, restarts and the operator's word stand in other lanes.
  void take(const sim::ShowScreen&) {}
  void take(const sim::RemoveSession&) {}
  void take(const sim::FailCaptures&) {}
  void take(const sim::LinkSession&) {}
  void take(const sim::EndProgram&) {}
  void take(const sim::Restart&) {}
  void take(const AccountCommand&) {}
  void take(const sim::TellTruth&) {}

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
