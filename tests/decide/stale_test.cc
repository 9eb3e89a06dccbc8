// A3: stale evidence never triggers.
#include <gtest/gtest.h>

#include "scene.h"

namespace quotawatch::tests {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

TEST(StaleEvidence, ABannerThatStaysAfterTheSwitchIsReportedOnceAndNeverTriggers) {
  Scene scene;
  scene.show("main", hit());
  scene.switch_once();
  EXPECT_EQ(scene.poll_after(cooldown - ms), "skip:cooldown") << "reported only after the cooldown";
  EXPECT_EQ(scene.poll_after(ms), "stale");
  EXPECT_EQ(scene.last(EventKind::stale).session, "main");
  EXPECT_EQ(scene.last(EventKind::stale).rule, "rule of limit");
  EXPECT_EQ(scene.last(EventKind::stale).snippet, "limit");
  for (int i = 0; i < 50; ++i) EXPECT_EQ(scene.poll(), "");
  EXPECT_EQ(scene.poll_after(hours{100}), "");
}

TEST(StaleEvidence, IsReportedOnceAcrossRestarts) {
  Scene scene;
  scene.show("main", hit());
  scene.switch_once();
  EXPECT_EQ(scene.poll_after(cooldown), "stale");
  EXPECT_EQ(scene.restart(), "");
  EXPECT_EQ(scene.poll(), "");
}

TEST(StaleEvidence, IsReportedAgainAfterTheNextSwitch) {
  Scene scene(rules_with_accounts({"a", "b", "c"}));
  scene.show("main", hit());
  scene.switch_once();
  EXPECT_EQ(scene.poll_after(cooldown), "stale");
  scene.show("side", hit_for(minutes{45}));
  EXPECT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.end(true), "switch_done");
  EXPECT_EQ(scene.poll_after(cooldown), "stale stale");
}

// Its capture fails when the switch is requested, so that what it showed last would stand for it.
TEST(StaleEvidence, OfAPlainScreenEndsWithItsSession) {
  Scene scene;
  scene.show("main", plain(hit()));
  scene.show("side", showing("at work"));
  EXPECT_EQ(scene.poll(), "suspect");
  scene.remove("main");
  EXPECT_EQ(scene.poll(), "clear:below_thresholds");
  scene.fail("main");
  scene.show("side", hit_for(minutes{45}));
  EXPECT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.end(true), "switch_done");
  scene.show("side", showing("at work"));
  scene.show("main", plain(hit()));
  EXPECT_EQ(scene.poll_after(cooldown), "suspect");
}

TEST(StaleEvidence, StillCountsTowardsTheThreshold) {
  Scene scene;
  scene.show("pool-0", hit());
  scene.show("pool-1", hit());
  scene.switch_once();
  EXPECT_EQ(scene.poll_after(cooldown), "stale stale");
  scene.show("pool-1", hit("another"));
  EXPECT_EQ(scene.poll(), "suspect");
  EXPECT_EQ(scene.last(EventKind::suspect).pool, 2);
  EXPECT_EQ(scene.last(EventKind::suspect).session, "pool-1") << "the first fresh one";
}

TEST(StaleEvidence, OfOneKindDoesNotMakeTheOtherFresh) {
  Scene scene;
  scene.show("main", hit());
  scene.switch_once();
  EXPECT_EQ(scene.poll_after(cooldown), "stale");
  scene.show("pool-0", hit("another"));
  EXPECT_EQ(scene.poll(), "") << "the fresh one is below the pool's threshold";
}

TEST(StaleEvidence, GivesNoResetTime) {
  Scene scene;
  scene.show("main", hit_for(hours{5}));
  scene.switch_once();
  scene.show("side", hit());
  EXPECT_EQ(scene.poll_after(cooldown), "stale suspect");
}

TEST(StaleEvidence, ASessionThatChangesIsFresh) {
  Scene scene;
  scene.show("main", hit());
  scene.switch_once();
  Screen grown = hit();
  grown.text = "limit, and a line more";  // the same message in another conversation
  scene.show("main", grown);
  EXPECT_EQ(scene.poll_after(cooldown), "suspect");
}

TEST(StaleEvidence, OnceSeenToShowAnythingElseTheSameBannerIsNew) {
  Scene scene;
  scene.show("main", hit());
  scene.switch_once();
  scene.show("main", showing("at work"));
  EXPECT_EQ(scene.poll(), "skip:cooldown");
  scene.show("main", hit());
  EXPECT_EQ(scene.poll_after(cooldown), "suspect");
}

TEST(StaleEvidence, IsWhatARestartedProgramDrawsAgain) {
  for (const bool gone : {false, true}) {
    Scene scene;
    scene.show("main", hit());
    scene.switch_once();
    if (gone) {
      scene.remove("main");
    } else {
      scene.show("main", hiding());
    }
    EXPECT_EQ(scene.poll_after(cooldown), "");
    scene.show("main", hiding(Context::start));
    EXPECT_EQ(scene.poll(), "");
    scene.show("main", hit());
    EXPECT_EQ(scene.poll(), "stale");
  }
}

TEST(StaleEvidence, OfAPlainScreenIsGoneOnceTheBlockHasShownAnythingElse) {
  Scene scene;
  scene.show("main", plain(hit()));
  scene.switch_once();
  scene.show("main", hiding());
  EXPECT_EQ(scene.poll_after(cooldown), "");
  scene.show("main", plain(hit()));
  EXPECT_EQ(scene.poll(), "suspect");
}

TEST(StaleEvidence, AChangeWhileTheSwitchIsInFlightCounts) {
  Scene scene;
  scene.show("main", hit_for(hours{5}));
  ASSERT_EQ(scene.poll(), "switch");
  scene.show("main", showing("at work"));
  EXPECT_EQ(scene.poll(), "skip:pending");
  scene.show("main", hit());
  EXPECT_EQ(scene.end(true), "switch_done");
  EXPECT_EQ(scene.poll_after(cooldown), "suspect");
}

TEST(StaleEvidence, AnUnseenChangeDoesNotCount) {
  Scene scene;
  scene.show("main", hit());
  scene.switch_once();
  scene.fail("main");
  EXPECT_EQ(scene.poll_after(cooldown), "");
  scene.remove("main");
  EXPECT_EQ(scene.poll(), "");
  scene.show("main", hit());
  EXPECT_EQ(scene.poll(), "stale");
}

TEST(StaleEvidence, OfASessionWhoseCaptureFailedWhenTheSwitchWasAskedForIsWhatItShowedLast) {
  for (const bool on_plain_screens : {false, true}) {
    for (const bool restarted : {false, true}) {
      const Screen old = on_plain_screens ? plain(hit("old")) : hit("old");
      Scene scene(rules_with_accounts({"a", "b", "c"}));
      scene.show("side", old);
      scene.fail("main");
      EXPECT_EQ(scene.poll(), "suspect");
      if (restarted) {
        EXPECT_EQ(scene.restart(), "");
      }
      scene.fail("side");
      scene.show("main", hit_for(hours{5}));
      EXPECT_EQ(scene.poll(), "switch");
      EXPECT_EQ(scene.end(true), "switch_done");
      scene.show("main", showing("at work"));
      scene.show("side", old);
      // A restart forgets what plain screens showed.
      EXPECT_EQ(scene.poll_after(cooldown), on_plain_screens && restarted ? "suspect" : "stale");
    }
  }
}

TEST(StaleEvidence, IsWhatWasOutOfSightWhenTheSwitchWasAskedFor) {
  for (const bool gone : {false, true}) {
    Scene scene(rules_with_accounts({"a", "b", "c"}));
    scene.show("side", hit("old"));
    EXPECT_EQ(scene.poll(), "suspect");
    if (gone) {
      scene.remove("side");
    } else {
      scene.show("side", hiding());
    }
    scene.show("main", hit_for(hours{5}));
    EXPECT_EQ(scene.poll(), "switch");
    EXPECT_EQ(scene.end(true), "switch_done");
    scene.show("main", showing("at work"));
    scene.show("side", hit("old"));
    EXPECT_EQ(scene.poll_after(cooldown), "stale");
  }
}

TEST(StaleEvidence, OfASwitchThatFailedThereIsNone) {
  Scene scene;
  scene.show("main", hit());
  scene.poll();
  ASSERT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.end(false), "switch_failed");
  EXPECT_EQ(scene.poll_after(interval), "suspect");
}

TEST(StaleEvidence, AFailedSwitchKeepsWhatWasStaleBefore) {
  Scene scene(rules_with_accounts({"a", "b", "c"}));
  scene.show("main", hit());
  scene.switch_once();
  scene.show("side", hit_for(hours{5}));
  EXPECT_EQ(scene.poll_after(cooldown), "stale switch");
  EXPECT_EQ(scene.end(false), "switch_failed");
  scene.remove("side");
  EXPECT_EQ(scene.poll(), "") << "main still shows what it showed at the first switch";
}

TEST(StaleEvidence, SurvivesARestart) {
  Scene scene;
  scene.show("main", hit());
  scene.switch_once();
  EXPECT_EQ(scene.restart(minutes{1}), "");
  EXPECT_EQ(scene.poll_after(cooldown), "stale");
}

// The late banner of the previous account.

TEST(LateBanner, ThatNamesTheOldAccountsResetIsStale) {
  for (const auto late : {interval, cooldown - ms}) {
    Scene scene;
    scene.show("main", hit_until(hours{14}));
    scene.switch_once();
    scene.show("side", hit_until(hours{14}, "late"));
    EXPECT_EQ(scene.poll_after(late), "skip:cooldown");
    EXPECT_EQ(scene.poll_after(cooldown), "stale stale") << late.count();
    EXPECT_EQ(scene.last(EventKind::stale).session, "side");
    EXPECT_EQ(scene.last(EventKind::stale).reset_at, noon() + hours{2});
  }
}

TEST(LateBanner, InTheWordsOfTheOldOneIsStale) {
  for (const auto late : {interval, cooldown - ms}) {
    Scene scene(rules_with_accounts({"a", "b", "c"}));
    scene.show("main", hit_until(hours{14}));
    scene.switch_once();
    Screen again = hit_until(hours{14});
    again.text += ", again";
    scene.show("main", again);
    EXPECT_EQ(scene.poll_after(late), "skip:cooldown");
    EXPECT_EQ(scene.poll_after(cooldown), "stale") << late.count();
  }
}

TEST(LateBanner, InTheWordsOfTheOldOneAtTheCooldownsEndIsFresh) {
  Scene scene(rules_with_accounts({"a", "b", "c"}));
  scene.show("main", hit_until(hours{14}));
  scene.switch_once();
  Screen again = hit_until(hours{14});
  again.text += ", again";
  scene.show("side", again);
  EXPECT_EQ(scene.poll_after(cooldown), "stale switch");
}

TEST(LateBanner, SeenWhileTheSwitchIsInFlightIsStale) {
  Scene scene;
  scene.show("main", hit_until(hours{14}));
  ASSERT_EQ(scene.poll(), "switch");
  scene.show("side", hit_until(hours{14}, "late"));
  EXPECT_EQ(scene.poll(), "skip:pending");
  EXPECT_EQ(scene.end(true), "switch_done");
  EXPECT_EQ(scene.poll_after(cooldown), "stale stale");
}

TEST(LateBanner, FirstSeenAtTheCooldownsEndIsFresh) {
  Scene scene;
  scene.show("main", hit_until(hours{14}));
  scene.switch_once();
  scene.show("side", hit_until(hours{14}, "late"));
  EXPECT_EQ(scene.poll_after(cooldown), "stale exhausted_everywhere");
}

TEST(LateBanner, ThatNamesAnotherInstantIsFresh) {
  for (const auto other : {hours{14} + minutes{1}, hours{14} - minutes{1}}) {
    Scene scene(rules_with_accounts({"a", "b", "c"}));
    scene.show("main", hit_until(hours{14}));
    scene.switch_once();
    scene.show("side", hit_until(other, "of the new account"));
    EXPECT_EQ(scene.poll(), "skip:cooldown");
    EXPECT_EQ(scene.poll_after(cooldown), "stale switch") << other.count();
  }
}

TEST(LateBanner, ThatNamesNoResetIsFresh) {
  Scene scene;
  scene.show("main", hit_until(hours{14}));
  scene.switch_once();
  scene.show("side", hit("late"));
  EXPECT_EQ(scene.poll(), "skip:cooldown");
  EXPECT_EQ(scene.poll_after(cooldown), "stale suspect");
}

TEST(LateBanner, IsNotJudgedByAGuessAboutTheOldAccount) {
  Scene scene(rules_with_accounts({"a", "b", "c"}));
  scene.show("main", hit());
  scene.switch_once();  // at 12:01, so the old account is assumed to be limited until 13:01
  scene.show("side", hit_until(hours{13} + minutes{1}, "of the new account"));
  EXPECT_EQ(scene.poll(), "skip:cooldown");
  EXPECT_EQ(scene.poll_after(cooldown), "stale switch");
}

TEST(LateBanner, OfASwitchThatFailedIsFresh) {
  Scene scene;
  scene.show("main", hit_until(hours{14}));
  ASSERT_EQ(scene.poll(), "switch");
  scene.show("side", hit_until(hours{14}, "late"));
  EXPECT_EQ(scene.poll(), "skip:pending");
  EXPECT_EQ(scene.end(false), "switch_failed");
  EXPECT_EQ(scene.poll_after(interval), "switch");
}

TEST(LateBanner, IsKnownAfterARestart) {
  Scene scene;
  scene.show("main", hit_until(hours{14}));
  ASSERT_EQ(scene.poll(), "switch");
  scene.show("side", hit_until(hours{14}, "late"));
  EXPECT_EQ(scene.poll(), "skip:pending");
  EXPECT_EQ(scene.restart(), "switch_resumed");
  EXPECT_EQ(scene.end(true), "switch_done");
  EXPECT_EQ(scene.poll_after(cooldown), "stale stale");
}

}  // namespace
}  // namespace quotawatch::tests
