// The contract of Clock: run against SystemClock and VirtualClock.
//
// A World is default constructible and has
//   Clock& clock();
//   void notify_after(Milliseconds), reload_after(Milliseconds): counted from now on;
//   void stop_after(Milliseconds): likewise, to be called before the others;
//   void stall(Milliseconds): the process that waits on the clock is stopped for that long.
#pragma once

#include <gtest/gtest.h>

#include "quotawatch/clock.h"

namespace quotawatch::contracts {

template <typename World>
class ClockContract : public testing::Test {
 protected:
  Clock& clock() { return world_.clock(); }
  SteadyTime in(Milliseconds delay) { return clock().now().steady + delay; }

  World world_;
};

TYPED_TEST_SUITE_P(ClockContract);

constexpr Milliseconds soon{20};
constexpr Milliseconds later{150};
constexpr Milliseconds much_later{30'000};

TYPED_TEST_P(ClockContract, SteadyTimeNeverGoesBack) {
  SteadyTime before = this->clock().now().steady;
  for (int i = 0; i < 1000; ++i) {
    const SteadyTime now = this->clock().now().steady;
    ASSERT_GE(now, before);
    before = now;
  }
}

TYPED_TEST_P(ClockContract, AWaitEndsAtItsDeadlineAndNotBefore) {
  for (int i = 0; i < 5; ++i) {
    const SteadyTime deadline = this->in(Milliseconds{7});
    EXPECT_EQ(this->clock().wait_until(deadline), Wake::deadline);
    const SteadyTime now = this->clock().now().steady;
    EXPECT_GE(now, deadline);
    EXPECT_LT(now, deadline + much_later);
  }
}

TYPED_TEST_P(ClockContract, BothReadingsGoOnWhileItWaits) {
  const Moment before = this->clock().now();
  this->clock().wait_until(before.steady + later);
  const Moment after = this->clock().now();
  const Milliseconds steady = after.steady - before.steady;
  const Milliseconds wall = after.wall - before.wall;
  EXPECT_GE(wall, steady - later);
  EXPECT_LE(wall, steady + later);
}

TYPED_TEST_P(ClockContract, APastDeadlineEndsTheWaitAtOnce) {
  const SteadyTime start = this->clock().now().steady;
  EXPECT_EQ(this->clock().wait_until(start), Wake::deadline);
  EXPECT_EQ(this->clock().wait_until(start - std::chrono::hours{1}), Wake::deadline);
  EXPECT_LT(this->clock().now().steady, start + std::chrono::seconds{5});
}

TYPED_TEST_P(ClockContract, ANotificationEndsOneWait) {
  this->world_.notify_after(soon);
  const SteadyTime deadline = this->in(later);
  EXPECT_EQ(this->clock().wait_until(deadline + much_later), Wake::notified);
  EXPECT_EQ(this->clock().wait_until(deadline), Wake::deadline);
}

TYPED_TEST_P(ClockContract, AReloadEndsOneWait) {
  this->world_.reload_after(soon);
  const SteadyTime deadline = this->in(later);
  EXPECT_EQ(this->clock().wait_until(deadline + much_later), Wake::reload);
  EXPECT_EQ(this->clock().wait_until(deadline), Wake::deadline);
}

TYPED_TEST_P(ClockContract, WhatIsDueAtTheDeadlineIsReportedFirst) {
  this->world_.notify_after(Milliseconds{0});
  const SteadyTime now = this->clock().now().steady;
  EXPECT_EQ(this->clock().wait_until(now), Wake::notified);
  EXPECT_EQ(this->clock().wait_until(now), Wake::deadline);
}

TYPED_TEST_P(ClockContract, WhatHappenedDuringAStallIsReportedBeforeADeadlineInIt) {
  this->world_.notify_after(soon);
  const SteadyTime deadline = this->in(soon / 2);
  this->world_.stall(later);
  EXPECT_EQ(this->clock().wait_until(deadline), Wake::notified);
  EXPECT_EQ(this->clock().wait_until(deadline), Wake::deadline);
}

TYPED_TEST_P(ClockContract, WhatComesAfterTheDeadlineIsLeftForTheNextWait) {
  this->world_.notify_after(later);
  EXPECT_EQ(this->clock().wait_until(this->in(Milliseconds{5})), Wake::deadline);
  EXPECT_EQ(this->clock().wait_until(this->in(much_later)), Wake::notified);
}

TYPED_TEST_P(ClockContract, AStopEndsEveryWaitFromThenOn) {
  this->world_.stop_after(later);
  this->world_.notify_after(soon);
  EXPECT_EQ(this->clock().wait_until(this->in(much_later)), Wake::notified);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(this->clock().wait_until(this->in(much_later)), Wake::stop);
  }
}

REGISTER_TYPED_TEST_SUITE_P(ClockContract, SteadyTimeNeverGoesBack, AWaitEndsAtItsDeadlineAndNotBefore,
                            BothReadingsGoOnWhileItWaits, APastDeadlineEndsTheWaitAtOnce, ANotificationEndsOneWait,
                            AReloadEndsOneWait, WhatIsDueAtTheDeadlineIsReportedFirst,
                            WhatHappenedDuringAStallIsReportedBeforeADeadlineInIt,
                            WhatComesAfterTheDeadlineIsLeftForTheNextWait, AStopEndsEveryWaitFromThenOn);

}  // namespace quotawatch::contracts
