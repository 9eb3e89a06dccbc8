// Reset times across changes of clocks: skipped times, times that come twice.
#include <date/date.h>
#include <date/tz.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "reset_cases.h"

namespace quotawatch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

TEST(SkippedTime, IsTheFirstInstantAfterTheGap) {
  check({
      {"Europe/Paris", "2:30am", "2026-03-28T20:00:00Z", "2026-03-29T01:00:00Z"},
      {"Europe/London", "1:15am", "2026-03-28T20:00:00Z", "2026-03-29T01:00:00Z"},
      {"America/New_York", "2:59am", "2026-03-08T00:00:00Z", "2026-03-08T07:00:00Z"},
      {"America/St_Johns", "2am", "2026-03-08T00:00:00Z", "2026-03-08T05:30:00Z"},
      {"Australia/Lord_Howe", "2:15am", "2026-10-03T12:00:00Z", "2026-10-03T15:30:00Z"},
      {"Pacific/Chatham", "3am", "2026-09-26T12:00:00Z", "2026-09-26T14:00:00Z"},
      {"Antarctica/Troll", "2:59am", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"},
      {"Africa/Casablanca", "2:30am", "2026-03-21T12:00:00Z", "2026-03-22T02:00:00Z"},
  });
}

TEST(SkippedTime, AtMidnightToo) {
  check({
      {"America/Sao_Paulo", "12am", "2018-11-03T20:00:00Z", "2018-11-04T03:00:00Z"},
      {"America/Sao_Paulo", "12:59am", "2018-11-03T20:00:00Z", "2018-11-04T03:00:00Z"},
      {"America/Santiago", "12:30am", "2023-09-02T20:00:00Z", "2023-09-03T04:00:00Z"},
      {"America/Asuncion", "12am", "2023-09-30T20:00:00Z", "2023-10-01T04:00:00Z"},
      {"America/Havana", "12:30am", "2026-03-07T20:00:00Z", "2026-03-08T05:00:00Z"},
      {"Asia/Beirut", "12am", "2026-03-28T20:00:00Z", "2026-03-28T22:00:00Z"},
      {"Asia/Tehran", "12:15am", "2021-03-21T12:00:00Z", "2021-03-21T20:30:00Z"},
      {"Africa/Cairo", "12am", "2023-04-27T12:00:00Z", "2023-04-27T22:00:00Z"},
  });
}

TEST(SkippedTime, TheEdgesOfTheGapAreThemselves) {
  check({
      {"Europe/Paris", "1:59am", "2026-03-28T20:00:00Z", "2026-03-29T00:59:00Z"},
      {"Europe/Paris", "2am", "2026-03-28T20:00:00Z", "2026-03-29T01:00:00Z"},
      {"Europe/Paris", "3am", "2026-03-28T20:00:00Z", "2026-03-29T01:00:00Z"},
      {"Europe/Paris", "3:01am", "2026-03-28T20:00:00Z", "2026-03-29T01:01:00Z"},
  });
}

TEST(SkippedTime, SeenAtTheEndOfTheGapIsTomorrows) {
  check({
      {"Europe/Paris", "2:30am", "2026-03-29T00:59:59.999Z", "2026-03-29T01:00:00Z"},
      {"Europe/Paris", "2:30am", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"},
  });
}

TEST(SkippedTime, CanBeAWholeDay) {
  check({{"Pacific/Apia", "8pm", "2011-12-30T08:00:00Z", "2011-12-30T10:00:00Z"},
         {"Pacific/Apia", "8pm", "2011-12-30T10:00:00Z", "2011-12-31T06:00:00Z"}});
}

TEST(TimeThatComesTwice, IsTheLaterOne) {
  check({
      {"Europe/Paris", "2:30am", "2026-10-24T20:00:00Z", "2026-10-25T01:30:00Z"},
      {"Europe/London", "1:30am", "2026-10-24T20:00:00Z", "2026-10-25T01:30:00Z"},
      {"America/New_York", "1:30am", "2026-10-31T20:00:00Z", "2026-11-01T06:30:00Z"},
      {"America/St_Johns", "1am", "2026-10-31T20:00:00Z", "2026-11-01T04:30:00Z"},
      {"Australia/Lord_Howe", "1:45am", "2026-04-04T12:00:00Z", "2026-04-04T15:15:00Z"},
      {"Pacific/Chatham", "3:30am", "2026-04-04T12:00:00Z", "2026-04-04T14:45:00Z"},
      {"Antarctica/Troll", "1:30am", "2026-10-24T12:00:00Z", "2026-10-25T01:30:00Z"},
      {"Africa/Casablanca", "2:30am", "2026-02-14T12:00:00Z", "2026-02-15T02:30:00Z"},
      {"America/Sao_Paulo", "11:30pm", "2018-02-17T12:00:00Z", "2018-02-18T02:30:00Z"},
      {"Asia/Tehran", "11pm", "2021-09-21T12:00:00Z", "2021-09-21T19:30:00Z"},
      {"Africa/Cairo", "11:59pm", "2023-10-26T12:00:00Z", "2023-10-26T21:59:00Z"},
  });
}

TEST(TimeThatComesTwice, SeenBetweenTheTwoIsStillTheLater) {
  check({
      {"America/New_York", "1:30am", "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"},
      {"America/New_York", "1:30am", "2026-11-01T06:29:59.999Z", "2026-11-01T06:30:00Z"},
      {"America/New_York", "1:30am", "2026-11-01T06:30:00Z", "2026-11-02T06:30:00Z"},
      {"America/Sao_Paulo", "11:30pm", "2018-02-18T01:59:00Z", "2018-02-18T02:30:00Z"},
      {"Antarctica/Troll", "1:30am", "2026-10-24T23:45:00Z", "2026-10-25T01:30:00Z"},
      // Back to yesterday a minute after midnight, seen within that minute.
      {"America/St_Johns", "11:30pm", "2006-10-29T02:30:30Z", "2006-10-29T03:00:00Z"},
      {"America/St_Johns", "Sat 11:30pm", "2006-10-29T02:30:30Z", "2006-10-29T03:00:00Z"},
  });
}

TEST(TimeThatComesTwice, TheEdgesOfTheRepeatedHour) {
  check({
      {"Europe/Paris", "1:59am", "2026-10-24T20:00:00Z", "2026-10-24T23:59:00Z"},
      {"Europe/Paris", "2am", "2026-10-24T20:00:00Z", "2026-10-25T01:00:00Z"},
      {"Europe/Paris", "2:59am", "2026-10-24T20:00:00Z", "2026-10-25T01:59:00Z"},
      {"Europe/Paris", "3am", "2026-10-24T20:00:00Z", "2026-10-25T02:00:00Z"},
  });
}

TEST(FixedZone, IsAlwaysAsFarAhead) {
  const Zone india = Zone::fixed(minutes{330});
  EXPECT_EQ(india.name(), "UTC+05:30");
  EXPECT_EQ(india.day_of(at("2026-12-31T18:29:59Z")).year, 2026);
  EXPECT_EQ(india.day_of(at("2026-12-31T18:30:00Z")).year, 2027);
  EXPECT_EQ(india.instant({2027, 1, 1}, 0, minutes{1}), at("2026-12-31T18:31:00Z"));
  EXPECT_EQ(india.format_local(at("2026-11-23T19:00:59Z")), "Tue 24 Nov 2026 00:30 UTC+05:30");
  EXPECT_EQ(Zone::fixed(minutes{-210}).name(), "UTC-03:30");
  EXPECT_EQ(Zone::fixed(minutes{-30}).name(), "UTC-00:30");
  EXPECT_EQ(Zone::fixed(minutes{0}).name(), Zone::utc().name());
}

TEST(ZoneInAnyCase, IsTheSameZone) {
  EXPECT_EQ(Zone::find_ignoring_case("EUROPE/paris")->name(), "Europe/Paris");
  EXPECT_EQ(Zone::find_ignoring_case("america/port-au-prince")->name(), "America/Port-au-Prince");
  for (const char* name : {"", "Europe", "Europe/Paris ", "Mars/Olympus", "../Europe/Paris"}) {
    EXPECT_FALSE(Zone::find_ignoring_case(name)) << name;
  }
}

// The same found by looking at a clock in that zone minute by minute.
class MinuteByMinute {
 public:
  MinuteByMinute(const std::string& zone, minutes asked) : zone_(date::locate_zone(zone)), asked_(asked) {}

  WallTime next(WallTime seen) const {
    WallTime before = date::floor<minutes>(seen);
    for (WallTime now = before + minutes{1};; before = now, now += minutes{1}) {
      const auto local = zone_->to_local(now);
      const auto local_before = zone_->to_local(before);
      if (skips(local_before, local)) return now;
      if (time_of_day(local) != asked_) continue;
      const WallTime later = last_on_this_day(now);
      if (later > seen) return later;
    }
  }

 private:
  using Local = date::local_time<Milliseconds>;

  static minutes time_of_day(Local local) {
    return std::chrono::duration_cast<minutes>(local - date::floor<date::days>(local));
  }

  // The clock jumped over the time asked for.
  bool skips(Local before, Local after) const {
    if (after - before <= minutes{1}) return false;
    for (Local skipped = before + minutes{1}; skipped < after; skipped += minutes{1}) {
      if (time_of_day(skipped) == asked_) return true;
    }
    return false;
  }

  WallTime last_on_this_day(WallTime now) const {
    WallTime last = now;
    for (WallTime later = now + minutes{1}; later < now + hours{4}; later += minutes{1}) {
      if (zone_->to_local(later) == zone_->to_local(now)) last = later;
    }
    return last;
  }

  const date::time_zone* zone_;
  minutes asked_;
};

std::string write_clock(minutes asked) {
  const auto hour = asked.count() / 60;
  return fmt::format("{}:{:02}{}m", hour % 12 == 0 ? 12 : hour % 12, asked.count() % 60, hour < 12 ? 'a' : 'p');
}

// Mostly within two days of a change of clocks. Tables end in 2037.
WallTime any_moment(const date::time_zone* zone) {
  const auto somewhen =
      at("1990-01-01T00:00:00Z") + std::chrono::seconds{*rc::gen::inRange<std::int64_t>(0, 46LL * 31'556'952)};
  const auto info = zone->get_info(date::floor<std::chrono::seconds>(somewhen));
  if (info.begin < at("1990-01-01T00:00:00Z") || *rc::gen::inRange(0, 4) == 0) return somewhen;
  return WallTime{info.begin} + minutes{*rc::gen::inRange(-2880, 1440)} +
         *rc::gen::element(Milliseconds{0}, Milliseconds{1}, Milliseconds{-1});
}

RC_GTEST_PROP(ResolveResetProperty, IsWhatAClockInThatZoneShows, ()) {
  static const std::vector<std::string> zones{
      "Europe/Paris",     "Europe/London",    "America/New_York",  "America/Los_Angeles", "America/Sao_Paulo",
      "America/St_Johns", "America/Santiago", "America/Havana",    "Australia/Lord_Howe", "Australia/Sydney",
      "Pacific/Chatham",  "Pacific/Apia",     "Asia/Tehran",       "Asia/Beirut",         "Asia/Kathmandu",
      "Asia/Tokyo",       "Africa/Cairo",     "Africa/Casablanca", "Antarctica/Troll",    "Etc/UTC"};
  const auto name = *rc::gen::elementOf(zones);
  const auto* const zone = date::locate_zone(name);
  const auto seen = any_moment(zone);
  const auto asked = *rc::gen::oneOf(rc::gen::map(rc::gen::inRange(0, 1440), [](int m) { return minutes{m}; }),
                                     rc::gen::map(rc::gen::inRange(0, 240), [](int m) { return minutes{m}; }));
  const auto reset = find_reset("resets " + write_clock(asked));
  RC_ASSERT(reset->at_clock == asked);
  const auto resolved = *resolve_reset(*reset, seen, *Zone::find(name));
  RC_ASSERT(resolved > seen);
  RC_ASSERT(resolved - seen <= hours{27});  // a day, and the largest repeated span
  const auto wanted = MinuteByMinute(name, asked).next(seen);
  RC_LOG() << name << " " << write_clock(asked) << " seen " << format_wall(seen) << ": wanted " << format_wall(wanted)
           << ", got " << format_wall(resolved) << "\n";
  RC_ASSERT(resolved == wanted);
}

}  // namespace
}  // namespace quotawatch
