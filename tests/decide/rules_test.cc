// Rules 1 to 5: when a poll decides, what counts, suspicion and confirmation.
#include <gtest/gtest.h>

#include "scene.h"

namespace quotawatch::tests {
namespace {

using std::chrono::minutes;

// Rule 1.

TEST(CooldownRule, HoldsUpToItsLastMillisecond) {
  for (const auto& [gap, decided] : {std::pair{cooldown - ms, "skip:cooldown"}, std::pair{cooldown, "suspect"},
                                     std::pair{cooldown + ms, "suspect"}}) {
    Scene scene;
    scene.show("main", hit());
    scene.switch_once();
    scene.show("main", hit("another"));
    EXPECT_EQ(scene.poll_after(gap), decided) << gap.count();
  }
}

TEST(CooldownRule, BeginsWhenTheSwitchIsDoneNotWhenItIsAskedFor) {
  Scene scene;
  scene.show("main", hit_for(minutes{45}));
  EXPECT_EQ(scene.poll(), "switch");
  scene.wait(minutes{1});
  EXPECT_EQ(scene.end(true), "switch_done");
  scene.show("main", hit("another"));
  EXPECT_EQ(scene.poll_after(cooldown - ms), "skip:cooldown");
  EXPECT_EQ(scene.poll_after(ms), "suspect");
}

TEST(CooldownRule, IsAsLongAsConfigured) {
  auto rules = usual_rules();
  rules.quota.cooldown = minutes{3};
  Scene scene(rules);
  scene.show("main", hit());
  scene.switch_once();
  scene.show("main", hit("another"));
  EXPECT_EQ(scene.poll_after(minutes{3} - ms), "skip:cooldown");
  EXPECT_EQ(scene.last(EventKind::skip).retry_at, scene.now().wall + ms);
  EXPECT_EQ(scene.poll_after(ms), "suspect");
}

TEST(CooldownRule, DoesNotHoldBeforeAnySwitch) {
  Scene scene;
  scene.show("main", hit());
  EXPECT_EQ(scene.poll_after(ms), "suspect");
}

TEST(PendingRule, NothingIsDecidedWhileASwitchIsInFlight) {
  Scene scene;
  scene.show("main", hit_for(minutes{45}));
  EXPECT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.poll(), "skip:pending");
  EXPECT_EQ(scene.last(EventKind::skip).id, scene.request().id);
  EXPECT_EQ(scene.poll_after(minutes{120}), "skip:pending");
  EXPECT_EQ(scene.requests().size(), 1U);
}

TEST(PendingRule, GoesBeforeCooldown) {
  Scene scene(rules_with_accounts({"a", "b", "c"}));
  scene.show("main", hit());
  scene.switch_once();
  scene.show("main", hit_for(minutes{45}, "another"));
  EXPECT_EQ(scene.poll_after(cooldown), "switch");
  scene.step_wall(-minutes{30});  // the last switch is in the future now
  EXPECT_EQ(scene.restart(), "switch_resumed");
  EXPECT_EQ(scene.poll(), "skip:pending");
}

TEST(BackoffRule, GoesBeforeCooldown) {
  Scene scene(rules_with_accounts({"a", "b", "c"}));
  scene.show("main", hit());
  scene.switch_once();
  scene.show("main", hit_for(minutes{45}, "another"));
  EXPECT_EQ(scene.poll_after(cooldown), "switch");
  scene.step_wall(-minutes{30});
  EXPECT_EQ(scene.restart(), "switch_resumed");
  EXPECT_EQ(scene.end(false), "switch_failed");
  EXPECT_EQ(scene.poll_after(interval - ms), "skip:backoff");
  EXPECT_EQ(scene.poll_after(ms), "skip:cooldown");
}

// Rules 2 and 3.

TEST(ThresholdRule, PoolNeedsTwoByDefault) {
  for (const int blocked : {0, 1, 2, 3}) {
    Scene scene;
    for (int i = 0; i < 3; ++i) {
      scene.show("pool-" + std::to_string(i), i < blocked ? hit() : showing("at work"));
    }
    EXPECT_EQ(scene.poll(), blocked < 2 ? "" : "suspect") << blocked;
    if (blocked >= 2) {
      EXPECT_EQ(scene.last(EventKind::suspect).pool, blocked);
      EXPECT_EQ(scene.last(EventKind::suspect).interactive, 0);
    }
  }
}

TEST(ThresholdRule, InteractiveNeedsOneByDefault) {
  Scene scene;
  scene.show("main", showing("at work"));
  EXPECT_EQ(scene.poll(), "");
  scene.show("main", hit());
  EXPECT_EQ(scene.poll(), "suspect");
  EXPECT_EQ(scene.last(EventKind::suspect).pool, 0);
  EXPECT_EQ(scene.last(EventKind::suspect).interactive, 1);
}

TEST(ThresholdRule, ConfiguredOnesHold) {
  auto rules = usual_rules();
  rules.quota.pool_threshold = 3;
  rules.quota.interactive_threshold = 2;
  Scene scene(rules);
  scene.show("pool-0", hit());
  scene.show("pool-1", hit());
  scene.show("main", hit());
  EXPECT_EQ(scene.poll(), "") << "two of the pool and one interactive are below both";
  scene.show("side", hit());
  EXPECT_EQ(scene.poll(), "suspect");
  EXPECT_EQ(scene.last(EventKind::suspect).pool, 2);
  EXPECT_EQ(scene.last(EventKind::suspect).interactive, 2);
  scene.remove("side");
  EXPECT_EQ(scene.poll(), "clear:below_thresholds");
  scene.show("pool-2", hit());
  EXPECT_EQ(scene.poll(), "suspect");
}

TEST(ThresholdRule, SessionsThatDoNotExistAreNoObservation) {
  Scene scene;
  scene.remove("pool-0");
  scene.remove("main");
  EXPECT_EQ(scene.poll(), "");
  scene.show("main", hit());
  EXPECT_EQ(scene.poll(), "suspect");
  scene.remove("main");
  EXPECT_EQ(scene.poll(), "clear:below_thresholds") << "gone is not unknown";
}

TEST(ThresholdRule, ThrottledCountsWhereConfigured) {
  Screen throttled = hit("slow down");
  throttled.verdict = Verdict::throttled;
  for (const bool counts : {true, false}) {
    auto rules = usual_rules();
    rules.quota.count_throttled = counts;
    Scene scene(rules);
    scene.show("main", throttled);
    EXPECT_EQ(scene.poll(), counts ? "suspect" : "");
    EXPECT_EQ(scene.decider().evidence().verdicts.at(0).verdict, Verdict::throttled);
  }
}

TEST(ThresholdRule, OtherVerdictsNeverCount) {
  for (const auto verdict : {Verdict::warning, Verdict::server_error, Verdict::auth, Verdict::clear}) {
    Screen screen = hit();
    screen.verdict = verdict;
    Scene scene;
    scene.show("main", screen);
    EXPECT_EQ(scene.poll(), "") << verdict_name(verdict);
  }
}

// Rule 4.

TEST(ConfirmationRule, AHitWithoutResetIsSuspectedAndConfirmedByTheNextPoll) {
  Scene scene;
  scene.show("main", hit());
  EXPECT_EQ(scene.poll(), "suspect");
  EXPECT_TRUE(scene.requests().empty());
  const Event& suspect = scene.last(EventKind::suspect);
  EXPECT_EQ(suspect.session, "main");
  EXPECT_EQ(suspect.rule, "rule of limit");
  EXPECT_EQ(suspect.snippet, "limit");
  EXPECT_EQ(suspect.confirmed, false);
  EXPECT_EQ(suspect.reset_at, std::nullopt);
  EXPECT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.last(EventKind::switch_).confirmed, true);
  EXPECT_EQ(scene.last(EventKind::switch_).reset_at, std::nullopt);
}

TEST(ConfirmationRule, AnotherSessionsHitConfirmsToo) {
  Scene scene;
  scene.show("main", hit());
  EXPECT_EQ(scene.poll(), "suspect");
  scene.show("main", showing("at work"));
  scene.show("pool-0", hit());
  scene.show("pool-1", hit());
  EXPECT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.last(EventKind::switch_).session, "pool-0");
}

TEST(ConfirmationRule, AResetTimeConfirmsAtOnce) {
  Scene scene;
  scene.show("main", hit_for(minutes{45}));
  EXPECT_EQ(scene.poll(), "switch");
  const Event& asked = scene.last(EventKind::switch_);
  EXPECT_EQ(asked.reset_at, scene.now().wall + minutes{45});
  EXPECT_EQ(asked.reset_text, "in some time");
  EXPECT_EQ(asked.confirmed, true);
}

TEST(ConfirmationRule, AResetThatIsNoPossibleTimeDoesNotConfirm) {
  Screen screen = hit();
  screen.reset_text = "13pm";
  Scene scene;
  scene.show("main", screen);
  EXPECT_EQ(scene.poll(), "suspect");
  EXPECT_EQ(scene.last(EventKind::suspect).reset_text, std::nullopt);
}

TEST(ConfirmationRule, AnyFreshHitsResetConfirmsForAll) {
  Scene scene;
  scene.show("pool-0", hit_for(minutes{45}));  // below the pool's threshold
  scene.show("main", hit());
  EXPECT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.last(EventKind::switch_).session, "pool-0");
  EXPECT_EQ(scene.last(EventKind::switch_).reset_at, scene.now().wall + minutes{45});
}

TEST(ConfirmationRule, AClearPollBetweenStartsAgain) {
  Scene scene;
  scene.show("main", hit());
  EXPECT_EQ(scene.poll(), "suspect");
  scene.show("main", showing("at work"));
  EXPECT_EQ(scene.poll(), "clear:below_thresholds");
  EXPECT_EQ(scene.last(EventKind::clear).pool, 0);
  EXPECT_EQ(scene.last(EventKind::clear).interactive, 0);
  EXPECT_EQ(scene.poll(), "") << "cleared once, not at every poll";
  scene.show("main", hit());
  EXPECT_EQ(scene.poll(), "suspect");
}

// Rule 5.

TEST(SwitchRule, AsksForTheSwitchAndRemembersIt) {
  Scene scene;
  scene.show("main", hit_for(minutes{45}));
  ASSERT_EQ(scene.poll(), "switch");
  const SwitchRequest& request = scene.request();
  EXPECT_EQ(request.from, "a");
  EXPECT_EQ(request.to, "b");
  EXPECT_EQ(request.session, "main");
  EXPECT_EQ(request.reset_text, "in some time");
  EXPECT_EQ(request.reset_at, scene.now().wall + minutes{45});
  EXPECT_EQ(request.asked_at, scene.now().wall);
  ASSERT_TRUE(scene.state().in_flight);
  EXPECT_EQ(scene.state().in_flight->asked_at, request.asked_at);
  EXPECT_EQ(scene.state().active_account, "a") << "until it is done";
  EXPECT_EQ(scene.state().switches_asked, 1U);
}

TEST(SwitchRule, ForgetsSuspicion) {
  Scene scene;
  scene.show("main", hit());
  scene.switch_once();
  scene.show("main", hit("another"));
  EXPECT_EQ(scene.poll_after(cooldown), "suspect") << "not confirmed by the old suspicion";
}

TEST(SwitchRule, IdsDifferEvenWithinAMillisecond) {
  Scene scene;
  scene.show("main", hit_for(minutes{45}));
  ASSERT_EQ(scene.poll(), "switch");
  const std::string first = scene.state().in_flight->id;
  EXPECT_EQ(scene.end(false), "switch_failed");
  scene.step_wall(-interval);
  ASSERT_EQ(scene.poll(), "switch");  // at the same wall time
  EXPECT_EQ(scene.requests()[0].asked_at, scene.requests()[1].asked_at);
  EXPECT_NE(scene.state().in_flight->id, first);
}

TEST(SwitchRule, SaysWhyInWords) {
  Scene scene;
  scene.show("main", hit());
  scene.poll();
  ASSERT_EQ(scene.poll(), "switch");
  const auto& events = scene.decider().raw_events();
  EXPECT_EQ(events.at(0).why, "seen again 30s after it was suspected");
}

}  // namespace
}  // namespace quotawatch::tests
