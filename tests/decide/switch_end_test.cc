// A1: how a switch ends, how failures delay the next one, and how it is resumed. A6: which clock
// counts.
#include <gtest/gtest.h>

#include "scene.h"

namespace quotawatch::tests {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// A fleet whose switch is in flight.
Scene asked_scene(DecisionRules rules = usual_rules()) {
  Scene scene(std::move(rules));
  scene.show("main", hit_for(hours{5}));
  EXPECT_EQ(scene.poll(), "switch");
  return scene;
}

TEST(SwitchDone, MakesTheOtherAccountActive) {
  Scene scene = asked_scene();
  scene.wait(seconds{5});
  EXPECT_EQ(scene.end(true), "switch_done");
  const Event& done = scene.last(EventKind::switch_done);
  EXPECT_EQ(done.at, scene.now().wall);
  EXPECT_EQ(done.id, scene.request().id);
  EXPECT_EQ(done.from, "a");
  EXPECT_EQ(done.to, "b");
  EXPECT_EQ(scene.state().active_account, "b");
  EXPECT_EQ(scene.state().activation_order, (std::vector<std::string>{"a", "b"}));
  EXPECT_FALSE(scene.state().in_flight);
  ASSERT_TRUE(scene.state().last_switch);
  EXPECT_EQ(scene.state().last_switch->from, "a");
  EXPECT_EQ(scene.state().last_switch->to, "b");
  EXPECT_EQ(scene.state().last_switch->done_at, scene.now().wall);
}

TEST(SwitchEnd, OfAnotherRequestChangesNothing) {
  Scene scene = asked_scene();
  for (const bool done : {true, false}) EXPECT_EQ(scene.end(done, "some other id"), "");
  EXPECT_TRUE(scene.state().in_flight);
  EXPECT_EQ(scene.state().active_account, "a");
  EXPECT_EQ(scene.end(true), "switch_done");
  EXPECT_EQ(scene.end(true), "") << "the second report of the same";
  EXPECT_EQ(scene.end(false), "");
  EXPECT_EQ(scene.state().active_account, "b");
}

TEST(SwitchFailed, ChangesNoAccountAndSaysWhy) {
  Scene scene = asked_scene();
  EXPECT_EQ(scene.end(false), "switch_failed");
  const Event& failed = scene.last(EventKind::switch_failed);
  EXPECT_EQ(scene.decider().raw_events().at(0).why, "the hook says no");
  EXPECT_EQ(failed.from, "a");
  EXPECT_EQ(failed.to, "b");
  EXPECT_EQ(failed.retry_at, scene.now().wall + interval);
  EXPECT_EQ(scene.state().active_account, "a");
  EXPECT_FALSE(scene.state().in_flight);
  EXPECT_FALSE(scene.state().last_switch);
}

TEST(SwitchFailed, IsWaitedOutUpToTheLastMillisecond) {
  Scene scene = asked_scene();
  EXPECT_EQ(scene.end(false), "switch_failed");
  EXPECT_EQ(scene.poll_after(interval - ms), "skip:backoff");
  EXPECT_EQ(scene.last(EventKind::skip).retry_at, scene.now().wall + ms);
  EXPECT_EQ(scene.poll_after(ms), "switch");
}

TEST(SwitchFailed, WaitsDoubleUpToTheCooldown) {
  Scene scene = asked_scene();
  for (const int intervals : {1, 2, 4, 8, 16, 20, 20, 20}) {
    EXPECT_EQ(scene.end(false), "switch_failed");
    const Milliseconds wait = intervals * interval;
    EXPECT_EQ(scene.last(EventKind::switch_failed).retry_at, scene.now().wall + wait);
    EXPECT_EQ(scene.poll_after(wait - ms), "skip:backoff") << intervals;
    EXPECT_EQ(scene.poll_after(ms), "switch") << intervals;
  }
}

TEST(SwitchFailed, WaitsNoLongerThanACooldownBelowTheInterval) {
  auto rules = usual_rules();
  rules.quota.cooldown = seconds{10};
  Scene scene = asked_scene(rules);
  EXPECT_EQ(scene.end(false), "switch_failed");
  EXPECT_EQ(scene.last(EventKind::switch_failed).retry_at, scene.now().wall + seconds{10});
}

TEST(SwitchFailed, ManyTimesNeverOverflows) {
  auto rules = usual_rules();
  rules.quota.cooldown = hours{24 * 365 * 100};
  Scene scene = asked_scene(rules);
  scene.show("main", hit_for(hours{24 * 30}, "for a month"));
  for (int failures = 0; failures < 80; ++failures) {
    ASSERT_EQ(scene.end(false), "switch_failed");
    const Milliseconds wait = *scene.last(EventKind::switch_failed).retry_at - scene.now().wall;
    ASSERT_GT(wait, Milliseconds{0});
    ASSERT_LE(wait, rules.quota.cooldown);
    scene.step_wall(-wait);  // so that the banner never expires
    ASSERT_EQ(scene.poll_after(wait), "switch");
  }
}

TEST(SwitchFailed, ASuccessResetsTheWait) {
  Scene scene = asked_scene(rules_with_accounts({"a", "b", "c"}));
  EXPECT_EQ(scene.end(false), "switch_failed");
  EXPECT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.end(true), "switch_done");
  scene.show("main", hit_for(hours{5}, "another"));
  EXPECT_EQ(scene.poll_after(cooldown), "switch");
  EXPECT_EQ(scene.end(false), "switch_failed");
  EXPECT_EQ(scene.last(EventKind::switch_failed).retry_at, scene.now().wall + interval);
}

TEST(SwitchFailed, ARestartResetsTheWait) {
  Scene scene = asked_scene();
  EXPECT_EQ(scene.end(false), "switch_failed");
  EXPECT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.end(false), "switch_failed");
  EXPECT_EQ(scene.restart(), "");
  EXPECT_EQ(scene.poll_after(ms), "switch");
  EXPECT_EQ(scene.end(false), "switch_failed");
  EXPECT_EQ(scene.last(EventKind::switch_failed).retry_at, scene.now().wall + interval);
}

TEST(SwitchFailed, DoesNotStartACooldown) {
  Scene scene = asked_scene();
  EXPECT_EQ(scene.end(false), "switch_failed");
  EXPECT_EQ(scene.restart(), "");
  EXPECT_EQ(scene.poll(), "switch");
}

TEST(SwitchEnd, ForgetsWhatWasShownWhenItWasAskedFor) {
  for (const bool done : {true, false}) {
    Scene scene = asked_scene();
    EXPECT_TRUE(scene.state().sessions.at("main").shown_at_request);
    scene.end(done);
    EXPECT_FALSE(scene.state().sessions.at("main").shown_at_request);
    EXPECT_EQ(scene.state().sessions.at("main").shown_at_switch.has_value(), done);
  }
}

TEST(SwitchResumed, IsTheSameRequestAgain) {
  Scene scene = asked_scene();
  const SwitchRequest before = scene.request();
  EXPECT_EQ(scene.restart(hours{1}), "switch_resumed");
  EXPECT_EQ(scene.request(), before);
  const Event& resumed = scene.last(EventKind::switch_resumed);
  EXPECT_EQ(resumed.at, scene.now().wall);
  EXPECT_EQ(resumed.id, before.id);
  EXPECT_EQ(resumed.from, "a");
  EXPECT_EQ(resumed.to, "b");
  EXPECT_EQ(resumed.reset_at, before.reset_at);
  EXPECT_EQ(scene.poll(), "skip:pending");
  EXPECT_EQ(scene.end(true), "switch_done");
  EXPECT_EQ(scene.state().active_account, "b");
}

TEST(SwitchResumed, AsOftenAsTheMonitorRestarts) {
  Scene scene = asked_scene();
  const SwitchRequest before = scene.request();
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(scene.restart(), "switch_resumed");
    EXPECT_EQ(scene.request(), before);
  }
  EXPECT_EQ(scene.end(true), "switch_done");
  EXPECT_EQ(scene.restart(), "");
}

TEST(StartState, IsNewWhereNothingIsSaved) {
  const Moment now{SteadyTime{hours{3}}, noon()};
  const State state = start_state(std::nullopt, "a", now);
  EXPECT_EQ(state.active_account, "a");
  EXPECT_EQ(state.activation_order, std::vector<std::string>{"a"});
  EXPECT_FALSE(state.run.cooldown_since);
  EXPECT_TRUE(start_state(std::nullopt, "", now).activation_order.empty());
}

TEST(StartState, KeepsWhatWasSavedAndForgetsTheRun) {
  const Moment now{SteadyTime{hours{3}}, noon()};
  State saved;
  saved.active_account = "b";
  saved.activation_order = {"c", "b"};
  saved.exhaustion_reported = true;
  saved.run.suspicion = Suspicion{SteadyTime{}, true};
  saved.run.retry_at = SteadyTime{};
  saved.run.failures_in_a_row = 3;
  const State state = start_state(saved, "a", now);
  EXPECT_TRUE(same_saved(state, saved));
  EXPECT_FALSE(state.run.suspicion);
  EXPECT_FALSE(state.run.retry_at);
  EXPECT_EQ(state.run.failures_in_a_row, 0);
}

// A6.

TEST(Clocks, AStepOfTheWallClockDoesNotMoveCooldownOrBackoff) {
  for (const auto step : {hours{24}, -hours{24}}) {
    Scene scene;
    scene.show("main", hit());
    scene.switch_once();
    scene.show("main", hit("another"));
    scene.step_wall(step);
    EXPECT_EQ(scene.poll_after(cooldown - ms), "skip:cooldown");
    EXPECT_EQ(scene.poll_after(ms), "suspect");
    EXPECT_EQ(scene.poll(), step > hours{0} ? "switch" : "exhausted_everywhere");
  }
  Scene scene = asked_scene();
  EXPECT_EQ(scene.end(false), "switch_failed");
  scene.step_wall(hours{1});
  EXPECT_EQ(scene.poll_after(interval - ms), "skip:backoff");
}

TEST(Clocks, OverARestartTheCooldownUsesWallTime) {
  for (const auto& [down, decided] :
       {std::pair{cooldown - 2 * ms, "skip:cooldown"}, std::pair{cooldown - ms, "suspect"},
        std::pair{cooldown + hours{1000}, "suspect"}}) {
    Scene scene;
    scene.show("main", hit());
    scene.switch_once();
    scene.show("main", hit("another"));
    scene.restart(down);
    EXPECT_EQ(scene.poll_after(ms), decided) << down.count();
  }
}

TEST(Clocks, ALastSwitchInTheFutureCountsAsNow) {
  Scene scene;
  scene.show("main", hit());
  scene.switch_once();
  scene.show("main", hit("another"));
  scene.step_wall(-hours{5});
  scene.restart();
  EXPECT_EQ(scene.poll_after(cooldown - ms), "skip:cooldown");
  EXPECT_EQ(scene.poll_after(ms), "suspect");
}

}  // namespace
}  // namespace quotawatch::tests
