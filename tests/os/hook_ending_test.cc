// How HookSwitcher ends what does not end by itself, and what it leaves alone.
#include <gtest/gtest.h>
#include <signal.h>

#include "os/hook_switcher.h"
#include "os/timer.h"
#include "tests/contracts/switcher_contract.h"
#include "tests/os/support.h"

namespace quotawatch {
namespace {

using namespace os::testing_support;
using Duration = std::chrono::steady_clock::duration;

class HookEnding : public testing::Test {
 protected:
  ~HookEnding() override { switcher_.abandon(); }

  void start(const std::string& script, Milliseconds timeout = Milliseconds{20'000}) {
    switcher_.configure({"sh", "-c", script}, timeout);
    switcher_.start(contracts::make_request("id-1"));
  }

  std::optional<SwitchReport> wait_for_report() {
    std::optional<SwitchReport> report;
    loop_.run_until([&] { return (report = switcher_.take_report()).has_value(); },
                    std::chrono::seconds{20}, os::EventLoop::OnStop::go_on);
    return report;
  }

  // The n-th line of the log as a process number, waited for.
  int process(std::size_t line) {
    eventually([&] { return log_.size() > line; }, &loop_);
    return std::atoi(log_.at(line).c_str());
  }

  static Duration since(std::chrono::steady_clock::time_point start) {
    return std::chrono::steady_clock::now() - start;
  }

  static bool ends(int process) {
    return eventually([process] { return !process_runs(process); });
  }

  os::EventLoop loop_;
  std::vector<std::string> log_;
  os::HookSwitcher switcher_{
      loop_, {}, Milliseconds{0}, [this](std::string_view line) { log_.emplace_back(line); }};
};

// It ignores SIGTERM, and so does what it started.
const std::string stubborn =
    "trap '' TERM; echo $$; sh -c 'echo $$; exec sleep 600' & wait; sleep 600";

TEST_F(HookEnding, ATimeoutEndsTheWholeGroup) {
  start("echo $$; sleep 600 & echo $!; wait", Milliseconds{150});
  const auto report = wait_for_report();
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->done);
  EXPECT_EQ(report->why, "timed out");
  EXPECT_FALSE(process_runs(process(0)));
  EXPECT_TRUE(ends(process(1)));
}

TEST_F(HookEnding, ATimeoutKillsWhatIgnoresIt) {
  start(stubborn, Milliseconds{150});
  const auto report = wait_for_report();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->why, "timed out");
  EXPECT_TRUE(ends(process(0)));
  EXPECT_TRUE(ends(process(1)));
}

TEST_F(HookEnding, AHookThatCleansUpAfterItsTimeoutHasStillTimedOut) {
  start("trap 'echo cleaned; exit 0' TERM; echo ready; sleep 600 & wait", Milliseconds{150});
  const auto report = wait_for_report();
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->done);
  EXPECT_EQ(report->why, "timed out");
  EXPECT_EQ(log_, (std::vector<std::string>{"ready", "cleaned"}));
}

TEST_F(HookEnding, WhatIsLeftOfATimedOutHookIsKilledBeforeTheNextOneStarts) {
  start("sh -c 'trap \"\" TERM; echo $$; exec sleep 600' & wait", Milliseconds{150});
  ASSERT_TRUE(wait_for_report());
  start("kill -0 " + std::to_string(process(0)) + " 2>/dev/null && exit 9; exit 0");
  const auto report = wait_for_report();
  ASSERT_TRUE(report);
  EXPECT_TRUE(ends(process(0)));
}

TEST_F(HookEnding, ADaemonThatHoldsThePipeDelaysNothingAndStays) {
  const auto begin = std::chrono::steady_clock::now();
  start("(sleep 0.3; echo later; exec sleep 600) & echo $!; exit 0");
  const auto report = wait_for_report();
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->done);
  EXPECT_LT(since(begin), std::chrono::milliseconds{300});
  EXPECT_TRUE(eventually([&] { return log_.size() == 2; }, &loop_));  // it is still heard
  EXPECT_EQ(log_.back(), "later");
  const int daemon = process(0);
  start("exit 0");
  EXPECT_TRUE(wait_for_report()->done);
  switcher_.abandon();
  EXPECT_TRUE(process_runs(daemon));
  ::kill(daemon, SIGKILL);
}

TEST_F(HookEnding, AbandonWaitsNoLongerThanItMust) {
  start("echo $$; exec sleep 600");
  const int hook = process(0);
  const auto begin = std::chrono::steady_clock::now();
  switcher_.abandon();
  EXPECT_LT(since(begin), std::chrono::milliseconds{400});
  EXPECT_FALSE(process_runs(hook));
  EXPECT_TRUE(has_no_children());
}

TEST_F(HookEnding, AbandonEndsTheGroupWithinASecond) {
  start("echo $$; sleep 600 & echo $!; wait");
  const int hook = process(0);
  const int child = process(1);
  const auto begin = std::chrono::steady_clock::now();
  switcher_.abandon();
  EXPECT_LT(since(begin), std::chrono::seconds{1});
  EXPECT_FALSE(process_runs(hook));
  EXPECT_TRUE(ends(child));
  EXPECT_FALSE(switcher_.busy());
  EXPECT_TRUE(has_no_children());
}

TEST_F(HookEnding, AbandonKillsWhatIgnoresItEvenWhenAStopIsRequested) {
  start(stubborn);
  const int hook = process(0);
  const int child = process(1);
  loop_.request_stop();
  const auto begin = std::chrono::steady_clock::now();
  switcher_.abandon();
  EXPECT_GE(since(begin), std::chrono::milliseconds{400});  // it had its chance
  EXPECT_LT(since(begin), std::chrono::seconds{1});
  EXPECT_FALSE(process_runs(hook));
  EXPECT_TRUE(ends(child));
  EXPECT_TRUE(has_no_children());
}

TEST_F(HookEnding, AbandonWithNothingGoingOnIsNothing) {
  switcher_.abandon();
  start("exit 0");
  ASSERT_TRUE(wait_for_report());
  switcher_.abandon();
  switcher_.abandon();
  EXPECT_FALSE(switcher_.busy());
}

TEST_F(HookEnding, ASwitcherThatGoesTakesItsHookAlong) {
  int hook = 0;
  {
    std::vector<std::string> log;
    os::HookSwitcher switcher(loop_, {"sh", "-c", stubborn}, std::chrono::seconds{20},
                              [&](std::string_view line) { log.emplace_back(line); });
    switcher.start(contracts::make_request("id-1"));
    eventually([&] { return log.size() == 2; }, &loop_);
    hook = std::atoi(log.at(0).c_str());
  }
  EXPECT_TRUE(eventually([&] { return !process_runs(hook) && has_no_children(); }, &loop_));
}

TEST_F(HookEnding, TheLoopGoesOnMeanwhile) {
  int ticks = 0;
  os::Timer timer(loop_);
  timer.start_repeating(Milliseconds{5}, [&] { ++ticks; });
  start("sleep 0.2; exit 0");
  ASSERT_TRUE(wait_for_report());
  EXPECT_GE(ticks, 10);
}

TEST_F(HookEnding, ManyHooksLeaveNothingBehind) {
  start("exit 0");
  ASSERT_TRUE(wait_for_report());
  loop_.turn();
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 100; ++i) {
    start(i % 2 == 0 ? "cat" : "exit 1");
    ASSERT_TRUE(wait_for_report());
  }
  EXPECT_TRUE(eventually([&] { return open_descriptors() <= before; }, &loop_));
  EXPECT_TRUE(has_no_children());
}

}  // namespace
}  // namespace quotawatch
