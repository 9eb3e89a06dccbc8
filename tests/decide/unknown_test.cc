// A2: unknown is not clear, and suspicion does not last forever.
#include <gtest/gtest.h>

#include "scene.h"

namespace quotawatch::tests {
namespace {

using std::chrono::minutes;

TEST(UnknownEvidence, NeitherClearsNorConfirms) {
  Scene scene;
  scene.show("main", hit());
  EXPECT_EQ(scene.poll(), "suspect");
  scene.fail("main");
  EXPECT_EQ(scene.poll(), "");
  EXPECT_EQ(scene.poll(), "");
  scene.show("main", hit());
  EXPECT_EQ(scene.poll(), "switch") << "90 s after, still suspected";
}

TEST(UnknownEvidence, OfAnySessionKeepsSuspicion) {
  Scene scene;
  scene.show("main", hit());
  EXPECT_EQ(scene.poll(), "suspect");
  scene.show("main", showing("at work"));
  scene.fail("pool-0");
  EXPECT_EQ(scene.poll(), "");
  scene.show("pool-0", showing("at work"));
  EXPECT_EQ(scene.poll(), "clear:below_thresholds");
}

TEST(UnknownEvidence, IsNoHit) {
  Scene scene;
  for (const char* session : {"pool-0", "pool-1", "main"}) scene.fail(session);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(scene.poll(), "");
  scene.show("pool-0", hit());
  EXPECT_EQ(scene.poll(), "") << "one hit and one unknown are below two";
}

TEST(UnknownEvidence, DoesNotHinderHitsThatReachTheThreshold) {
  Scene scene;
  scene.fail("pool-0");
  scene.show("main", hit());
  EXPECT_EQ(scene.poll(), "suspect");
  EXPECT_EQ(scene.poll(), "switch");
}

TEST(UnknownEvidence, IsAVerdictWithItsReason) {
  Scene scene;
  scene.fail("main");
  scene.poll();
  const auto& verdicts = scene.decider().evidence().verdicts;
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_EQ(verdicts[0].verdict, Verdict::unknown);
  EXPECT_EQ(verdicts[0].why, "timed out");
  EXPECT_EQ(scene.decider().evidence().unknown, 1);
}

TEST(OldSuspicion, IsForgottenAfterMoreThanThreeIntervals) {
  for (const auto& [age, decided] :
       {std::pair{3 * interval - ms, ""}, std::pair{3 * interval, ""}, std::pair{3 * interval + ms, "clear:too_old"}}) {
    Scene scene;
    scene.show("main", hit());
    EXPECT_EQ(scene.poll(), "suspect");
    scene.fail("main");
    EXPECT_EQ(scene.poll_after(age), decided) << age.count();
  }
}

TEST(OldSuspicion, IsForgottenBeforeTheEvidenceIsWeighed) {
  for (const auto& [age, decided] :
       {std::pair{3 * interval, "switch"}, std::pair{3 * interval + ms, "clear:too_old suspect"}}) {
    Scene scene;
    scene.show("main", hit());
    EXPECT_EQ(scene.poll(), "suspect");
    EXPECT_EQ(scene.poll_after(age), decided) << age.count();
  }
}

TEST(OldSuspicion, IsForgottenThoughAResetConfirmsTheNewHit) {
  Scene scene;
  scene.show("main", hit());
  EXPECT_EQ(scene.poll(), "suspect");
  scene.show("main", hit_for(minutes{45}));
  EXPECT_EQ(scene.poll_after(3 * interval + ms), "clear:too_old switch");
}

TEST(OldSuspicion, IsClearedOnlyOnce) {
  Scene scene;
  scene.show("main", hit());
  EXPECT_EQ(scene.poll(), "suspect");
  scene.show("main", showing("at work"));
  EXPECT_EQ(scene.poll_after(3 * interval + ms), "clear:too_old");
}

TEST(OldSuspicion, CountsFromTheFirstHit) {
  Scene scene;
  scene.show("main", hit());
  EXPECT_EQ(scene.poll(), "suspect");
  scene.fail("main");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(scene.poll(), "");
  EXPECT_EQ(scene.poll(), "clear:too_old");
}

TEST(OldSuspicion, UsesTheSteadyClock) {
  Scene scene;
  scene.show("main", hit());
  EXPECT_EQ(scene.poll(), "suspect");
  scene.step_wall(std::chrono::hours{24});
  EXPECT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.decider().raw_events().at(0).why, "seen again 30s after it was suspected");
}

TEST(Suspicion, IsNotKeptOverARestart) {
  Scene scene;
  scene.show("main", hit());
  EXPECT_EQ(scene.poll(), "suspect");
  EXPECT_EQ(scene.restart(), "");
  EXPECT_EQ(scene.poll(), "suspect");
}

}  // namespace
}  // namespace quotawatch::tests
