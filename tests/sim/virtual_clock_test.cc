// Virtual time: what is due at a moment, in which order, and which waits end.
#include "sim/harness/virtual_clock.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace quotawatch::sim {
namespace {

using std::chrono::seconds;
using Order = VirtualClock::Order;

SteadyTime at(Milliseconds time) { return SteadyTime{time}; }

class VirtualClockTest : public testing::Test {
 protected:
  // Records its name when it is due; `wake` ends a wait.
  void plan(Milliseconds when, Order order, const std::string& name, std::optional<Wake> wake = std::nullopt) {
    clock_.schedule(at(when), order, [this, name, wake] {
      told_ += fmt::format("{}@{} ", name, clock_.elapsed().count());
      return wake;
    });
  }

  const WallTime start_ = *parse_wall("2026-11-23T12:00:00Z");
  VirtualClock clock_{start_, at(seconds{100})};
  std::string told_;
};

TEST_F(VirtualClockTest, StartsAtZeroAndGoesAsFarAsAskedTo) {
  EXPECT_EQ(clock_.now().steady, at(seconds{0}));
  EXPECT_EQ(clock_.now().wall, start_);
  EXPECT_EQ(clock_.wait_until(at(seconds{30})), Wake::deadline);
  EXPECT_EQ(clock_.now().steady, at(seconds{30}));
  EXPECT_EQ(clock_.now().wall, start_ + seconds{30});
  EXPECT_EQ(clock_.elapsed(), seconds{30});
}

TEST_F(VirtualClockTest, NeverGoesBack) {
  clock_.wait_until(at(seconds{30}));
  EXPECT_EQ(clock_.wait_until(at(seconds{10})), Wake::deadline);
  EXPECT_EQ(clock_.elapsed(), seconds{30});
}

TEST_F(VirtualClockTest, WithinAMomentSwitchesEndBeforeEventsHappen) {
  plan(seconds{10}, Order::event, "second");
  plan(seconds{10}, Order::event, "third");
  plan(seconds{10}, Order::switch_end, "first");
  plan(seconds{5}, Order::event, "earlier");
  plan(seconds{10} + Milliseconds{1}, Order::switch_end, "later");
  EXPECT_EQ(clock_.wait_until(at(seconds{10})), Wake::deadline);
  EXPECT_EQ(told_, "earlier@5000 first@10000 second@10000 third@10000 ");
}

TEST_F(VirtualClockTest, AnActionThatWakesEndsTheWaitAtItsMoment) {
  plan(seconds{10}, Order::event, "a", Wake::notified);
  plan(seconds{10}, Order::event, "b", Wake::stop);
  plan(seconds{20}, Order::event, "c");
  EXPECT_EQ(clock_.wait_until(at(seconds{30})), Wake::notified);
  EXPECT_EQ(clock_.elapsed(), seconds{10});
  EXPECT_EQ(told_, "a@10000 ");
  EXPECT_EQ(clock_.wait_until(at(seconds{30})), Wake::stop);
  EXPECT_EQ(told_, "a@10000 b@10000 ");
  EXPECT_EQ(clock_.wait_until(at(seconds{30})), Wake::deadline);
  EXPECT_EQ(told_, "a@10000 b@10000 c@20000 ");
}

TEST_F(VirtualClockTest, WithinAMomentWhatEndsIsNotGivenUp) {
  clock_.schedule_timeout(seconds{10}, [this] {
    told_ += "timeout ";
    return std::nullopt;
  });
  plan(seconds{10}, Order::event, "event");
  plan(seconds{10}, Order::switch_end, "end");
  clock_.wait_until(at(seconds{10}));
  EXPECT_EQ(told_, "end@10000 timeout event@10000 ");
}

// Stalled from 2 s to 9 s: what is due at 6 s comes first, and 3 s of the timeout are left.
TEST_F(VirtualClockTest, AStallUsesUpNoTimeout) {
  clock_.schedule_timeout(seconds{5}, [this] {
    told_ += fmt::format("timeout@{} ", clock_.elapsed().count());
    return Wake::notified;
  });
  plan(seconds{6}, Order::switch_end, "end");
  clock_.wait_until(at(seconds{2}));
  clock_.stall_until(at(seconds{9}));
  clock_.stall_until(at(seconds{4}));  // nothing new
  EXPECT_EQ(clock_.wait_until(at(seconds{3})), Wake::deadline);
  EXPECT_EQ(clock_.elapsed(), seconds{9});
  EXPECT_EQ(clock_.wait_until(at(seconds{30})), Wake::notified);
  EXPECT_EQ(told_, "end@6000 timeout@12000 ");
}

TEST_F(VirtualClockTest, ATimeoutSetDuringAStallBeginsAtItsEnd) {
  clock_.stall_until(at(seconds{9}));
  clock_.schedule_timeout(seconds{5}, [] { return Wake::notified; });
  EXPECT_EQ(clock_.wait_until(at(seconds{30})), Wake::notified);
  EXPECT_EQ(clock_.elapsed(), seconds{14});
}

TEST_F(VirtualClockTest, AnAnswerIsWaitedForAsLongAsItMayTake) {
  EXPECT_TRUE(clock_.await_answer(seconds{3}, seconds{5}));
  EXPECT_EQ(clock_.elapsed(), seconds{3});
  EXPECT_TRUE(clock_.await_answer(seconds{5}, seconds{5}));
  EXPECT_EQ(clock_.elapsed(), seconds{8});
  plan(seconds{9}, Order::event, "meanwhile", Wake::notified);
  EXPECT_FALSE(clock_.await_answer(seconds{5} + Milliseconds{1}, seconds{5}));
  EXPECT_EQ(clock_.elapsed(), seconds{13});
  EXPECT_EQ(told_, "meanwhile@9000 ");
  EXPECT_EQ(clock_.wait_until(at(seconds{30})), Wake::notified);
  EXPECT_EQ(clock_.wait_until(at(seconds{30})), Wake::deadline) << "nothing is left of it";
}

TEST_F(VirtualClockTest, AnAnswerThatCameDuringAStallCameInTime) {
  clock_.schedule(at(seconds{2}), Order::event, [this] {
    clock_.stall_until(at(seconds{9}));
    return std::nullopt;
  });
  EXPECT_TRUE(clock_.await_answer(seconds{6}, seconds{5}));
  EXPECT_EQ(clock_.elapsed(), seconds{9});
}

TEST_F(VirtualClockTest, AnActionAtTheDeadlineComesBeforeIt) {
  plan(seconds{30}, Order::event, "a", Wake::notified);
  EXPECT_EQ(clock_.wait_until(at(seconds{30})), Wake::notified);
  EXPECT_EQ(clock_.wait_until(at(seconds{30})), Wake::deadline);
}

TEST_F(VirtualClockTest, AnActionOfThePastIsDoneAtTheNextWait) {
  clock_.wait_until(at(seconds{30}));
  plan(seconds{10}, Order::event, "late");
  EXPECT_EQ(clock_.wait_until(at(seconds{30})), Wake::deadline);
  EXPECT_EQ(told_, "late@30000 ");
}

TEST_F(VirtualClockTest, AnActionCanPlanAnother) {
  clock_.schedule(at(seconds{10}), Order::event, [this] {
    plan(seconds{10}, Order::switch_end, "at once");
    plan(seconds{20}, Order::event, "later");
    return std::nullopt;
  });
  clock_.wait_until(at(seconds{30}));
  EXPECT_EQ(told_, "at once@10000 later@20000 ");
}

TEST_F(VirtualClockTest, WhatIsCancelledDoesNotHappen) {
  plan(seconds{10}, Order::event, "stays");
  const auto ticket = clock_.schedule(at(seconds{10}), Order::event, [this] {
    told_ += "cancelled ";
    return Wake::stop;
  });
  clock_.cancel(ticket);
  clock_.cancel(ticket);
  EXPECT_EQ(clock_.wait_until(at(seconds{30})), Wake::deadline);
  EXPECT_EQ(told_, "stays@10000 ");
}

TEST_F(VirtualClockTest, NothingHappensAfterItsEnd) {
  plan(seconds{100}, Order::event, "last");
  plan(seconds{100} + Milliseconds{1}, Order::event, "never");
  EXPECT_EQ(clock_.wait_until(at(seconds{100} + Milliseconds{1})), Wake::stop);
  EXPECT_EQ(clock_.elapsed(), seconds{100});
  EXPECT_EQ(clock_.wait_until(SteadyTime::max()), Wake::stop) << "and stays over";
  EXPECT_EQ(told_, "last@100000 ");
}

TEST_F(VirtualClockTest, TheEndItselfCanBeWaitedFor) { EXPECT_EQ(clock_.wait_until(at(seconds{100})), Wake::deadline); }

TEST_F(VirtualClockTest, AStepOfTheWallClockLeavesSteadyTime) {
  clock_.wait_until(at(seconds{30}));
  clock_.step_wall(-std::chrono::hours{1});
  EXPECT_EQ(clock_.now().wall, start_ + seconds{30} - std::chrono::hours{1});
  EXPECT_EQ(clock_.elapsed(), seconds{30});
  clock_.wait_until(at(seconds{31}));
  EXPECT_EQ(clock_.now().wall, start_ + seconds{31} - std::chrono::hours{1});
}

}  // namespace
}  // namespace quotawatch::sim
