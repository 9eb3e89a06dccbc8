// How HookSwitcher ends programs that do not end by themselves, and which ones it leaves alone.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include "os/hooks/hook_switcher.h"
#include "os/loop/timer.h"
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
    loop_.run_until([&] { return (report = switcher_.take_report()).has_value(); }, std::chrono::seconds{20},
                    os::EventLoop::OnStop::go_on);
    return report;
  }

  // Waits for the n-th line of the log and reads it as a process number.
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
  os::HookSwitcher switcher_{loop_, {}, Milliseconds{0}, [this](std::string_view line) { log_.emplace_back(line); }};
};

// It ignores SIGTERM, and so does its child.
const std::string stubborn = "trap '' TERM; echo $$; sh -c 'echo $$; exec sleep 600' & wait; sleep 600";

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

// Whatever sessions they create, whatever their parent, and whatever their environment.
TEST_F(HookEnding, ATimeoutEndsWhatHasMadeASessionOfItsOwn) {
  start(
      "setsid sh -c 'echo $$; exec sleep 600' &"             // a child of the hook
      "(setsid sh -c 'echo $$; exec sleep 600' &)\n"         // one whose parent has ended
      "(env -i setsid sh -c 'echo $$; exec sleep 600' &)\n"  // with an empty environment
      // two sessions further
      "(setsid sh -c '(setsid sh -c \"echo \\$\\$; exec sleep 600\" &)' &)\n"
      // ignores SIGTERM
      "(setsid sh -c 'trap \"\" TERM; echo $$; sleep 600 & wait; sleep 600' &)\n"
      "wait; sleep 600",
      Milliseconds{1500});
  ASSERT_TRUE(eventually([&] { return log_.size() == 5; }, &loop_));
  const auto report = wait_for_report();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->why, "timed out");
  for (std::size_t i = 0; i < log_.size(); ++i) {
    EXPECT_TRUE(eventually([&] { return !process_runs(process(i)); }, &loop_)) << i;
  }
}

TEST_F(HookEnding, ATimeoutLeavesAloneWhatAnotherHookHasStarted) {
  std::vector<std::string> other_log;
  os::HookSwitcher other(loop_, {"sh", "-c", "(setsid sh -c 'echo $$; exec sleep 600' &); sleep 600"},
                         std::chrono::seconds{20}, [&](std::string_view line) { other_log.emplace_back(line); });
  other.start(contracts::make_request("id-2"));
  start("(setsid sh -c 'echo $$; exec sleep 600' &); sleep 600", Milliseconds{500});
  ASSERT_TRUE(eventually([&] { return !log_.empty() && !other_log.empty(); }, &loop_));
  ASSERT_TRUE(wait_for_report());
  EXPECT_TRUE(eventually([&] { return !process_runs(process(0)); }, &loop_));
  const int others = std::atoi(other_log.at(0).c_str());
  EXPECT_TRUE(process_runs(others));
  other.abandon();
  EXPECT_FALSE(process_runs(others));
}

TEST_F(HookEnding, AbandonEndsWhatHasMadeASessionOfItsOwnWithinASecond) {
  start("(setsid sh -c 'trap \"\" TERM; echo $$; sleep 600 & wait; sleep 600' &); echo; sleep 600");
  ASSERT_TRUE(eventually([&] { return log_.size() == 2; }, &loop_));
  const auto begin = std::chrono::steady_clock::now();
  switcher_.abandon();
  EXPECT_LT(since(begin), std::chrono::seconds{1});
  for (const auto& line : log_) {
    EXPECT_TRUE(line.empty() || ends(std::atoi(line.c_str()))) << line;
  }
}

// A hook that ends by itself leaves its children running on purpose.
TEST_F(HookEnding, ADaemonStaysAfterAHookThatEndedByItself) {
  start("(setsid sh -c 'echo $$; exec sleep 600' &)");
  ASSERT_TRUE(wait_for_report()->done);
  const int daemon = process(0);
  switcher_.abandon();
  EXPECT_TRUE(process_runs(daemon));
  ::kill(daemon, SIGKILL);
}

// A killed monitor cannot end its hook: the kernel signals it.
TEST_F(HookEnding, AHookEndsWithAMonitorThatIsKilled) {
  const TemporaryFolder folder;
  const pid_t monitor = ::fork();
  if (monitor == 0) {
    os::EventLoop loop;
    os::HookSwitcher switcher(loop, {"sh", "-c", "echo $$ >\"$0\"; exec sleep 600", folder / "hook"},
                              std::chrono::seconds{20}, [](std::string_view) {});
    switcher.start(contracts::make_request("id-1"));
    for (;;) loop.turn();
  }
  ASSERT_TRUE(eventually([&] { return read_file(folder / "hook").ends_with('\n'); }));
  const int hook = std::stoi(read_file(folder / "hook"));
  EXPECT_TRUE(process_runs(hook));
  ::kill(monitor, SIGKILL);
  ::waitpid(monitor, nullptr, 0);
  EXPECT_TRUE(ends(hook));
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
  start("sh -c 'trap \"\" TERM; echo $$; exec sleep 600' & wait", Milliseconds{600});
  ASSERT_TRUE(wait_for_report());
  start("kill -0 " + std::to_string(process(0)) + " 2>/dev/null && exit 9; exit 0");
  const auto report = wait_for_report();
  ASSERT_TRUE(report);
  EXPECT_TRUE(ends(process(0)));
}

TEST_F(HookEnding, ADaemonThatHoldsThePipeDelaysNothingAndStays) {
  const auto begin = std::chrono::steady_clock::now();
  start("(sleep 1; echo later; exec sleep 600) & echo $!; exit 0");
  const auto report = wait_for_report();
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->done);
  EXPECT_LT(since(begin), std::chrono::milliseconds{1000});
  EXPECT_TRUE(eventually([&] { return log_.size() == 2; }, &loop_));  // its output is still read
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
  EXPECT_GE(since(begin), std::chrono::milliseconds{400});  // it had its grace period
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
