// A8: a hit is evidence about the account that the session's program runs on.
#include <gtest/gtest.h>

#include "scene.h"

namespace quotawatch::tests {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

DecisionRules restarted_only() {
  auto rules = rules_with_accounts({"a", "b", "c"});
  rules.reaches = SwitchReach::restarted;
  return rules;
}

// Three dedicated sessions on a; the first one led to a switch to b, and its cooldown is over.
Scene switched_scene() {
  Scene scene(restarted_only());
  for (const char* session : {"main", "side", "third"}) scene.show(session, showing("at work"));
  scene.poll();
  scene.show("main", hit_for(hours{3}, "main's limit"));
  scene.switch_once();
  scene.wait(cooldown);
  return scene;
}

const Hit& hit_of(const Scene& scene, const std::string& session) {
  for (const auto& hit : scene.decider().evidence().hits) {
    if (hit.session == session) return hit;
  }
  throw std::logic_error("no hit");
}

TEST(WhoseLimit, AStragglersIsChargedToTheAccountLeft) {
  Scene scene = switched_scene();
  scene.poll();
  scene.show("side", hit_for(hours{5}, "side's limit"));
  EXPECT_EQ(scene.poll(), "");
  EXPECT_TRUE(hit_of(scene, "side").charged);
  EXPECT_EQ(hit_of(scene, "side").account, "a");
  EXPECT_EQ(scene.state().limited_until.at("a"), scene.now().wall + hours{5});
  EXPECT_FALSE(scene.state().limited_until.contains("b"));
  scene.wait(hours{1});
  EXPECT_EQ(scene.poll(), "") << "for as long as it stands";
}

TEST(WhoseLimit, WithoutAResetTheSecondLookCounts) {
  Scene scene = switched_scene();
  scene.poll();
  const WallTime before = scene.state().limited_until.at("a");
  scene.wait(hours{2} + minutes{30});
  scene.show("side", hit("side's limit"));
  EXPECT_EQ(scene.poll(), "");
  EXPECT_EQ(scene.state().limited_until.at("a"), before);
  EXPECT_EQ(scene.poll(), "");
  EXPECT_EQ(scene.state().limited_until.at("a"), scene.now().wall + hours{1});
}

TEST(WhoseLimit, ARestartedProgramsIsTheNewAccounts) {
  Scene scene = switched_scene();
  scene.start("side");
  scene.poll();
  scene.show("side", hit_for(hours{5}, "side's limit"));
  EXPECT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.request().from, "b");
}

TEST(WhoseLimit, IsKnownOverARestart) {
  Scene scene = switched_scene();
  scene.poll();
  scene.restart();
  scene.show("side", hit_for(hours{5}, "side's limit"));
  EXPECT_EQ(scene.poll(), "");
  scene.start("third");
  scene.show("third", hit_for(hours{4}, "third's limit"));
  EXPECT_EQ(scene.poll(), "switch");
}

TEST(WhoseLimit, AFreedAccountIsNotLimitedByWhatStands) {
  Scene scene = switched_scene();
  EXPECT_EQ(scene.free("a"), "account:free");
  EXPECT_EQ(scene.poll(), "stale");
  EXPECT_FALSE(scene.state().limited_until.contains("a"));
}

void expect_every_session_on_the_active_account(const DecisionRules& rules) {
  Scene scene(rules);
  scene.show("main", hit_for(hours{3}));
  scene.show("side", showing("at work"));
  scene.switch_once();
  scene.wait(cooldown);
  scene.show("side", hit_for(hours{5}, "side's limit"));
  EXPECT_EQ(scene.poll(), "stale switch");
  EXPECT_TRUE(scene.state().programs.empty());
}

TEST(WhoseLimit, NobodyKnowsWithoutAccounts) {
  auto rules = restarted_only();
  rules.accounts.clear();
  expect_every_session_on_the_active_account(rules);
}

TEST(WhoseLimit, EverySessionsIsTheActiveAccountsWhereRunningProgramsAreReached) {
  auto rules = restarted_only();
  rules.reaches = SwitchReach::running;
  expect_every_session_on_the_active_account(rules);
}

}  // namespace
}  // namespace quotawatch::tests
