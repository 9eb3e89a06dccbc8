// Zones: names, local days, instants.
#include "quotawatch/zone.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/monitor/moments.h"

namespace quotawatch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

std::string day_text(const Zone& zone, std::string_view time) {
  const LocalDay day = zone.day_of(at(time));
  return fmt::format("{}-{:02}-{:02}", day.year, day.month, day.day);
}

TEST(ZoneFind, KnowsWhatTzdataKnows) {
  for (const char* name : {"Europe/Paris", "UTC", "Etc/UTC", "America/Argentina/Ushuaia"}) {
    EXPECT_TRUE(Zone::find(name)) << name;
  }
  EXPECT_EQ(Zone::find("Europe/Paris")->name(), "Europe/Paris");
}

TEST(ZoneFind, KnowsNothingElse) {
  for (const char* name : {"", "Mars/Olympus", "europe/paris", "Europe", "Europe/", "/etc/localtime",
                           "../../../etc/passwd", "Europe/Paris ", "CET-1CEST", "tzdata.zi"}) {
    EXPECT_FALSE(Zone::find(name)) << name;
  }
}

TEST(ZoneFind, WhatLeadsToTheHostsZoneIsNoName) {
  EXPECT_FALSE(Zone::find("localtime"));
  EXPECT_FALSE(Zone::find_ignoring_case("LocalTime"));
}

TEST(ZoneSuggest, NamesTheNearestOrAnExample) {
  EXPECT_EQ(Zone::suggest("Europe/Pariss"), "; did you mean \"Europe/Paris\"?");
  EXPECT_EQ(Zone::suggest("Mars/Olympus"), "; write Europe/Paris or UTC");
}

TEST(ZoneNamed, ReadsWhatNameGives) {
  for (const char* name : {"Europe/Paris", "UTC", "CET-1CEST,M3.5.0,M10.5.0/3", "<+0530>-5:30"}) {
    ASSERT_TRUE(Zone::named(name)) << name;
    EXPECT_EQ(Zone::named(name)->name(), name);
    EXPECT_EQ(*Zone::named(name), *Zone::named(name));
  }
  EXPECT_FALSE(Zone::named("CET-1CEST,"));
  EXPECT_NE(*Zone::named("CET-1CEST"), *Zone::named("CET-1"));
  EXPECT_NE(*Zone::named("CET-1"), Zone::fixed(hours{1}));
}

TEST(ZoneUtc, NeedsNoDatabase) {
  EXPECT_EQ(Zone::utc().name(), "UTC");
  EXPECT_EQ(day_text(Zone::utc(), "2026-11-23T23:59:59.999Z"), "2026-11-23");
  EXPECT_EQ(Zone::utc().format_local(at("2026-11-23T19:00:59.999Z")), "Mon 23 Nov 2026 19:00 UTC");
}

TEST(ZoneDay, IsTheLocalOne) {
  const auto tokyo = *Zone::find("Asia/Tokyo");
  EXPECT_EQ(day_text(tokyo, "2026-12-31T14:59:59.999Z"), "2026-12-31");
  EXPECT_EQ(day_text(tokyo, "2026-12-31T15:00:00Z"), "2027-01-01");
  const auto york = *Zone::find("America/New_York");
  EXPECT_EQ(day_text(york, "2026-01-01T04:59:59Z"), "2025-12-31");
  EXPECT_EQ(day_text(york, "2026-01-01T05:00:00Z"), "2026-01-01");
}

TEST(ZoneInstant, CountsDaysOverMonthsAndLeapYears) {
  const auto utc = Zone::utc();
  EXPECT_EQ(utc.instant({2028, 2, 28}, 1, hours{1}), at("2028-02-29T01:00:00Z"));
  EXPECT_EQ(utc.instant({2027, 2, 28}, 1, hours{1}), at("2027-03-01T01:00:00Z"));
  EXPECT_EQ(utc.instant({2026, 12, 31}, 2, minutes{0}), at("2027-01-02T00:00:00Z"));
  EXPECT_EQ(utc.instant({2026, 1, 1}, -1, minutes{1439}), at("2025-12-31T23:59:00Z"));
}

TEST(ZoneInstant, SkippedIsAfterTheGapAndRepeatedIsTheLater) {
  const auto paris = *Zone::find("Europe/Paris");
  EXPECT_EQ(paris.instant({2026, 3, 29}, 0, hours{2}), at("2026-03-29T01:00:00Z"));
  EXPECT_EQ(paris.instant({2026, 3, 29}, 0, minutes{179}), at("2026-03-29T01:00:00Z"));
  EXPECT_EQ(paris.instant({2026, 10, 25}, 0, hours{2}), at("2026-10-25T01:00:00Z"));
  EXPECT_EQ(paris.instant({2026, 7, 1}, 0, hours{20}), at("2026-07-01T18:00:00Z"));
}

TEST(ZoneFormat, IsForPeople) {
  const auto paris = *Zone::find("Europe/Paris");
  EXPECT_EQ(paris.format_local(at("2026-11-23T19:00:59.999Z")), "Mon 23 Nov 2026 20:00 CET");
  EXPECT_EQ(paris.format_local(at("2026-07-01T18:00:00Z")), "Wed 01 Jul 2026 20:00 CEST");
}

}  // namespace
}  // namespace quotawatch
