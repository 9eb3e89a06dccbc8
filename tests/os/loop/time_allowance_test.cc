// Timeouts do not count time during which we were stopped.
#include "os/loop/time_allowance.h"

#include <gtest/gtest.h>

namespace quotawatch::os {
namespace {

constexpr Milliseconds slice = TimeAllowance::longest_slice;

// Waits slice after slice, each this much too late; returns the total.
Milliseconds wait_for(TimeAllowance allowance, Milliseconds late) {
  Milliseconds waited{0};
  while (allowance.slice() > Milliseconds{0}) {
    const Milliseconds now = allowance.slice() + late;
    allowance.use(now);
    waited += now;
  }
  return waited;
}

TEST(TimeAllowance, IsUsedUpWhenItsTimeHasPassed) {
  for (const Milliseconds total :
       {Milliseconds{0}, Milliseconds{1}, slice - Milliseconds{1}, slice, slice + Milliseconds{1}, slice * 7}) {
    EXPECT_EQ(wait_for(TimeAllowance(total), Milliseconds{0}), total);
  }
  EXPECT_EQ(TimeAllowance(Milliseconds{-5}).slice(), Milliseconds{0});
}

TEST(TimeAllowance, CountsWhatIsLeftOfABrokenWait) {
  TimeAllowance allowance(slice * 2);
  allowance.use(Milliseconds{300});
  EXPECT_EQ(wait_for(allowance, Milliseconds{0}), slice * 2 - Milliseconds{300});
}

TEST(TimeAllowance, TimeWhileWeWereStoppedDoesNotCount) {
  TimeAllowance allowance(slice * 3);
  allowance.use(slice + std::chrono::hours{10});
  EXPECT_EQ(wait_for(allowance, Milliseconds{0}), slice * 2);
}

TEST(TimeAllowance, AStopThatUsesUpTheRestGivesOneExtraSlice) {
  TimeAllowance allowance(Milliseconds{300});
  allowance.use(std::chrono::hours{1});
  EXPECT_EQ(allowance.slice(), Milliseconds{300});
  allowance.use(std::chrono::hours{1});
  EXPECT_EQ(allowance.slice(), Milliseconds{0});

  TimeAllowance longer(slice * 2);
  longer.use(slice);
  longer.use(std::chrono::hours{1});
  EXPECT_EQ(longer.slice(), slice);
}

// On a machine that is merely busy nothing is added.
TEST(TimeAllowance, UsualDelaysGiveNoExtraSlice) {
  const Milliseconds late = TimeAllowance::usual_delay;
  EXPECT_EQ(wait_for(TimeAllowance(slice * 5), late), slice * 5 + late * 5);
}

}  // namespace
}  // namespace quotawatch::os
