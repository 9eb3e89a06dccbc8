// A3 and A4: when a message was first seen, when its reset is, and which one wins.
#include <gtest/gtest.h>

#include <algorithm>

#include "scene.h"

namespace quotawatch::tests {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

// Expiry.

TEST(ExpiredBanner, IsClearFromItsOwnResetInstantOn) {
  for (const auto& [time, decided] :
       {std::pair{minutes{45} - ms, "stale"}, std::pair{Milliseconds{minutes{45}}, ""},
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

TEST(ExpiredBanner, IsOneWhoseResetIsBeyondItsWindow) {
  constexpr Milliseconds window = hours{5};
  constexpr Milliseconds slack = minutes{30};
  for (const auto& [beyond, hits] :
       {std::pair{-ms, 1U}, std::pair{Milliseconds{0}, 1U}, std::pair{ms, 0U}}) {
    Screen screen = hit_for(window + slack + beyond);
    screen.window = window;
    Scene scene;
    scene.show("main", screen);
    EXPECT_EQ(scene.poll(), hits == 1 ? "switch" : "") << beyond.count();
    EXPECT_EQ(scene.decider().evidence().hits.size(), hits);
  }
}

// "First seen" is when this message came and has stayed since.

TEST(FirstSeen, StaysWhileTheMessageStays) {
  Scene scene;
  const auto seen = [&] { return scene.state().sessions.at("main").sighting->first_seen; };
  scene.show("main", hit_for(hours{1}));
  ASSERT_EQ(scene.poll(), "switch");
  const WallTime first = scene.now().wall;
  Screen other_text = hit_for(hours{1});
  other_text.text = "limit, and a line more";
  scene.show("main", other_text);
  scene.poll();
  EXPECT_EQ(seen(), first) << "more text around it";
  scene.fail("main");
  scene.poll();
  EXPECT_EQ(seen(), first) << "a capture that failed";
  Screen vetoed = server_error("limit for a while");
  vetoed.reset_after = hours{1};
  scene.show("main", vetoed);
  scene.poll();
  EXPECT_EQ(seen(), first) << "a 5xx beside it";
  scene.restart();
  scene.show("main", hit_for(hours{1}));
  scene.poll();
  EXPECT_EQ(seen(), first) << "a restart";
  scene.show("main", hit_for(hours{1}, "another"));
  scene.poll();
  EXPECT_EQ(seen(), scene.now().wall) << "another message";
  scene.show("main", showing("at work"));
  scene.poll();
  EXPECT_FALSE(scene.state().sessions.contains("main")) << "no message";
}

TEST(FirstSeen, SessionsWithNothingToRememberAreNotKept) {
  Scene scene;
  scene.show("main", showing("at work"));
  scene.show("pool-0", hit());
  scene.poll();
  EXPECT_FALSE(scene.state().sessions.contains("main"));
  EXPECT_TRUE(scene.state().sessions.contains("pool-0"));
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
      scene.show("side-" + std::to_string(hour),
                 hit_for(hours{hour}, "for " + std::to_string(hour)));
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
