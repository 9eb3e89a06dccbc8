// How many looks there are, and when the next one is.
#include "os/tmux/look_budget.h"

#include <gtest/gtest.h>

namespace quotawatch::os {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr Milliseconds ms{1};

int take_all(LookBudget& looks, SteadyTime now) {
  int taken = 0;
  while (looks.take(now)) ++taken;
  return taken;
}

TEST(LookBudget, IsFullAtFirstAndNeverFuller) {
  LookBudget looks(seconds{15}, 3);
  const SteadyTime start{hours{1}};
  EXPECT_EQ(take_all(looks, start), 3);
  EXPECT_EQ(take_all(looks, start + hours{1}), 3);
}

TEST(LookBudget, HasOneMoreEachInterval) {
  LookBudget looks(seconds{15}, 3);
  const SteadyTime start{hours{1}};
  take_all(looks, start);
  EXPECT_EQ(looks.wait(start), seconds{15});
  EXPECT_EQ(looks.wait(start + seconds{15} - ms), ms);
  EXPECT_FALSE(looks.take(start + seconds{15} - ms));
  EXPECT_EQ(looks.wait(start + seconds{15}), Milliseconds{0});
  EXPECT_EQ(take_all(looks, start + seconds{15}), 1);
  EXPECT_EQ(take_all(looks, start + seconds{45} - ms), 1);
  EXPECT_EQ(take_all(looks, start + seconds{45}), 1);
}

}  // namespace
}  // namespace quotawatch::os
