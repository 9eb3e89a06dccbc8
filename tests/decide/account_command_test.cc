// Operator commands about accounts, and what the monitor concludes from them.
#include <gtest/gtest.h>

#include "scene.h"

namespace quotawatch::tests {
namespace {

using std::chrono::minutes;
using Answer = CommandAnswer::Outcome;

// FREE

TEST(AccountFree, ALimitIsForgottenAndTheSwitchFollows) {
  Scene scene;
  scene.show("main", hit_for(minutes{45}));
  scene.switch_once();
  scene.show("main", hit_for(minutes{45}, "another"));
  EXPECT_EQ(scene.poll_after(cooldown), "exhausted_everywhere");
  EXPECT_EQ(scene.free("a"), "account:free");
  const Event& event = scene.last(EventKind::account);
  EXPECT_EQ(event.account, "a");
  EXPECT_EQ(event.from, std::nullopt);
  EXPECT_EQ(scene.decider().raw_events().at(0).why, "by the operator");
  EXPECT_FALSE(scene.state().limited_until.contains("a"));
  EXPECT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.request().to, "a");
}

TEST(AccountFree, LeavesEverythingElse) {
  Scene scene(rules_with_accounts({"a", "b", "c"}));
  scene.show("main", hit_for(minutes{45}));
  scene.switch_once();
  const State before = scene.state();
  EXPECT_EQ(scene.free("a"), "account:free");
  State after = scene.state();
  after.limited_until = before.limited_until;
  EXPECT_TRUE(same_saved(before, after));
  EXPECT_EQ(scene.poll(), "skip:cooldown") << "it goes on";
}

TEST(AccountFree, OfOneThatIsNotLimitedChangesNothing) {
  Scene scene;
  EXPECT_EQ(scene.free("b"), "");
  EXPECT_EQ(scene.decider().answer().outcome, Answer::unchanged);
  EXPECT_EQ(scene.decider().answer().words, "\"b\" is not limited");
}

// USE

TEST(AccountUse, IsASwitchThatWasDone) {
  Scene scene(rules_with_accounts({"a", "b", "c"}));
  scene.show("main", hit_for(minutes{45}));
  scene.switch_once();
  const std::string first = scene.state().last_switch->id;
  scene.wait(cooldown + minutes{5});
  EXPECT_EQ(scene.use("c"), "account:use");
  EXPECT_EQ(scene.last(EventKind::account).account, "c");
  EXPECT_EQ(scene.last(EventKind::account).from, "b");
  const State& state = scene.state();
  EXPECT_EQ(state.active_account, "c");
  EXPECT_EQ(state.activation_order, (std::vector<std::string>{"a", "b", "c"}));
  ASSERT_TRUE(state.last_switch);
  EXPECT_NE(state.last_switch->id, first);
  EXPECT_TRUE(state.last_switch->id.ends_with("-by-hand"));
  EXPECT_EQ(state.last_switch->from, "b");
  EXPECT_EQ(state.last_switch->to, "c");
  EXPECT_EQ(state.last_switch->done_at, scene.now().wall);
  EXPECT_EQ(state.last_switch->reset_at, std::nullopt) << "b was not limited";
  EXPECT_FALSE(state.in_flight);
  // The ids of hook requests remain unique.
  scene.show("main", hit_for(minutes{45}, "another"));
  EXPECT_EQ(scene.poll_after(cooldown), "switch");
  EXPECT_NE(scene.request().id, "#1");
}

TEST(AccountUse, BeginsTheCooldown) {
  Scene scene;
  EXPECT_EQ(scene.use("b"), "account:use");
  scene.show("main", hit_for(minutes{45}));
  EXPECT_EQ(scene.poll_after(cooldown - ms), "skip:cooldown");
  EXPECT_EQ(scene.poll_after(ms), "switch");
}

TEST(AccountUse, EndsAWaitAfterAFailure) {
  Scene scene(rules_with_accounts({"a", "b", "c"}));
  scene.show("main", hit_for(minutes{45}));
  EXPECT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.end(false), "switch_failed");
  EXPECT_EQ(scene.use("c"), "account:use");
  EXPECT_EQ(scene.poll_after(ms), "skip:cooldown");
  EXPECT_EQ(scene.state().run.failures_in_a_row, 0);
}

TEST(AccountUse, WhatTheScreensShowIsAboutTheAccountBefore) {
  Scene scene;
  scene.show("main", hit_for(minutes{45}));
  scene.show("side", hit());
  EXPECT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.end(false), "switch_failed");
  EXPECT_EQ(scene.use("b"), "account:use");
  EXPECT_EQ(scene.poll_after(cooldown), "stale stale");
  scene.show("side", hit("another"));
  EXPECT_EQ(scene.poll(), "suspect") << "what came since is new";
}

TEST(AccountUse, ALateBannerOfTheAccountLeftIsStale) {
  Scene scene;
  scene.show("main", hit_for(minutes{120}));
  EXPECT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.end(false), "switch_failed");
  const auto reset_at = scene.state().limited_until.at("a");
  EXPECT_EQ(scene.use("b"), "account:use");
  EXPECT_EQ(scene.state().last_switch->reset_at, reset_at);
  scene.show("side", hit_for(reset_at - (scene.now().wall + interval), "late"));
  EXPECT_EQ(scene.poll(), "skip:cooldown");
  EXPECT_EQ(scene.poll_after(cooldown), "stale stale");
}

TEST(AccountUse, ForgetsSuspicion) {
  Scene scene;
  scene.show("main", hit());
  EXPECT_EQ(scene.poll(), "suspect");
  EXPECT_EQ(scene.use("b"), "account:use");
  scene.show("main", hit("another"));
  EXPECT_EQ(scene.poll_after(cooldown), "suspect") << "not confirmed by the one before";
}

TEST(AccountUse, ThatAllAreOutIsSaidAgain) {
  Scene scene;
  scene.show("main", hit_for(minutes{120}));
  scene.switch_once();
  scene.show("main", hit_for(minutes{120}, "another"));
  EXPECT_EQ(scene.poll_after(cooldown), "exhausted_everywhere");
  EXPECT_EQ(scene.use("a"), "account:use");
  scene.show("main", hit_for(minutes{120}, "a third"));
  EXPECT_EQ(scene.poll_after(cooldown), "exhausted_everywhere");
}

// A session that has not been seen since the start: only its message is in the state.
TEST(AccountUse, AfterARestartTheOldMessageIsStaleUntilTheSessionShowsAnythingElse) {
  Scene scene(rules_with_accounts({"a", "b", "c"}));
  scene.show("main", hit_for(minutes{120}));
  EXPECT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.end(false), "switch_failed");
  scene.restart();
  EXPECT_EQ(scene.use("b"), "account:use");
  scene.restart();
  EXPECT_EQ(scene.poll_after(cooldown), "stale");
  Screen again = hit_for(minutes{120});
  again.text = "the same message in another conversation";
  scene.show("main", again);
  EXPECT_EQ(scene.poll(), "switch");
}

TEST(AccountUse, AfterARestartAnotherMessageIsNew) {
  Scene scene;
  scene.show("main", hit_for(minutes{120}));
  EXPECT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.end(false), "switch_failed");
  scene.restart();
  EXPECT_EQ(scene.use("b"), "account:use");
  scene.show("main", hit_for(minutes{120}, "another"));
  EXPECT_EQ(scene.poll_after(cooldown), "exhausted_everywhere");
}

TEST(AccountUse, IsRefusedWhileASwitchIsInFlight) {
  Scene scene(rules_with_accounts({"a", "b", "c"}));
  scene.show("main", hit_for(minutes{45}));
  EXPECT_EQ(scene.poll(), "switch");
  const State before = scene.state();
  EXPECT_EQ(scene.use("c"), "");
  EXPECT_EQ(scene.decider().answer().outcome, Answer::refused);
  EXPECT_NE(
      scene.decider().answer().words.find("a switch from \"a\" to \"b\" is in flight (id " + before.in_flight->id),
      std::string::npos)
      << scene.decider().answer().words;
  EXPECT_TRUE(same_saved(scene.state(), before));
  EXPECT_EQ(scene.free("a"), "account:free") << "that can be said at any time";
}

TEST(AccountUse, OfTheActiveAccountChangesNothing) {
  Scene scene;
  EXPECT_EQ(scene.use("a"), "");
  EXPECT_EQ(scene.decider().answer().outcome, Answer::unchanged);
  EXPECT_EQ(scene.decider().answer().words, "\"a\" is the active account");
  EXPECT_FALSE(scene.state().last_switch);
}

// WRONG

TEST(AccountCommands, UnknownAccountsAreRefusedWithTheNearestAndTheList) {
  Scene scene(rules_with_accounts({"work", "spare"}), "work");
  EXPECT_EQ(scene.use("wrok"), "");
  EXPECT_EQ(scene.decider().answer().outcome, Answer::wrong);
  EXPECT_EQ(scene.decider().answer().words,
            "\"wrok\" is no account of the config (did you mean \"work\"?); its accounts are work, "
            "spare");
  EXPECT_EQ(scene.free("zzzzzzzz"), "");
  EXPECT_EQ(scene.decider().answer().words, "\"zzzzzzzz\" is no account of the config; its accounts are work, spare");
}

TEST(AccountCommands, WithoutAccountsThereIsNothingToSay) {
  Scene scene(rules_with_accounts({}), "");
  for (const auto& said : {scene.use("a"), scene.free("a")}) EXPECT_EQ(said, "");
  EXPECT_EQ(scene.decider().answer().outcome, Answer::wrong);
  EXPECT_EQ(scene.decider().answer().words, "the config names no accounts; list them under \"accounts\" first");
}

}  // namespace
}  // namespace quotawatch::tests
