// Zones by rules of their own: what is one, and when its clocks change. That libc sees the
// same is held by tests/os/host_zone_test.cc.
#include <gtest/gtest.h>

#include "quotawatch/zone.h"
#include "tests/monitor/moments.h"

namespace quotawatch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

std::string shown(std::string_view rules, std::string_view time) {
  return Zone::from_rules(rules)->format_local(at(time));
}

TEST(PosixRules, AreATextOfOneForm) {
  for (const char* text : {"UTC0", "CET-1", "CET-1CEST", "EST5EDT4", "<+0530>-5:30", "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1",
                           "AAA+3:00:30BBB-04,J60/1:2:3,300/167", "IST-1GMT0,M10.5.0,M3.5.0/1", "XYZ24"}) {
    EXPECT_TRUE(Zone::from_rules(text)) << text;
  }
  for (const char* text : {"",
                           "UTC",
                           "AB5",
                           "CET -1",
                           "CET-1CEST,",
                           "CET-1CEST,M3.5.0",
                           "CET-1CEST,M13.1.0,M10.5.0",
                           "CET-1CEST,M3.0.0,M10.5.0",
                           "CET-1CEST,M3.6.0,M10.5.0",
                           "CET-1CEST,M3.5.7,M10.5.0",
                           "CET-1CEST,J0,J1",
                           "CET-1CEST,J366,J1",
                           "CET-1CEST,366,1",
                           "CET-1CEST,M3.5.0/168,M10.5.0",
                           "CET-1CEST,M3.5.0/,M10.5.0",
                           "XYZ25",
                           "XYZ1:60",
                           "<+1>-1",
                           "<+01-1",
                           "CET-1,M3.5.0,M10.5.0",
                           "CET-1CEST,M3.5.0,M10.5.0,M1.1.1",
                           "Europe/Paris",
                           "../../etc/passwd"}) {
    EXPECT_FALSE(Zone::from_rules(text)) << text;
  }
}

TEST(PosixRules, CountBehindUtc) {
  EXPECT_EQ(shown("CET-1", "2026-11-23T19:00:00Z"), "Mon 23 Nov 2026 20:00 CET");
  EXPECT_EQ(shown("UTC+2", "2026-11-23T19:00:00Z"), "Mon 23 Nov 2026 17:00 UTC");
  EXPECT_EQ(shown("<+0530>-5:30", "2026-11-23T19:00:00Z"), "Tue 24 Nov 2026 00:30 +0530");
}

TEST(PosixRules, ChangeClocksAtTheirInstants) {
  constexpr const char* central_europe = "CET-1CEST,M3.5.0,M10.5.0/3";
  EXPECT_EQ(shown(central_europe, "2026-03-29T00:59:59Z"), "Sun 29 Mar 2026 01:59 CET");
  EXPECT_EQ(shown(central_europe, "2026-03-29T01:00:00Z"), "Sun 29 Mar 2026 03:00 CEST");
  EXPECT_EQ(shown(central_europe, "2026-10-25T00:59:59Z"), "Sun 25 Oct 2026 02:59 CEST");
  EXPECT_EQ(shown(central_europe, "2026-10-25T01:00:00Z"), "Sun 25 Oct 2026 02:00 CET");
  constexpr const char* south_east_australia = "AEST-10AEDT,M10.1.0,M4.1.0/3";
  EXPECT_EQ(shown(south_east_australia, "2026-01-01T00:00:00Z"), "Thu 01 Jan 2026 11:00 AEDT");
  EXPECT_EQ(shown(south_east_australia, "2026-07-01T00:00:00Z"), "Wed 01 Jul 2026 10:00 AEST");
  // Before the midnight that begins the day, and summer time that never ends.
  constexpr const char* west_greenland = "<-02>2<-01>,M3.5.0/-1,M10.5.0/0";
  EXPECT_EQ(shown(west_greenland, "2026-03-29T00:59:59Z"), "Sat 28 Mar 2026 22:59 -02");
  EXPECT_EQ(shown(west_greenland, "2026-03-29T01:00:00Z"), "Sun 29 Mar 2026 00:00 -01");
  EXPECT_EQ(shown("XXX3EDT4,0/0,J365/23", "2026-12-31T23:30:00Z"), "Thu 31 Dec 2026 19:30 EDT");
  EXPECT_EQ(shown("XXX3EDT4,0/0,J365/23", "2027-01-01T03:00:00Z"), "Thu 31 Dec 2026 23:00 EDT");
}

TEST(PosixRules, WithoutRulesForSummerTimeTakeThoseOfLibc) {
  EXPECT_EQ(shown("CET-1CEST", "2026-03-08T00:59:59Z"), "Sun 08 Mar 2026 01:59 CET");
  EXPECT_EQ(shown("CET-1CEST", "2026-03-08T01:00:00Z"), "Sun 08 Mar 2026 03:00 CEST");
}

TEST(PosixRules, KnowLeapDays) {
  constexpr const char* by_number = "AAA0BBB,J60/0,J300/0";  // 1 March, always
  constexpr const char* by_days = "AAA0BBB,59/0,299/0";      // 29 February in a leap year
  EXPECT_EQ(shown(by_number, "2028-02-29T12:00:00Z"), "Tue 29 Feb 2028 12:00 AAA");
  EXPECT_EQ(shown(by_number, "2027-03-01T12:00:00Z"), "Mon 01 Mar 2027 13:00 BBB");
  EXPECT_EQ(shown(by_number, "2028-03-01T12:00:00Z"), "Wed 01 Mar 2028 13:00 BBB");
  EXPECT_EQ(shown(by_days, "2028-02-29T12:00:00Z"), "Tue 29 Feb 2028 13:00 BBB");
}

TEST(PosixRules, SkippedIsAfterTheGapAndRepeatedIsTheLater) {
  const auto zone = *Zone::from_rules("CET-1CEST,M3.5.0,M10.5.0/3");
  EXPECT_EQ(zone.instant({2026, 3, 29}, 0, hours{2}), at("2026-03-29T01:00:00Z"));
  EXPECT_EQ(zone.instant({2026, 3, 29}, 0, minutes{179}), at("2026-03-29T01:00:00Z"));
  EXPECT_EQ(zone.instant({2026, 10, 25}, 0, hours{2}), at("2026-10-25T01:00:00Z"));
  EXPECT_EQ(zone.instant({2026, 7, 1}, 0, hours{20}), at("2026-07-01T18:00:00Z"));
  // Where it is standard time that is ahead (winter is "summer time" that goes back).
  const auto dublin = *Zone::from_rules("IST-1GMT0,M10.5.0,M3.5.0/1");
  const auto london = *Zone::find("Europe/London");
  for (const char* day : {"2026-03-29", "2026-10-25", "2026-07-01", "2026-12-01"}) {
    const LocalDay local = london.day_of(at(std::string(day) + "T12:00:00Z"));
    for (minutes time{0}; time < hours{24}; time += minutes{15}) {
      EXPECT_EQ(dublin.instant(local, 0, time), london.instant(local, 0, time)) << day;
    }
  }
}

}  // namespace
}  // namespace quotawatch
