#include "os/loop/event_loop.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <thread>

#include "os/host/system_clock.h"
#include "os/loop/child_process.h"
#include "os/loop/timer.h"
#include "tests/os/support.h"

namespace quotawatch::os {
namespace {

using Ended = EventLoop::Ended;
using testing_support::long_time;
using OnStop = EventLoop::OnStop;

constexpr Milliseconds short_time{10};
constexpr Milliseconds long_delay{60};

TEST(EventLoop, EndsWhenTheConditionHolds) {
  EventLoop loop;
  EXPECT_EQ(loop.run_until([] { return true; }, Milliseconds{0}), Ended::condition);
  bool done = false;
  Timer timer(loop);
  timer.start_once(short_time, [&] { done = true; });
  EXPECT_EQ(loop.run_until([&] { return done; }, long_time), Ended::condition);
}

TEST(EventLoop, EndsAtTheDeadlineAndNotBefore) {
  EventLoop loop;
  const SystemClock clock(loop);
  const SteadyTime start = clock.now().steady;
  EXPECT_EQ(loop.run_until([] { return false; }, short_time), Ended::deadline);
  EXPECT_GE(clock.now().steady - start, short_time - Milliseconds{1});
  EXPECT_EQ(loop.run_until([] { return false; }, Milliseconds{-5}), Ended::deadline);
}

// A turn that begins with something due must not block afterwards.
TEST(EventLoop, EndsAtOnceForWhatIsDueAlready) {
  EventLoop loop;
  loop.watch_signals();  // something it could wait for
  const SystemClock clock(loop);
  const SteadyTime start = clock.now().steady;
  EXPECT_EQ(loop.run_until([] { return false; }, Milliseconds{0}), Ended::deadline);
  bool fired = false;
  Timer timer(loop);
  timer.start_once(Milliseconds{0}, [&] { fired = true; });
  EXPECT_EQ(loop.run_until([&] { return fired; }, long_time), Ended::condition);
  EXPECT_LT(clock.now().steady - start, long_time / 2);
}

TEST(EventLoop, EndsAtAStopUnlessItIsToGoOn) {
  EventLoop loop;
  Timer timer(loop);
  timer.start_once(short_time, [&] { loop.request_stop(); });
  EXPECT_EQ(loop.run_until([] { return false; }, long_time), Ended::stop);
  EXPECT_EQ(loop.run_until([] { return false; }, long_time), Ended::stop);
  EXPECT_EQ(loop.run_until([] { return false; }, short_time, OnStop::go_on), Ended::deadline);
}

TEST(EventLoop, ReportsNotificationsAndReloadsOnceAndAStopForEver) {
  EventLoop loop;
  EXPECT_FALSE(loop.has_news());
  loop.notify();
  EXPECT_TRUE(loop.has_news());
  EXPECT_TRUE(loop.take_notification());
  EXPECT_FALSE(loop.take_notification());
  loop.request_reload();
  EXPECT_TRUE(loop.take_reload());
  EXPECT_FALSE(loop.take_reload());
  EXPECT_FALSE(loop.has_news());
  loop.request_stop();
  EXPECT_TRUE(loop.stop_requested());
  EXPECT_TRUE(loop.stop_requested());
}

class EventLoopSignals : public testing::TestWithParam<int> {};

TEST_P(EventLoopSignals, StopTheWaitUnderWay) {
  EventLoop loop;
  loop.watch_signals();
  SystemClock clock(loop);
  Timer timer(loop);
  timer.start_once(short_time, [] { ::kill(::getpid(), GetParam()); });
  EXPECT_EQ(clock.wait_until(clock.now().steady + long_time), Wake::stop);
}

TEST_P(EventLoopSignals, ThatCameBeforeTheWaitAreNotForgotten) {
  EventLoop loop;
  loop.watch_signals();
  SystemClock clock(loop);
  ::kill(::getpid(), GetParam());
  EXPECT_EQ(clock.wait_until(clock.now().steady), Wake::stop);
}

INSTANTIATE_TEST_SUITE_P(Ending, EventLoopSignals, testing::Values(SIGINT, SIGTERM));

TEST(EventLoop, AHangupRequestsAReload) {
  EventLoop loop;
  loop.watch_signals();
  SystemClock clock(loop);
  ::kill(::getpid(), SIGHUP);
  EXPECT_EQ(clock.wait_until(clock.now().steady + long_time), Wake::reload);
  EXPECT_EQ(clock.wait_until(clock.now().steady + short_time), Wake::deadline);
  ::kill(::getpid(), SIGHUP);
  EXPECT_EQ(clock.wait_until(clock.now().steady + long_time), Wake::reload);
}

TEST(EventLoop, IgnoresBrokenPipesWhileItLives) {
  struct sigaction action {};
  {
    const EventLoop loop;
    sigaction(SIGPIPE, nullptr, &action);
    EXPECT_EQ(action.sa_handler, SIG_IGN);
  }
  sigaction(SIGPIPE, nullptr, &action);
  EXPECT_EQ(action.sa_handler, SIG_DFL);
}

TEST(EventLoop, LeavesNoDescriptorBehind) {
  { EventLoop first; }  // libuv keeps some descriptors for the next loop
  const std::size_t before = testing_support::open_descriptors();
  for (int i = 0; i < 10; ++i) {
    EventLoop loop;
    loop.watch_signals();
    loop.turn();
  }
  EXPECT_EQ(testing_support::open_descriptors(), before);
}

// A program that has ended has not timed out, however late the loop comes round.
TEST(EventLoop, DeliversEventsBeforeAnOverdueTimer) {
  EventLoop loop;
  std::string delivered;
  Timer timer(loop);
  const ChildProcess child(
      loop, {{"sh", "-c", "sleep 0.1; echo"}, {}, ""},
      {[&](std::string_view) { delivered += "output "; }, nullptr, [&](const ChildEnd&) { delivered += "end "; }});
  timer.start_once(short_time, [&] { delivered += "timer "; });
  std::this_thread::sleep_for(std::chrono::milliseconds{400});
  loop.run_until([&] { return delivered.find("timer") != std::string::npos; }, long_time);
  EXPECT_EQ(delivered, "output end timer ");
}

TEST(EventLoop, ATurnDeliversEventsBeforeAnOverdueTimer) {
  EventLoop loop;
  std::string delivered;
  Timer timer(loop);
  const ChildProcess child(loop, {{"sh", "-c", "sleep 0.1"}, {}, ""},
                           {nullptr, nullptr, [&](const ChildEnd&) { delivered += "end "; }});
  timer.start_once(short_time, [&] { delivered += "timer "; });
  std::this_thread::sleep_for(std::chrono::milliseconds{400});
  loop.turn();
  EXPECT_EQ(delivered, "end timer ");
}

// As when the process was stopped during a wait: the first thing the kernel reports is the time.
TEST(EventLoop, LooksForTheEndOfAChildBeforeItGivesUpWaiting) {
  EventLoop loop;
  bool ended = false;
  const ChildProcess child(loop, {{"sh", "-c", "sleep 0.1"}, {}, ""},
                           {nullptr, nullptr, [&](const ChildEnd&) { ended = true; }});
  testing_support::get_stopped(short_time, Milliseconds{400});
  EXPECT_EQ(loop.run_until([&] { return ended; }, long_delay), Ended::condition);
}

TEST(Timer, StoppedByWhatItWaitedForDoesNotFire) {
  EventLoop loop;
  Timer timer(loop);
  bool fired = false;
  bool ended = false;
  const ChildProcess child(loop, {{"sh", "-c", "sleep 0.1"}, {}, ""}, {nullptr, nullptr, [&](const ChildEnd&) {
                                                                         timer.stop();
                                                                         ended = true;
                                                                       }});
  timer.start_once(short_time, [&] { fired = true; });
  std::this_thread::sleep_for(std::chrono::milliseconds{400});
  loop.run_until([&] { return ended; }, long_time);
  loop.run_until([] { return false; }, long_delay);
  EXPECT_FALSE(fired);
}

TEST(Timer, CanBeDroppedByWhatItCalls) {
  EventLoop loop;
  bool called = false;
  auto timer = std::make_unique<Timer>(loop);
  timer->start_repeating(Milliseconds{1}, [&] {
    timer.reset();
    called = true;
  });
  EXPECT_EQ(loop.run_until([&] { return called; }, long_time), Ended::condition);
  EXPECT_EQ(loop.run_until([] { return false; }, short_time), Ended::deadline);
}

// Delays count from now, not from the loop's last reading of its clock.
TEST(EventLoop, CountsDelaysFromTheirStart) {
  EventLoop loop;
  const SystemClock clock(loop);
  const auto be_busy = [&] {
    loop.turn();
    for (const SteadyTime until = clock.now().steady + long_delay; clock.now().steady < until;) {
    }
    return clock.now().steady;
  };
  SteadyTime start = be_busy();
  EXPECT_EQ(loop.run_until([] { return false; }, long_delay), Ended::deadline);
  EXPECT_GE(clock.now().steady - start, long_delay - short_time);
  bool fired = false;
  Timer timer(loop);
  start = be_busy();
  timer.start_once(long_delay, [&] { fired = true; });
  EXPECT_EQ(loop.run_until([&] { return fired; }, long_time), Ended::condition);
  EXPECT_GE(clock.now().steady - start, long_delay - short_time);
}

TEST(Timer, KeepsWhatItCallsUntilThatIsDone) {
  EventLoop loop;
  Timer timer(loop);
  auto token = std::make_shared<int>();
  const std::weak_ptr<int> kept = token;
  bool done = false;
  timer.start_once(Milliseconds{1}, [&, token] {
    timer.start_once(long_time, [] {});
    done = !kept.expired();
  });
  token.reset();
  EXPECT_EQ(loop.run_until([&] { return done; }, short_time * 100), Ended::condition);
  EXPECT_TRUE(kept.expired());
}

TEST(Timer, StartingAgainReplacesTheFirstStart) {
  EventLoop loop;
  int first = 0;
  int second = 0;
  Timer timer(loop);
  timer.start_once(Milliseconds{1}, [&] { ++first; });
  timer.start_repeating(Milliseconds{1}, [&] { ++second; });
  loop.run_until([&] { return second >= 3; }, long_time);
  timer.stop();
  const int stopped_at = second;
  loop.run_until([] { return false; }, short_time);
  EXPECT_EQ(first, 0);
  EXPECT_EQ(second, stopped_at);
}

}  // namespace
}  // namespace quotawatch::os
