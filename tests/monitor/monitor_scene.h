// A monitor among fakes, for the tests of its loop: when it polls, what it journals.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "quotawatch/monitor.h"
#include "sim/harness/fake_switcher.h"
#include "sim/harness/fake_tmux.h"
#include "sim/harness/memory_journal.h"
#include "sim/harness/memory_state_store.h"
#include "sim/harness/virtual_clock.h"

namespace quotawatch {

using std::chrono::minutes;
using std::chrono::seconds;

// A slow tmux that records when it was asked.
class SlowTmux final : public Tmux {
 public:
  SlowTmux(sim::VirtualClock& clock, sim::FakeTmux& tmux) : clock_(clock), tmux_(tmux) {}

  SessionList list_sessions() override { return tmux_.list_sessions(); }

  TmuxCapture capture(const std::vector<std::string>& sessions) override {
    polled += fmt::format("{} ", clock_.elapsed().count() / 1000);
    names = sessions;
    if (takes > Milliseconds{0}) clock_.wait_until(clock_.now().steady + takes);
    takes = Milliseconds{0};
    auto capture = tmux_.capture(sessions);
    capture.interrupted = interrupted;
    return capture;
  }

  Milliseconds takes{0};  // the next time
  bool interrupted = false;
  std::string polled;
  std::vector<std::string> names;

 private:
  sim::VirtualClock& clock_;
  sim::FakeTmux& tmux_;
};

class MonitorTest : public testing::Test {
 protected:
  MonitorTest() {
    config_.pack = "seed";
    config_.dedicated = {"main"};
    config_.accounts = {"a", "b"};
    config_.active_account = "a";
  }

  Monitor make() { return Monitor(config_, Zone::utc(), judges_, {clock_, tmux_, switcher_, store_, journal_}); }

  // Everything journalled so far except verdicts, in order.
  std::string events() const {
    std::string text;
    for (const auto& [offset, run, event] : journal_.entries()) {
      if (event.kind == EventKind::verdict) continue;
      text += fmt::format("{}{}", text.empty() ? "" : " ", event_name(event.kind));
      if (event.reason) text += ":" + *event.reason;
    }
    return text;
  }

  void schedule(Milliseconds when, Wake wake) {
    clock_.schedule(SteadyTime{when}, sim::VirtualClock::Order::event, [wake] { return std::optional(wake); });
  }

  Config config_;
  JudgeCache judges_;
  sim::VirtualClock clock_{*parse_wall("2026-11-23T12:00:00Z"), SteadyTime{std::chrono::hours{10}}};
  sim::FakeTmux panes_;
  SlowTmux tmux_{clock_, panes_};
  sim::FakeSwitcher switcher_{clock_, minutes{2}};
  sim::MemoryStateStore store_;
  sim::MemoryJournal journal_{clock_};
};

}  // namespace quotawatch
