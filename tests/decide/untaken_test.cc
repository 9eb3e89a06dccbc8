// A9: a switch that was done and did not take. A10: the lone session.
#include <gtest/gtest.h>

#include "scene.h"

namespace quotawatch::tests {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr auto four = std::chrono::minutes{16 * 60};  // 4 pm

Screen asked_again(int turn) {
  Screen screen = hit_until(four);
  screen.text = "turn " + std::to_string(turn);
  return screen;
}

// A switch from a to b, its cooldown over, and the session asked again.
Scene again_scene(bool went_on = false) {
  Scene scene(rules_with_accounts({"a", "b", "c"}));
  scene.show("main", asked_again(1));
  scene.switch_once();
  scene.wait(cooldown);
  if (went_on) {
    scene.show("main", showing("an answer"));
    scene.poll();
  }
  scene.show("main", asked_again(2));
  return scene;
}

TEST(UntakenSwitch, IsReportedAndRequestedOnceMore) {
  Scene scene = again_scene();
  scene.show("main", asked_again(2));
  scene.poll();
  const Event& event = scene.last(EventKind::switch_ineffective);
  EXPECT_EQ(event.from, "a");
  EXPECT_EQ(event.to, "b");
  EXPECT_EQ(event.sessions, std::vector<std::string>{"main"});
  EXPECT_EQ(scene.state().active_account, "a");
  EXPECT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.request().from, "a");
  EXPECT_EQ(scene.request().to, "b");
  EXPECT_EQ(scene.requests().size(), 2U);
  EXPECT_NE(scene.requests()[0].id, scene.requests()[1].id);
}

TEST(UntakenSwitch, TwiceIsGivenUpUntilTheReset) {
  Scene scene = again_scene();
  scene.poll();
  scene.poll();
  scene.end(true);
  scene.wait(cooldown);
  scene.show("main", asked_again(3));
  EXPECT_EQ(scene.poll(), "switch_ineffective");
  scene.show("main", asked_again(4));
  EXPECT_EQ(scene.poll(), "skip:ineffective");
  scene.restart();
  EXPECT_EQ(scene.poll(), "skip:ineffective");
  scene.wait(hours{4});
  EXPECT_EQ(scene.poll(), "") << "the limit of a has ended";
}

// Found by simulation: the limit of the account in use may be over when the rules next allow a switch.
TEST(UntakenSwitch, OnceMadeAgainIsNotAskedForFromItsOwnAccount) {
  Scene scene = again_scene();
  scene.poll();
  scene.poll();
  scene.end(true);
  ASSERT_EQ(scene.state().active_account, "b");
  const auto just_passed = hours{12} + std::chrono::floor<minutes>(scene.now().wall - noon());
  scene.show("main", hit_until(just_passed, "refused again at the reset"));
  scene.poll();
  scene.wait(cooldown);
  EXPECT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.request().from, "b");
  EXPECT_EQ(scene.request().to, "c");
}

TEST(UntakenSwitch, IsProvedWrongByASessionThatGoesOn) {
  Scene scene = again_scene();
  scene.poll();
  scene.poll();
  scene.end(true);
  scene.wait(cooldown);
  scene.show("main", asked_again(3));
  scene.poll();
  scene.show("main", showing("an answer"));
  EXPECT_EQ(scene.poll(), "");
  EXPECT_EQ(scene.state().active_account, "b");
  scene.show("main", asked_again(5));
  EXPECT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.request().from, "b");
}

// Only programs started since are reached: an old one that ends a long step says nothing of the new account.
std::string active_once_goes_on(const std::string& session) {
  auto rules = rules_with_accounts({"a", "b", "c"});
  rules.reaches = SwitchReach::restarted;
  Scene scene(rules);
  for (const char* other : {"pool-1", "pool-2", "pool-3"}) scene.show(other, showing("a long step"));
  scene.poll();
  const auto ask_again = [&scene](int turn) {
    for (const char* asked : {"pool-1", "pool-2"}) {
      scene.start(asked);
      scene.show(asked, asked_again(turn));
    }
  };
  ask_again(1);
  scene.switch_once();
  scene.wait(cooldown);
  ask_again(2);
  EXPECT_EQ(scene.poll(), "switch_ineffective");
  scene.show(session, showing("the step has ended"));
  scene.poll();
  return scene.state().active_account;
}

TEST(UntakenSwitch, IsProvedWrongOnlyByAProgramThatItReached) {
  EXPECT_EQ(active_once_goes_on("pool-1"), "b");
  EXPECT_EQ(active_once_goes_on("pool-3"), "a");
}

TEST(UntakenSwitch, IsToldByStragglersThatAreStartedAgain) {
  auto rules = rules_with_accounts({"a", "b", "c"});
  rules.reaches = SwitchReach::restarted;
  Scene scene(rules);
  for (const char* session : {"pool-1", "pool-2", "main"}) scene.show(session, showing("a long step"));
  scene.poll();
  scene.show("main", asked_again(1));
  scene.switch_once();
  scene.wait(cooldown);
  for (const char* session : {"pool-1", "pool-2"}) scene.show(session, asked_again(2));
  scene.poll();
  EXPECT_EQ(scene.requests().size(), 1U) << "they are charged to a";
  for (const char* session : {"pool-1", "pool-2"}) {
    scene.start(session);
    scene.show(session, asked_again(3));
  }
  EXPECT_EQ(scene.poll(), "switch_ineffective");
  EXPECT_EQ(scene.state().active_account, "a");
  EXPECT_FALSE(scene.state().limited_until.contains("b"));
}

// A session that showed no limit before says the same, and proves nothing against those that were asked again.
TEST(UntakenSwitch, IsNotHiddenByANewSessionWithTheSameReset) {
  Scene scene = again_scene();
  scene.show("side", asked_again(7));
  EXPECT_EQ(scene.poll(), "switch_ineffective");
  EXPECT_EQ(scene.last(EventKind::switch_ineffective).sessions, std::vector<std::string>{"main"});
}

TEST(UntakenSwitch, IsNoneAfterASessionHasGoneOn) {
  Scene scene = again_scene(true);
  EXPECT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.request().from, "b");
}

TEST(UntakenSwitch, IsNoneIfAnotherLimitIsNamed) {
  Scene scene = again_scene();
  scene.show("side", hit_for(hours{2}, "another limit"));
  EXPECT_EQ(scene.poll(), "switch");
}

TEST(UntakenSwitch, IsForgottenIfTheSessionsAreCalmAgain) {
  Scene scene = again_scene();
  scene.poll();
  scene.remove("main");
  EXPECT_EQ(scene.poll(), "");
  EXPECT_FALSE(scene.state().untaken);
}

TEST(UntakenSwitch, IsAskedForAgainAfterARestart) {
  Scene scene = again_scene();
  scene.poll();
  scene.restart();
  EXPECT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.request().to, "b");
}

Scene pool_scene() {
  Scene scene;
  for (const char* session : {"pool-1", "pool-2", "pool-3"}) scene.show(session, showing("idle"));
  scene.poll();
  scene.show("pool-1", hit_for(hours{3}));
  return scene;
}

TEST(LoneSession, BlocksAnIdlePoolAfterItsTime) {
  Scene scene = pool_scene();
  EXPECT_EQ(scene.poll(), "");
  EXPECT_EQ(scene.poll_after(minutes{10} - ms), "");
  EXPECT_EQ(scene.poll_after(ms), "switch:lone");
  EXPECT_EQ(scene.last(EventKind::switch_).pool, 1);
}

TEST(LoneSession, WaitsWhileAnotherOneGoesOn) {
  Scene scene = pool_scene();
  scene.poll();
  scene.wait(minutes{5});
  scene.show("pool-2", showing("another answer"));
  scene.poll();
  EXPECT_EQ(scene.poll_after(minutes{9}), "");
  EXPECT_EQ(scene.poll_after(minutes{1}), "switch:lone");
}

TEST(LoneSession, IsNotSeenWhileACaptureFails) {
  Scene scene = pool_scene();
  scene.poll();
  scene.fail("pool-2");
  EXPECT_EQ(scene.poll_after(minutes{11}), "");
  scene.remove("pool-2");
  EXPECT_EQ(scene.poll(), "switch:lone");
}

TEST(LoneSession, MustNameItsReset) {
  Scene scene = pool_scene();
  scene.show("pool-1", hit());
  scene.poll();
  EXPECT_EQ(scene.poll_after(hours{1}), "");
}

TEST(LoneSession, NeverBlocksIfTheConfigSaysSo) {
  DecisionRules rules = usual_rules();
  rules.quota.lone_after = Milliseconds{0};
  Scene scene(rules);
  scene.show("pool-1", hit_for(hours{3}));
  scene.poll();
  EXPECT_EQ(scene.poll_after(hours{1}), "");
}

}  // namespace
}  // namespace quotawatch::tests
