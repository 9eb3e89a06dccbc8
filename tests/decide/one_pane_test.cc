// A pane shown by several sessions counts once, and one whose program has ended does not count.
#include <gtest/gtest.h>

#include "scene.h"

namespace quotawatch::tests {
namespace {

using std::chrono::minutes;

TEST(SharedPane, CountsOnce) {
  Scene scene;
  scene.show("pool-0", hit_for(minutes{60}));
  scene.share("pool-1", hit_for(minutes{60}));
  scene.share("main", hit_for(minutes{60}));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(scene.poll(), "");
  scene.show("pool-2", hit_for(minutes{60}));
  EXPECT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.last(EventKind::switch_).pool, 2);
  EXPECT_EQ(scene.last(EventKind::switch_).interactive, 0);
}

TEST(SharedPane, SaysForWhomItCounts) {
  Scene scene;
  scene.show("pool-0", hit());
  scene.share("pool-1", hit());
  scene.poll();
  const auto& verdicts = scene.decider().evidence().verdicts;
  ASSERT_EQ(verdicts.size(), 2U);
  EXPECT_EQ(verdicts[0].verdict, Verdict::exhausted);
  EXPECT_EQ(verdicts[1].session, "pool-1");
  EXPECT_EQ(verdicts[1].verdict, Verdict::clear);
  EXPECT_EQ(verdicts[1].why, "shows the pane of another, where it counts");
  EXPECT_EQ(verdicts[1].rule, "");
  EXPECT_FALSE(verdicts[1].reset_at);
}

// A2: a shared pane is not unknown.
TEST(SharedPane, KeepsNoSuspicion) {
  Scene scene;
  scene.show("main", hit());
  scene.share("side", hit());
  EXPECT_EQ(scene.poll(), "suspect");
  scene.show("main", showing("at work"));
  scene.share("side", showing("at work"));
  EXPECT_EQ(scene.poll(), "clear:below_thresholds");
}

// A3: the session that the pane counted for goes away, and its old banner remains in the other.
TEST(SharedPane, ThatIsLeftToAnotherSessionIsNoNewEvidence) {
  Scene scene;
  scene.show("main", hit_for(minutes{60}));
  scene.share("side", hit_for(minutes{60}));
  EXPECT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.end(true), "switch_done");
  scene.remove("main");
  scene.show("side", hit_for(minutes{60}));
  EXPECT_EQ(scene.poll_after(cooldown), "stale");
  EXPECT_EQ(scene.poll(), "");
}

TEST(EndedProgram, IsNoHit) {
  Scene scene;
  scene.show("pool-0", hit_for(minutes{60}));
  scene.show("pool-1", hit_for(minutes{60}));
  scene.end_program("pool-1");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(scene.poll(), "");
}

TEST(EndedProgram, NeitherKeepsSuspicionNorConfirmsIt) {
  Scene scene;
  scene.show("main", hit());
  EXPECT_EQ(scene.poll(), "suspect");
  scene.end_program("main");
  EXPECT_EQ(scene.poll(), "clear:below_thresholds");
  EXPECT_EQ(scene.decider().evidence().unknown, 0);
}

TEST(EndedProgram, IsAVerdictWithItsReason) {
  Scene scene;
  scene.end_program("main");
  scene.poll();
  const auto& verdicts = scene.decider().evidence().verdicts;
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_EQ(verdicts[0].verdict, Verdict::unknown);
  EXPECT_EQ(verdicts[0].why, "ended");
}

// A3: a program restarted in its place redraws the old conversation.
TEST(EndedProgram, ForgetsNothingOfWhatWasShown) {
  Scene scene;
  scene.show("main", hit_for(minutes{60}));
  EXPECT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.end(true), "switch_done");
  scene.end_program("main");
  EXPECT_EQ(scene.poll_after(cooldown), "");
  scene.show("main", hit_for(minutes{60}));
  EXPECT_EQ(scene.poll(), "stale");
}

}  // namespace
}  // namespace quotawatch::tests
