// A3 and A4: when a message was first seen, when its reset is, and which reset decides.
#include <gtest/gtest.h>

#include <algorithm>

#include "scene.h"

namespace quotawatch::tests {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

// Expiry.

TEST(ExpiredBanner, IsClearFromItsOwnResetInstantOn) {
  for (const auto& [time, decided] : {std::pair{minutes{45} - ms, "stale"}, std::pair{Milliseconds{minutes{45}}, ""},
                                      std::pair{minutes{45} + ms, ""}}) {
    Scene scene;
    scene.show("main", hit_for(minutes{45}));
    scene.switch_once();
    EXPECT_EQ(scene.poll_after(time), decided) << time.count();
    const auto& dated = scene.decider().evidence().verdicts.at(0);
    EXPECT_EQ(dated.expired, time >= minutes{45});
    EXPECT_EQ(dated.verdict, time >= minutes{45} ? Verdict::clear : Verdict::exhausted);
  }
}

TEST(ExpiredBanner, ClearsSuspicionOfItself) {
  Scene scene(rules_with_accounts({"a"}));
  scene.show("main", hit_for(minutes{45}));
  EXPECT_EQ(scene.poll(), "exhausted_everywhere");
  EXPECT_EQ(scene.poll_after(minutes{45} - ms), "");
  EXPECT_EQ(scene.poll_after(ms), "clear:below_thresholds");
}

TEST(ExpiredBanner, IsOneWhoseTimeOfDayIsBeyondItsWindow) {
  constexpr Milliseconds window = hours{5};
  for (const auto& [beyond, hits] :
       {std::pair{minutes{-1}, 1U}, std::pair{minutes{0}, 1U}, std::pair{minutes{1}, 0U}}) {
    Screen screen = hit_until(hours{12} + minutes{1} + hours{5} + minutes{30} + beyond);
    screen.window = window;
    Scene scene;
    scene.show("main", screen);
    EXPECT_EQ(scene.poll_after(minutes{1}), hits == 1 ? "switch" : "") << beyond.count();
    EXPECT_EQ(scene.decider().evidence().hits.size(), hits);
  }
}

// A4: a span or a date beyond the longest possible limit is no reset time.

TEST(ResetTooFarOff, IsNone) {
  for (const auto& [window, longest] :
       {std::pair{std::optional<Milliseconds>(hours{5}), Milliseconds{hours{5} + minutes{30}}},
        std::pair{std::optional<Milliseconds>(), Milliseconds{hours{32 * 24}}}}) {
    for (const auto& [beyond, decided] : {std::pair{Milliseconds{0}, "switch"}, std::pair{ms, "suspect"}}) {
      Screen screen = hit_for(longest + beyond);
      screen.window = window;
      Scene scene;
      scene.show("main", screen);
      EXPECT_EQ(scene.poll(), decided) << longest.count() << " " << beyond.count();
      const auto& dated = scene.decider().evidence().verdicts.at(0);
      EXPECT_EQ(dated.verdict, Verdict::exhausted);
      EXPECT_EQ(dated.reset_at.has_value(), beyond == Milliseconds{0});
      EXPECT_EQ(dated.why.empty(), beyond == Milliseconds{0});
    }
  }
}

TEST(ResetTooFarOff, LocksNoAccountAndHidesNoTrueOne) {
  Scene scene;
  scene.show("main", hit_for(hours{24 * 365 * 70}, "until 2096"));
  scene.show("side", hit_for(hours{4}));
  EXPECT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.state().limited_until.at("a"), scene.now().wall + hours{4});
}

// A banner that appears within five minutes after the time it names: the server is late.

TEST(RefusedAgain, WithinFiveMinutesAfterItsTimeIsAHitForAsLongAsItStands) {
  for (const auto& [late, again] : {std::pair{Milliseconds{0}, true}, std::pair{Milliseconds{minutes{5}}, true},
                                    std::pair{Milliseconds{minutes{5}} + ms, false}}) {
    Scene scene(rules_with_accounts({"a"}));
    Screen screen = hit_until(hours{13});
    screen.window = hours{5};
    scene.show("main", showing("at work"));
    scene.poll_after(hours{1} - minutes{1} + late);
    scene.show("main", screen);
    EXPECT_EQ(scene.poll_after(minutes{1}), again ? "exhausted_everywhere" : "") << late.count();
    const auto& dated = scene.decider().evidence().verdicts.at(0);
    EXPECT_EQ(dated.verdict, again ? Verdict::exhausted : Verdict::clear);
    EXPECT_EQ(dated.expired, !again);
    if (!again) continue;
    EXPECT_EQ(dated.reset_at, noon() + hours{1});
    EXPECT_EQ(dated.retry_at, scene.now().wall + minutes{1});
    EXPECT_EQ(scene.state().limited_until.at("a"), scene.now().wall + minutes{1});
    scene.restart(hours{7});
    scene.poll_after(hours{8});
    EXPECT_EQ(scene.decider().evidence().hits.size(), 1U) << "it never expires";
  }
}

TEST(RefusedAgain, IsNotABannerThatMayHaveStoodThereForHours) {
  Screen screen = hit_until(hours{13});
  screen.window = hours{5};
  Scene first_look;
  first_look.show("main", screen);
  EXPECT_EQ(first_look.poll_after(hours{1} + minutes{1}), "");
  EXPECT_TRUE(first_look.decider().evidence().verdicts.at(0).expired);
  for (const auto& [unseen, decided] :
       {std::pair{Milliseconds{minutes{5}}, "switch"}, std::pair{Milliseconds{minutes{5}} + ms, ""}}) {
    Scene outage;
    outage.show("main", showing("at work"));
    outage.poll_after(hours{1});
    outage.fail("main");
    outage.poll();
    outage.show("main", screen);
    EXPECT_EQ(outage.poll_after(unseen - interval), decided) << unseen.count();
  }
}

TEST(RefusedAgain, OnAPlainScreenATimeThatMayBeTomorrowsIs) {
  Scene scene;
  scene.show("main", plain(showing("at work")));
  scene.poll_after(hours{1});
  scene.show("main", plain(hit_until(hours{13})));
  EXPECT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.last(EventKind::switch_).reset_at, noon() + hours{25});
}

// "First seen" is when this message appeared, if it has stayed visible since.

class FirstSeen : public testing::Test {
 protected:
  WallTime seen() const { return scene_.state().sessions.at("main").sighting->first_seen; }
  WallTime now() const { return scene_.now().wall; }
  void poll(const Screen& screen) {
    scene_.show("main", screen);
    scene_.poll();
  }

  Scene scene_;
};

TEST_F(FirstSeen, StaysWhileTheMessageStays) {
  poll(hit_for(hours{1}));
  const WallTime first = now();
  scene_.fail("main");
  scene_.poll();
  EXPECT_EQ(seen(), first) << "a capture that failed";
  Screen vetoed = server_error("limit for a while");
  vetoed.text = hit_for(hours{1}).text;
  vetoed.reset_after = hours{1};
  poll(vetoed);
  EXPECT_EQ(seen(), first) << "together with a 5xx";
  scene_.restart();
  poll(hit_for(hours{1}));
  EXPECT_EQ(seen(), first) << "a restart";
  poll(hit_for(hours{1}, "another"));
  EXPECT_EQ(seen(), now()) << "another message";
  poll(showing("at work"));
  EXPECT_FALSE(scene_.state().sessions.contains("main")) << "no message";
}

TEST_F(FirstSeen, IsNowForTheSameWordsInAnotherConversation) {
  poll(hit_for(hours{1}));
  Screen further = hit_for(hours{1});
  further.text = "limit, and a turn more";
  poll(further);
  EXPECT_EQ(seen(), now());
}

TEST_F(FirstSeen, IsNowAfterAnythingElseThatTheConversationShowed) {
  poll(hit_for(hours{1}));
  poll(showing("at work"));
  poll(hit_for(hours{1}));
  EXPECT_EQ(seen(), now());
}

TEST_F(FirstSeen, StaysForAConversationThatARestartedProgramDrawsAgain) {
  poll(hit_for(hours{1}));
  const WallTime first = now();
  poll(hiding());
  poll(hiding(Context::start));
  scene_.remove("main");
  scene_.poll();
  scene_.restart();
  poll(hit_for(hours{1}));
  EXPECT_EQ(seen(), first);
}

TEST_F(FirstSeen, IsNowForAnotherConversationOfARestartedProgram) {
  for (const bool gone : {false, true}) {
    poll(hit_for(hours{1}));
    poll(hiding());
    if (gone) scene_.remove("main");
    scene_.poll();
    Screen other = hit_for(hours{1});
    other.text = gone ? "another day's" : "another";
    poll(other);
    EXPECT_EQ(seen(), now());
  }
}

TEST_F(FirstSeen, StaysOnAPlainScreenWhateverElseIsInTheBlock) {
  poll(plain(hit_for(hours{1})));
  const WallTime first = now();
  Screen other_text = plain(hit_for(hours{1}));
  other_text.text = "limit, and a spinner";
  poll(other_text);
  EXPECT_EQ(seen(), first);
}

TEST_F(FirstSeen, IsNowOnAPlainScreenOnceTheMessageOrTheSessionWasGone) {
  poll(plain(hit_for(hours{1})));
  poll(hiding());
  poll(plain(hit_for(hours{1})));
  EXPECT_EQ(seen(), now());
  scene_.remove("main");
  scene_.poll();
  poll(plain(hit_for(hours{1})));
  EXPECT_EQ(seen(), now());
}

TEST_F(FirstSeen, SessionsWithNothingToRememberAreNotKept) {
  scene_.show("pool-0", hit());
  poll(showing("at work"));
  EXPECT_FALSE(scene_.state().sessions.contains("main"));
  EXPECT_TRUE(scene_.state().sessions.contains("pool-0"));
}

TEST(Zones, ABannerThatNamesNoneIsOfTheHosts) {
  auto rules = usual_rules();
  rules.host_zone = *Zone::find("Asia/Tokyo");  // nine hours ahead
  Scene scene(rules);
  scene.show("main", hit_until(hours{23}));
  ASSERT_EQ(scene.poll(), "switch");
  EXPECT_EQ(scene.last(EventKind::switch_).reset_at, noon() + hours{2});
}

// A4.

TEST(LatestReset, WinsWhateverTheOrder) {
  std::vector<int> order{1, 2, 3};
  do {
    Scene scene;
    for (const int hour : order) {
      scene.show("side-" + std::to_string(hour), hit_for(hours{hour}, "for " + std::to_string(hour)));
    }
    ASSERT_EQ(scene.poll(), "switch");
    const Event& asked = scene.last(EventKind::switch_);
    EXPECT_EQ(asked.reset_at, scene.now().wall + hours{3});
    EXPECT_EQ(asked.session, "side-" + std::to_string(order[0])) << "the first hit is the trigger";
    EXPECT_EQ(scene.state().limited_until.at("a"), scene.now().wall + hours{3});
  } while (std::next_permutation(order.begin(), order.end()));
}

}  // namespace
}  // namespace quotawatch::tests
