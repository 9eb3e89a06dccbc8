// Every wording, drawn by its simulated program, gets the verdict that the simulator states as the
// truth.
#include "sim/world/wordings.h"

#include <gtest/gtest.h>

#include "quotawatch/evidence.h"
#include "quotawatch/judge.h"
#include "sim/world/zones.h"

namespace quotawatch::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr auto programs = {ScreenKind::claude_code, ScreenKind::codex, ScreenKind::gemini};

Reading read(Judge& judge, const Wording& wording, const std::string& text, std::size_t width) {
  ScreenRecipe recipe;
  recipe.program = wording.program;
  recipe.place = wording.place;
  recipe.text = text;
  recipe.width = width;
  recipe.ask = "go on with step 17";
  recipe.talk = true;
  return judge.read(draw_screen(recipe));
}

std::vector<const Wording*> every_wording(ScreenKind program) {
  std::vector<const Wording*> all;
  const auto add = [&](const std::vector<const Wording*>& some) { all.insert(all.end(), some.begin(), some.end()); };
  for (const auto limit : {LimitKind::window, LimitKind::week, LimitKind::open}) {
    for (const auto words : {Words::known, Words::changed}) {
      add(banners(program, limit, true, words));
      add(banners(program, limit, false, words));
    }
  }
  for (const auto says : {Verdict::throttled, Verdict::server_error, Verdict::auth, Verdict::warning}) {
    add(notices(program, says));
  }
  return all;
}

TEST(Wordings, AreJudgedAsTheyAreMeant) {
  Judge judge(load_packs("auto"));
  const WallTime seen = *parse_wall("2026-03-28T21:10:00Z");
  for (const auto name : zone_names) {
    const Zone zone = *Zone::find(std::string(name));
    const WallTime resets_at = round_for_banner(seen + hours{4}, zone);
    for (const auto program : programs) {
      for (const auto* wording : every_wording(program)) {
        for (const std::size_t width : {60U, 100U, 200U}) {
          const std::string text = word(*wording, resets_at, zone);
          const Reading reading = read(judge, *wording, text, width);
          ASSERT_EQ(reading.verdict, wording->says) << text << " at " << width;
          ASSERT_EQ(reading.counts, wording->counts) << text;
          if (!wording->names_reset) continue;
          const auto dated = date_reset(reading, zone, {seen, true}, seen);
          ASSERT_EQ(dated.at, resets_at) << text << " in " << name;
        }
      }
    }
  }
}

TEST(Wordings, ThereIsOneForEverything) {
  for (const auto program : programs) {
    for (const auto limit : {LimitKind::window, LimitKind::week, LimitKind::open}) {
      EXPECT_FALSE(banners(program, limit, true).empty());
      EXPECT_FALSE(banners(program, limit, false).empty());
    }
    EXPECT_FALSE(notices(program, Verdict::server_error).empty());
    EXPECT_FALSE(notices(program, Verdict::auth).empty());
  }
}

// On days with and without clock changes over a year, at any hour.
TEST(Wordings, RoundTimesAreFoundAgain) {
  for (const auto name : zone_names) {
    const Zone zone = *Zone::find(std::string(name));
    WallTime time = *parse_wall("2026-01-01T00:13:00Z");
    for (int i = 0; i < 365 * 12; ++i, time += hours{2} + minutes{1}) {
      const WallTime rounded = round_for_banner(time, zone);
      ASSERT_EQ(round_for_banner(rounded, zone), rounded) << name << ' ' << format_wall(time);
      ASSERT_LE(std::chrono::abs(time - rounded), hours{1}) << name << ' ' << format_wall(time);
    }
  }
}

}  // namespace
}  // namespace quotawatch::sim
