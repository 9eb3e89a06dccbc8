// A7: how long each account is limited, and which one a switch goes to.
#include <gtest/gtest.h>

#include "scene.h"

namespace quotawatch::tests {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

// The switches requested for a series of hits, each on a new banner.
class AccountScene : public Scene {
 public:
  explicit AccountScene(std::vector<std::string> accounts) : AccountScene(rules_with_accounts(std::move(accounts))) {}
  explicit AccountScene(DecisionRules rules) : Scene(std::move(rules)) {}

  // Shows a new banner after the cooldown; returns the target of the switch.
  std::string next(Milliseconds reset) {
    show("main", hit_for(reset, "banner " + std::to_string(++banners_)));
    const std::string result = poll_after(cooldown);
    if (result != "switch") return result;
    end(true);
    return request().to;
  }

 private:
  int banners_ = 0;
};

TEST(AccountChoice, NeverActiveFirstThenLongestAgo) {
  AccountScene scene({"a", "b", "c"});
  for (const char* to : {"b", "c", "a", "b", "c", "a"}) EXPECT_EQ(scene.next(minutes{1}), to);
}

TEST(AccountChoice, InTheConfigsOrderAmongThoseNeverActive) {
  AccountScene scene({"c", "a", "b"});
  EXPECT_EQ(scene.next(minutes{1}), "c");
  EXPECT_EQ(scene.next(minutes{1}), "b");
  EXPECT_EQ(scene.next(minutes{1}), "a");
}

TEST(AccountChoice, PassesOverTheLimited) {
  AccountScene scene({"a", "b", "c"});
  EXPECT_EQ(scene.next(hours{10}), "b");   // a: for 10 h
  EXPECT_EQ(scene.next(minutes{1}), "c");  // b: for a minute
  EXPECT_EQ(scene.next(minutes{1}), "b") << "a was longer ago, but is limited";
  EXPECT_EQ(scene.next(minutes{1}), "c");
}

TEST(AccountChoice, AReserveComesLastHoweverLongItWasNotActive) {
  auto rules = rules_with_accounts({"a", "b", "c"});
  rules.reserve = {"b"};
  AccountScene scene(rules);
  for (const char* to : {"c", "a", "c"}) EXPECT_EQ(scene.next(minutes{1}), to);
  EXPECT_EQ(scene.next(hours{10}), "a");
  EXPECT_EQ(scene.next(hours{10}), "b") << "a and c are out";
  EXPECT_EQ(scene.next(minutes{1}), "exhausted_everywhere");
}

TEST(AccountChoice, DrainedAccountsAreTakenInTheConfigsOrder) {
  auto rules = rules_with_accounts({"a", "b", "c"});
  rules.order = AccountOrder::drain;
  AccountScene scene(rules);
  for (const char* to : {"b", "a", "b"}) EXPECT_EQ(scene.next(minutes{1}), to) << "c is not needed";
  EXPECT_EQ(scene.next(hours{10}), "a");
  EXPECT_EQ(scene.next(minutes{1}), "c");
  EXPECT_EQ(scene.next(hours{1}), "a");
}

TEST(AccountChoice, IsFreeFromTheInstantOfItsResetOn) {
  for (const auto early : {ms, Milliseconds{0}, -ms}) {
    AccountScene scene({"a", "b"});
    ASSERT_EQ(scene.next(cooldown + early), "b");
    EXPECT_EQ(scene.next(hours{1}), early == ms ? "exhausted_everywhere" : "a") << early.count();
  }
}

TEST(AccountChoice, AHitWithoutResetLimitsForTheUnknownReset) {
  for (const auto early : {ms, Milliseconds{0}}) {
    Scene scene;
    scene.show("main", hit());
    scene.switch_once();
    const WallTime until = scene.now().wall + hours{1};
    EXPECT_EQ(scene.state().limited_until.at("a"), until);
    scene.show("main", showing("at work"));
    scene.poll_after(cooldown);
    scene.show("main", hit_for(hours{5}, "another"));
    EXPECT_EQ(scene.poll_after(until - scene.now().wall - early), early == ms ? "exhausted_everywhere" : "switch");
  }
}

TEST(AccountChoice, WithoutAccountsTheHookDecides) {
  Scene scene(rules_with_accounts({}), "");
  scene.show("main", hit_for(hours{5}));
  ASSERT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.request().from, "");
  EXPECT_EQ(scene.request().to, "");
  EXPECT_EQ(scene.last(EventKind::switch_).to, "");
  EXPECT_EQ(scene.end(true), "switch_done");
  EXPECT_TRUE(scene.state().activation_order.empty());
  scene.show("main", hit_for(hours{5}, "another"));
  EXPECT_EQ(scene.poll_after(cooldown), "switch") << "limits of no account hold nothing up";
}

TEST(AccountChoice, TheOrderIsKeptOverRestarts) {
  AccountScene scene({"a", "b", "c"});
  EXPECT_EQ(scene.next(minutes{1}), "b");
  EXPECT_EQ(scene.next(minutes{1}), "c");
  scene.restart();
  EXPECT_EQ(scene.next(minutes{1}), "a");
}

TEST(ExhaustedEverywhere, IsSaidOnceAndNamesTheEarliestInstant) {
  AccountScene scene({"a", "b", "c"});
  ASSERT_EQ(scene.next(hours{3}), "b");
  const WallTime a_free = scene.state().limited_until.at("a");
  ASSERT_EQ(scene.next(hours{2}), "c");
  const WallTime b_free = scene.state().limited_until.at("b");
  EXPECT_EQ(scene.next(hours{4}), "exhausted_everywhere");
  const Event& event = scene.last(EventKind::exhausted_everywhere);
  EXPECT_EQ(event.from, "c");
  EXPECT_LT(b_free, a_free);
  EXPECT_EQ(event.retry_at, b_free);
  EXPECT_EQ(event.reset_at, scene.now().wall + hours{4});
  EXPECT_EQ(event.session, "main");
  EXPECT_EQ(event.interactive, 1);
  EXPECT_EQ(scene.state().limited_until.at("c"), scene.now().wall + hours{4});
  EXPECT_EQ(scene.poll(), "");
  EXPECT_EQ(scene.poll_after(b_free - scene.now().wall - ms), "");
  EXPECT_EQ(scene.poll_after(ms), "switch");
  EXPECT_EQ(scene.request().to, "b");
}

TEST(ExhaustedEverywhere, ItsOwnResetIsNoneToWaitFor) {
  AccountScene scene({"a", "b"});
  ASSERT_EQ(scene.next(hours{3}), "b");
  const WallTime a_free = scene.state().limited_until.at("a");
  EXPECT_EQ(scene.next(minutes{20}), "exhausted_everywhere");
  EXPECT_EQ(scene.last(EventKind::exhausted_everywhere).retry_at, a_free);
}

TEST(ExhaustedEverywhere, AnAccountThatLeftTheConfigIsNoneToWaitFor) {
  State state;
  state.active_account = "b";
  state.limited_until = {{"gone", noon() + minutes{1}}, {"a", noon() + hours{1}}};
  const Moment now{SteadyTime{}, noon()};
  Evidence evidence;
  evidence.hits.push_back({"main", false, false, "rule", "limit", "3pm", noon() + hours{3}, std::nullopt});
  const auto decided = step(rules_with_accounts({"a", "b"}), state, evidence, now).second;
  ASSERT_EQ(decided.events.size(), 1U);
  EXPECT_EQ(decided.events[0].kind, EventKind::exhausted_everywhere);
  EXPECT_EQ(decided.events[0].retry_at, noon() + hours{1});
}

TEST(ExhaustedEverywhere, WithOneAccountNamesItsOwnReset) {
  Scene scene(rules_with_accounts({"a"}));
  scene.show("main", hit_for(hours{4}));
  EXPECT_EQ(scene.poll(), "exhausted_everywhere");
  EXPECT_EQ(scene.last(EventKind::exhausted_everywhere).retry_at, scene.now().wall + hours{4});
}

TEST(ExhaustedEverywhere, AfterSuspicionTooAndItDoesNotAge) {
  AccountScene scene({"a", "b"});
  ASSERT_EQ(scene.next(hours{3}), "b");
  const WallTime a_free = scene.state().limited_until.at("a");
  scene.show("main", hit("without reset"));
  EXPECT_EQ(scene.poll_after(cooldown), "suspect");
  EXPECT_EQ(scene.poll(), "exhausted_everywhere");
  EXPECT_EQ(scene.poll_after(3 * interval + ms), "");
  EXPECT_EQ(scene.poll_after(a_free - scene.now().wall), "switch")
      << "confirmed long ago, so nothing more is waited for";
}

TEST(ExhaustedEverywhere, IsSaidAgainAfterAPollBelowTheThresholds) {
  AccountScene scene({"a", "b"});
  ASSERT_EQ(scene.next(hours{3}), "b");
  EXPECT_EQ(scene.next(hours{3}), "exhausted_everywhere");
  scene.show("main", showing("at work"));
  EXPECT_EQ(scene.poll(), "clear:below_thresholds");
  EXPECT_EQ(scene.next(hours{3}), "exhausted_everywhere");
}

TEST(ExhaustedEverywhere, IsNotSaidAgainAfterAnUnknownPoll) {
  AccountScene scene({"a", "b"});
  ASSERT_EQ(scene.next(hours{3}), "b");
  EXPECT_EQ(scene.next(hours{3}), "exhausted_everywhere");
  scene.fail("main");
  EXPECT_EQ(scene.poll_after(10 * interval), "") << "and the suspicion stays";
  EXPECT_EQ(scene.next(hours{3}), "");
}

TEST(ExhaustedEverywhere, IsNotSaidAgainAfterARestart) {
  AccountScene scene({"a", "b"});
  ASSERT_EQ(scene.next(hours{3}), "b");
  EXPECT_EQ(scene.next(hours{3}), "exhausted_everywhere");
  scene.restart();
  EXPECT_EQ(scene.poll(), "");
  scene.show("main", hit("without reset"));
  EXPECT_EQ(scene.poll(), "") << "the suspicion confirmed in this run stays";
}

TEST(ExhaustedEverywhere, IsSaidAgainAfterASwitch) {
  AccountScene scene({"a", "b"});
  ASSERT_EQ(scene.next(minutes{30}), "b");
  EXPECT_EQ(scene.next(hours{3}), "exhausted_everywhere");
  EXPECT_EQ(scene.poll_after(minutes{20}), "switch");
  EXPECT_EQ(scene.end(true), "switch_done");
  EXPECT_EQ(scene.next(hours{3}), "exhausted_everywhere");
}

}  // namespace
}  // namespace quotawatch::tests
