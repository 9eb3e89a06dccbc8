// Reset times as banners write them, and the instants they mean without any change
// of clocks; reset_zones_test.cc has those.
#include "quotawatch/reset_time.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/monitor/moments.h"

namespace quotawatch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

struct ClockCase {
  std::string text;
  std::string found;
  std::optional<minutes> clock;
};

TEST(FindReset, ReadsTimesOfTheDay) {
  const std::vector<ClockCase> cases{
      {"resets 12am", "12am", hours{0}},
      {"resets 12:01am", "12:01am", minutes{1}},
      {"resets 12:59am", "12:59am", minutes{59}},
      {"resets 1am", "1am", hours{1}},
      {"resets 11:59am", "11:59am", hours{11} + minutes{59}},
      {"resets 12pm", "12pm", hours{12}},
      {"resets 12:59pm", "12:59pm", hours{12} + minutes{59}},
      {"resets 1pm", "1pm", hours{13}},
      {"resets 8pm", "8pm", hours{20}},
      {"resets at 11:30pm", "11:30pm", hours{23} + minutes{30}},
      {"reset 8 pm", "8 pm", hours{20}},
      {"RESETS AT 8PM", "8PM", hours{20}},
      {"resets   at   08:05am", "08:05am", hours{8} + minutes{5}},
      {"limit · resets 8pm (Europe/Paris) · /upgrade", "8pm", hours{20}},
      {"resets\n  8pm", "8pm", hours{20}},
  };
  for (const auto& [text, found, clock] : cases) {
    const auto reset = find_reset(text);
    ASSERT_TRUE(reset) << text;
    EXPECT_EQ(reset->text, found);
    EXPECT_EQ(reset->at_clock, clock) << text;
    EXPECT_FALSE(reset->after);
  }
}

TEST(FindReset, KeepsImpossibleTimesButDoesNotResolveThem) {
  for (const char* time : {"0am", "0:30pm", "13pm", "13:00am", "99am", "8:60pm", "8:99am", "8:100pm",
                           "99999999999999999999pm", "8:99999999999999999999pm"}) {
    const auto reset = find_reset(std::string("resets ") + time);
    ASSERT_TRUE(reset) << time;
    EXPECT_EQ(reset->text, time);
    EXPECT_FALSE(resolve_reset(*reset, at("2026-11-23T12:00:00Z"), Zone::utc())) << time;
  }
}

TEST(FindReset, ReadsSpansOfTime) {
  const std::vector<std::pair<std::string, Milliseconds>> cases{{"in 1 hour", hours{1}},
                                                                {"in 5 hours", hours{5}},
                                                                {"in 1 minute", minutes{1}},
                                                                {"in 45 minutes", minutes{45}},
                                                                {"IN 2 HOURS", hours{2}},
                                                                {"in 1 hours", hours{1}},
                                                                {"in 100000 hours", hours{100'000}}};
  for (const auto& [text, span] : cases) {
    const auto reset = find_reset("Resets " + text + ".");
    ASSERT_TRUE(reset) << text;
    EXPECT_EQ(reset->text, text);
    EXPECT_EQ(reset->after, span);
    EXPECT_FALSE(reset->at_clock);
    EXPECT_EQ(resolve_reset(*reset, at("2026-11-23T12:00:00.5Z"), Zone::utc()), at("2026-11-23T12:00:00.5Z") + span);
  }
  for (const char* text : {"in 100001 hours", "in 99999999999999999999 minutes"}) {
    const auto reset = find_reset(std::string("resets ") + text);
    ASSERT_TRUE(reset);
    EXPECT_FALSE(resolve_reset(*reset, at("2026-11-23T12:00:00Z"), Zone::utc())) << text;
  }
}

TEST(FindReset, FindsNothingElse) {
  for (const char* text : {"",
                           "resets",
                           "resets soon",
                           "resets at 8",
                           "resets 8",
                           "8pm",
                           "in 45 minutes",
                           "resets in 45",
                           "resets in two hours",
                           "resetting 8pm",
                           "resets8pm",
                           "presets 8pm",
                           "rate_limit_reset 8pm",
                           "resets monthly",
                           "resets in 1 month",
                           "resets in a moment",
                           "resets in 8pm",
                           "resets 45 minutes",
                           "reset 3 days ago",
                           "try again later",
                           "try again in a moment",
                           "Your limit has reset · press enter to continue",
                           "Usage limit reset · continuing automatically",
                           "1762952400",
                           "|1762952400",
                           "resets 1762952400",
                           "limit reached 1762952400",
                           "resets Dec 2026",
                           "resets Decimal 2",
                           "resets 2 Marches",
                           "resets 8pmx",
                           "resets 12:2",
                           "resets 11/17",
                           "resets 11/17/25",
                           "resets 1.5 hours",
                           "resets in 1.5h",
                           "resets 2/3/20261",
                           "git reset --hard HEAD~3"}) {
    EXPECT_FALSE(find_reset(text)) << text;
  }
}

TEST(FindReset, TakesTheFirst) {
  EXPECT_EQ(find_reset("resets soon, resets 8pm, resets 9pm")->text, "8pm");
  EXPECT_EQ(find_reset("resets in 45 minutes\nresets 9pm")->text, "in 45 minutes");
}

TEST(LocateReset, EndsBehindWhatItShows) {
  for (const std::string text : {"resets 8pm", "resets soon, resets Dec 2, 7pm", "resets in 3h 42m",
                                 "limit reached|1762952400", "Try again at 11:42 PM"}) {
    for (const char* rest : {"", " (Europe/Paris) · /upgrade", ". /stats"}) {
      const auto located = locate_reset(text + rest);
      ASSERT_TRUE(located) << text << rest;
      EXPECT_EQ(located->end, text.size()) << text << rest;
      EXPECT_EQ(located->reset, *find_reset(text + rest));
    }
  }
}

TEST(FindReset, ReadsTheZoneInParentheses) {
  const std::vector<std::pair<std::string, std::string>> zones{
      {"(Europe/Paris)", "Europe/Paris"},
      {"(America/Argentina/Buenos_Aires)", "America/Argentina/Buenos_Aires"},
      {"(America/Port-au-Prince)", "America/Port-au-Prince"},
      {"(Etc/GMT+5)", "Etc/GMT+5"},
      {"(UTC)", "UTC"}};
  for (const auto& [text, name] : zones) {
    const auto reset = find_reset("resets 8pm " + text);
    ASSERT_TRUE(reset);
    ASSERT_TRUE(reset->zone) << text;
    EXPECT_EQ(reset->text, "8pm") << "without the zone";
    // A link may be known by the name of its target; the same instants are what counts.
    EXPECT_EQ(resolve_reset(*reset, at("2026-07-01T00:00:00Z"), Zone::utc()),
              resolve_reset(*find_reset("resets 8pm"), at("2026-07-01T00:00:00Z"), *Zone::find(name)));
  }
  EXPECT_TRUE(find_reset("resets 8pm(Europe/Paris)")->zone) << "without a space";
}

TEST(FindReset, AnUnknownZoneIsTheHosts) {
  for (const char* text : {"resets 8pm (Mars/Olympus)", "resets 8pm (../../etc/passwd)", "resets 8pm (limit)",
                           "resets 8pm ()", "resets 8pm (local time)"}) {
    const auto reset = find_reset(text);
    ASSERT_TRUE(reset) << text;
    EXPECT_FALSE(reset->zone) << text;
    EXPECT_EQ(resolve_reset(*reset, at("2026-07-01T00:00:00Z"), *Zone::find("Europe/Paris")),
              at("2026-07-01T18:00:00Z"));
  }
}

TEST(ResolveReset, IsTheNextSuchMomentStrictlyAfter) {
  const auto reset = *find_reset("resets 8pm");
  const auto utc = [&](std::string_view seen) { return *resolve_reset(reset, at(seen), Zone::utc()); };
  EXPECT_EQ(utc("2026-11-23T19:59:59.999Z"), at("2026-11-23T20:00:00Z"));
  EXPECT_EQ(utc("2026-11-23T20:00:00Z"), at("2026-11-24T20:00:00Z"));
  EXPECT_EQ(utc("2026-11-23T20:00:00.001Z"), at("2026-11-24T20:00:00Z"));
  EXPECT_EQ(utc("2026-12-31T21:00:00Z"), at("2027-01-01T20:00:00Z"));
  EXPECT_EQ(utc("2028-02-28T21:00:00Z"), at("2028-02-29T20:00:00Z"));
  EXPECT_EQ(utc("1969-12-31T21:00:00Z"), at("1970-01-01T20:00:00Z"));
}

TEST(ResolveReset, MidnightIsTheBeginningOfADay) {
  const auto reset = *find_reset("resets 12am");
  const auto utc = [&](std::string_view seen) { return *resolve_reset(reset, at(seen), Zone::utc()); };
  EXPECT_EQ(utc("2026-11-23T23:59:59.999Z"), at("2026-11-24T00:00:00Z"));
  EXPECT_EQ(utc("2026-11-24T00:00:00Z"), at("2026-11-25T00:00:00Z"));
  EXPECT_EQ(*resolve_reset(*find_reset("resets 12pm"), at("2026-11-24T00:00:00Z"), Zone::utc()),
            at("2026-11-24T12:00:00Z"));
}

TEST(ResolveReset, TheDayIsTheZonesOwn) {
  const auto reset = *find_reset("resets 1am (Asia/Tokyo)");  // UTC+9
  EXPECT_EQ(resolve_reset(reset, at("2026-11-23T15:59:59Z"), Zone::utc()), at("2026-11-23T16:00:00Z"));
  EXPECT_EQ(resolve_reset(reset, at("2026-11-23T16:00:00Z"), Zone::utc()), at("2026-11-24T16:00:00Z"));
}

TEST(ResolveReset, TheBannersZoneGoesBeforeTheHosts) {
  const auto paris = *Zone::find("Europe/Paris");
  const auto seen = at("2026-11-23T12:00:00Z");
  EXPECT_EQ(resolve_reset(*find_reset("resets 8pm"), seen, paris), at("2026-11-23T19:00:00Z"));
  EXPECT_EQ(resolve_reset(*find_reset("resets 8pm (America/New_York)"), seen, paris), at("2026-11-24T01:00:00Z"));
}

TEST(ResolveReset, ASpanOfTimeKnowsNoZone) {
  const auto reset = *find_reset("resets in 2 hours (Europe/Paris)");
  EXPECT_EQ(resolve_reset(reset, at("2026-03-29T00:30:00Z"), Zone::utc()), at("2026-03-29T02:30:00Z"));
}

RC_GTEST_PROP(FindResetProperty, ReadsOrRefusesAnyText, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::oneOf(
      rc::gen::elementOf(std::string("resets at in hours minutes 0123456789:apm ()/")), rc::gen::arbitrary<char>()));
  const auto reset = find_reset("resets " + text);
  if (reset) resolve_reset(*reset, at("2026-11-23T12:00:00Z"), Zone::utc());
}

}  // namespace
}  // namespace quotawatch
