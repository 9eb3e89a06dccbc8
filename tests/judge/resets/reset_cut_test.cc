// Reset times that "…" cuts off: nothing rather than another time.
#include <gtest/gtest.h>

#include "quotawatch/reset_time.h"
#include "tests/monitor/moments.h"

namespace quotawatch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

TEST(CutResetTime, IsNoTimeAtAll) {
  for (const char* text : {"resets…",
                           "resets 1…",
                           "resets 12…",
                           "resets 12 …",
                           "resets 12:2…",
                           "resets 12:20…",
                           "resets 12:20 a…",
                           "resets 12:20 p.…",
                           "resets 13:37…",
                           "resets 13:37 …",
                           "resets 13:37 o…",
                           "resets 13:37 on 2…",
                           "resets 13:37 on 2 M…",
                           "resets 13:37 GMT…",
                           "resets 13:37 GMT+…",
                           "resets 13:37 GMT+2…",
                           "resets 13:37 GMT+2:3…",
                           "resets M…",
                           "resets Mon…",
                           "resets Mond…",
                           "resets Mon 1…",
                           "resets Mon 7 p…",
                           "resets Nov 2…",
                           "resets Nov 26…",
                           "resets Nov 26, …",
                           "resets Nov 26, 12…",
                           "resets Nov 26, 12:3…",
                           "resets Nov 26 at…",
                           "resets Nov 26 at 7 p…",
                           "resets Jan 3rd, 20…",
                           "resets Jan 3rd, 2026…",
                           "resets Jan 3rd, 2026 2:3…",
                           "resets 2 M…",
                           "resets 2 Mar 21:1…",
                           "resets 2026-08-0…",
                           "resets 2026-08-09…",
                           "resets 2026-08-09 00:0…",
                           "resets 2026-08-09 00:00 U…",
                           "resets 2026-08-09T00:00:00…",
                           "resets 11/17/20…",
                           "resets 11/17/2025…",
                           "resets in…",
                           "resets in 3…",
                           "resets in 3h…",
                           "resets in 3h 4…",
                           "resets in 3h 42m…",
                           "resets in 2 days 17 ho…",
                           "resets in 1 hour a…",
                           "resets in 1 hour and 5 mi…",
                           "limit reached|17629…",
                           "limit reached|1762952400…",
                           "resets 7pm o…",
                           "resets 7pm on…",
                           "resets 7pm on 2…",
                           "resets 7pm on 2 Ma…",
                           "resets 7pm, 2 Ma…",
                           "resets 12...",
                           "resets in 3h 4..."}) {
    EXPECT_FALSE(find_reset(text)) << text;
  }
}

TEST(CutResetTime, IsReadIfItCannotHaveGoneOn) {
  const auto paris = *Zone::find("Europe/Paris");
  const std::vector<std::tuple<std::string, std::string, std::string>> cases{
      {"resets 12am…", "12am", "2026-11-24T23:00:00Z"},
      {"resets 12am …", "12am", "2026-11-24T23:00:00Z"},
      {"resets 12am (Europe/Pa…", "12am", "2026-11-24T23:00:00Z"},
      {"resets 12am (Asia/To…", "12am", "2026-11-24T23:00:00Z"},
      {"resets 12:20am (…", "12:20am", "2026-11-24T23:20:00Z"},
      {"resets 13:37 (Eur…", "13:37", "2026-11-24T12:37:00Z"},
      {"resets 7:58 p.m.…", "7:58 p.m.", "2026-11-24T18:58:00Z"},
      {"resets Nov 26, 12am…", "Nov 26, 12am", "2026-11-25T23:00:00Z"},
      {"resets Nov 26 (Eur…", "Nov 26", "2026-11-25T23:00:00Z"},
      {"resets 11 AM GMT+…", "11 AM", "2026-11-25T10:00:00Z"},
      {"resets 11 AM GMT+2…", "11 AM", "2026-11-25T10:00:00Z"},
      {"resets 13:37 UTC and mo…", "13:37 UTC", "2026-11-24T13:37:00Z"},
      {"resets 12am (Asia/Tokyo)…", "12am", "2026-11-24T15:00:00Z"},
      {"resets 13:37 (Asia/Tokyo)…", "13:37", "2026-11-25T04:37:00Z"},
      {"resets 2026-08-09T00:00:00Z…", "2026-08-09T00:00:00Z", "2026-08-09T00:00:00Z"},
      {"resets in 12h22m45s…", "in 12h22m45s", "2026-11-24T23:22:45Z"},
      {"resets in 45 minutes · /upgr…", "in 45 minutes", "2026-11-24T11:45:00Z"},
  };
  for (const auto& [text, found, instant] : cases) {
    const auto reset = find_reset(text);
    ASSERT_TRUE(reset) << text;
    EXPECT_EQ(reset->text, found) << text;
    EXPECT_EQ(format_wall(*resolve_reset(*reset, at("2026-11-24T11:00:00Z"), paris)), instant) << text;
  }
}

TEST(CutResetTime, IsPassedOverForALaterOne) {
  EXPECT_EQ(find_reset("resets 12… limit resets 8pm")->text, "8pm");
  EXPECT_EQ(find_reset("limit resets 12:2…\nContinuing automatically at 12:20am")->text, "12:20am");
}

TEST(CutResetTime, IsNotTheBeginningOfATimeThatWasLost) {
  EXPECT_FALSE(find_reset("resets Dec 2, 7")) << "7 what? not the midnight before";
  EXPECT_FALSE(find_reset("resets Dec 2 at 7"));
  EXPECT_FALSE(find_reset("resets Monday, at dawn"));
}

// Cut anywhere, a time is nothing or still itself.
TEST(CutResetTime, NeverBecomesAnotherTime) {
  const auto paris = *Zone::find("Europe/Paris");
  const auto seen = at("2026-11-24T11:00:00Z");
  for (const std::string time : {"8pm",
                                 "11:30pm",
                                 "7:58 PM",
                                 "7:58 p.m.",
                                 "13:37",
                                 "13:37:05",
                                 "Mon 12:00am",
                                 "Monday at 3pm",
                                 "Monday, 15:00",
                                 "Dec 2, 7pm",
                                 "Jul 27 at 4:30am",
                                 "Dec 2",
                                 "Jan 3rd, 2026 2:30 PM",
                                 "April 20, 2026 at 2:00 AM",
                                 "21:13 on 2 Mar",
                                 "2 Mar 21:13",
                                 "2 Mar 2027, 21:13",
                                 "2026-08-09 00:00 UTC",
                                 "2026-08-09T00:00:05Z",
                                 "13:37 GMT+2",
                                 "2026-08-09T00:00:05.123Z",
                                 "2026-08-09T00:00:00+02:00",
                                 "11/17/2025",
                                 "11/17/2025 at 3:15 PM",
                                 "in 45 minutes",
                                 "in 3h 42m",
                                 "in 4hr 29min",
                                 "in 90s",
                                 "in 2 days 17 hours 14 minutes",
                                 "in 1 hour and 5 minutes",
                                 "in 12h22m45s",
                                 "Mon, Dec 7, 7pm",
                                 "Sunday, Dec 6, 2026 at 7pm"}) {
    const auto whole = find_reset("resets " + time);
    ASSERT_TRUE(whole) << time;
    for (std::size_t length = 0; length <= time.size(); ++length) {
      for (const char* mark : {"…", " …", "...", "… · more"}) {
        const auto cut = find_reset("resets " + time.substr(0, length) + mark);
        if (!cut) continue;
        EXPECT_EQ(resolve_reset(*cut, seen, paris), resolve_reset(*whole, seen, paris))
            << time.substr(0, length) << mark;
      }
    }
  }
}

}  // namespace
}  // namespace quotawatch
