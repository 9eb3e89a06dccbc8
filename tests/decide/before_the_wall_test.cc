// quota.switch_at: the switch before the wall.
#include <gtest/gtest.h>

#include "scene.h"

namespace quotawatch::tests {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

DecisionRules switching_at(int percent, std::vector<std::string> accounts = {"a", "b"}) {
  DecisionRules rules = rules_with_accounts(std::move(accounts));
  rules.quota.switch_at.value = percent;
  return rules;
}

// b was in use with so much used, and a is in use now; the cooldown is over.
void know_b(Scene& scene, int percent) {
  scene.show("main", showing("at work"));
  scene.record_use("main", percent, noon() + hours{4});
  EXPECT_EQ(scene.poll(), "");
  EXPECT_EQ(scene.use("a"), "account:use");
  scene.wait(cooldown);
}

// The switch to b is done, and the operator goes back to a; the cooldown is over.
void come_back_to_a(Scene& scene) {
  EXPECT_EQ(scene.end(true), "switch_done");
  EXPECT_EQ(scene.use("a"), "account:use");
  scene.wait(cooldown);
}

TEST(BeforeTheWall, ASwitchGoesToAnAccountThatIsKnownToBeTenPointsLower) {
  for (const int known : {0, 40, 85, 86, 95}) {
    Scene scene(switching_at(95), "b");
    know_b(scene, known);
    scene.record_use("main", 95, noon() + hours{3});
    EXPECT_EQ(scene.poll(), known <= 85 ? "switch:near_limit" : "") << known;
    if (known > 85) continue;
    const Event& event = scene.last(EventKind::switch_);
    EXPECT_EQ(event.reason, "near_limit");
    EXPECT_EQ(event.percent, 95);
    EXPECT_EQ(event.window, "5h");
    EXPECT_EQ(scene.request().to, "b");
    EXPECT_FALSE(scene.state().limited_until.contains("a")) << "it is not out";
  }
}

TEST(BeforeTheWall, BelowThatNothingHappens) {
  Scene scene(switching_at(95), "b");
  know_b(scene, 10);
  scene.record_use("main", 94, noon() + hours{3});
  EXPECT_EQ(scene.poll(), "");
}

TEST(BeforeTheWall, AnAccountOfWhichNothingIsKnownIsNotTaken) {
  Scene scene(switching_at(95, {"a", "c"}), "a");
  scene.show("main", showing("at work"));
  scene.record_use("main", 99, noon() + hours{3});
  EXPECT_EQ(scene.poll(), "");
}

TEST(BeforeTheWall, AnAccountInReserveIsLeftAlone) {
  auto rules = switching_at(95);
  rules.reserve = {"b"};
  Scene scene(rules, "b");
  know_b(scene, 10);
  scene.record_use("main", 99, noon() + hours{3});
  EXPECT_EQ(scene.poll(), "");
}

TEST(BeforeTheWall, AWindowThatHasEndedCountsAsUnused) {
  Scene scene(switching_at(95), "b");
  know_b(scene, 99);
  scene.record_use("main", 97, noon() + hours{9});
  EXPECT_EQ(scene.poll_after(noon() + hours{4} - scene.now().wall - ms), "");
  EXPECT_EQ(scene.poll_after(ms), "switch:near_limit");
}

TEST(BeforeTheWall, WhatWasSaidBeforeTheEndOfTheCooldownCountsForNobody) {
  for (const auto early : {ms, Milliseconds{0}}) {
    Scene scene(switching_at(95), "b");
    scene.show("main", showing("at work"));
    scene.record_use("main", 10, noon() + hours{4});
    scene.poll();
    scene.use("a");
    scene.wait(cooldown - early);
    scene.record_use("main", 99, noon() + hours{3});
    EXPECT_EQ(scene.poll(), early == ms ? "" : "switch:near_limit");
  }
}

TEST(BeforeTheWall, AnAccountIsLeftOnceForAWindow) {
  Scene scene(switching_at(95), "b");
  know_b(scene, 10);
  scene.record_use("main", 96, noon() + hours{3});
  ASSERT_EQ(scene.poll(), "switch:near_limit");
  ASSERT_EQ(scene.end(false), "switch_failed");
  EXPECT_EQ(scene.poll_after(minutes{1}), "switch:near_limit") << "it was not left";
  come_back_to_a(scene);
  scene.record_use("main", 98, noon() + hours{3});
  EXPECT_EQ(scene.poll(), "");
  scene.restart();
  EXPECT_EQ(scene.poll(), "");
  scene.wait(hours{3});
  scene.record_use("main", 96, noon() + hours{8});
  EXPECT_EQ(scene.poll(), "switch:near_limit") << "another window";
}

TEST(BeforeTheWall, AnAccountStaysLeftForAWindowWhateverIsSaidOfAnother) {
  Scene scene(switching_at(95), "b");
  know_b(scene, 10);
  scene.record_use("main", 96, noon() + hours{3});
  ASSERT_EQ(scene.poll(), "switch:near_limit");
  come_back_to_a(scene);
  // As a program says that runs on another account than is known.
  scene.record_use("main", 5, noon() + hours{5});
  EXPECT_EQ(scene.poll(), "");
  scene.record_use("main", 98, noon() + hours{3});
  EXPECT_EQ(scene.poll(), "");
}

}  // namespace
}  // namespace quotawatch::tests
