// A simulated account's windows, at their edges.
#include "sim/world/account.h"

#include <gtest/gtest.h>

namespace quotawatch::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const WallTime noon = *parse_wall("2026-11-23T12:00:00Z");
const Zone zone = Zone::utc();

TEST(SimulatedAccount, ReachesItsLimitWhenTheWindowIsSpent) {
  Account account("a", hours{2}, hours{100});
  account.spend(minutes{119}, noon, zone);
  EXPECT_FALSE(account.limit(noon));
  account.spend(minutes{1}, noon + hours{2}, zone);
  ASSERT_TRUE(account.limit(noon + hours{2}));
  EXPECT_EQ(account.limit(noon + hours{2})->kind, LimitKind::window);
  EXPECT_EQ(account.limit(noon + hours{2})->until, noon + hours{5});
}

TEST(SimulatedAccount, IsFreeAtTheEndAndNotAMillisecondBefore) {
  Account account("a", hours{1}, hours{100});
  account.spend(hours{1}, noon, zone);
  EXPECT_TRUE(account.limit(noon + hours{5} - Milliseconds{1}));
  EXPECT_FALSE(account.limit(noon + hours{5}));
}

TEST(SimulatedAccount, ANewWindowBeginsWithTheFirstWorkAfterTheOld) {
  Account account("a", hours{1}, hours{100});
  account.spend(minutes{59}, noon, zone);
  account.spend(minutes{59}, noon + hours{5}, zone);
  EXPECT_FALSE(account.limit(noon + hours{5}));
  account.spend(minutes{1}, noon + hours{6}, zone);
  ASSERT_TRUE(account.limit(noon + hours{6}));
  EXPECT_EQ(account.limit(noon + hours{6})->until, noon + hours{10});
}

TEST(SimulatedAccount, TheWeekOutlastsTheWindow) {
  Account account("a", hours{1}, hours{2});
  account.spend(hours{1}, noon, zone);
  account.spend(hours{1}, noon + hours{5}, zone);
  const auto limit = account.limit(noon + hours{5});
  ASSERT_TRUE(limit);
  EXPECT_EQ(limit->kind, LimitKind::week);
  EXPECT_EQ(limit->until, noon + hours{24 * 7});
}

}  // namespace
}  // namespace quotawatch::sim
