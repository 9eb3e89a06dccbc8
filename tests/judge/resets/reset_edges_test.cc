// Weekdays and dates across changes of clocks and calendars, and every change of clocks
// of some zones; reset_zones_test.cc has times of the day, case by case.
#include <date/date.h>
#include <date/tz.h>
#include <gtest/gtest.h>

#include "reset_cases.h"

namespace quotawatch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(WeekdayReset, IsTheNextStrictlyAfter) {
  check({
      {"UTC", "Mon 12am", "2026-11-22T23:59:59.999Z", "2026-11-23T00:00:00Z"},
      {"UTC", "Mon 12am", "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z"},
      {"UTC", "Mon 12am", "2026-11-23T00:00:00.001Z", "2026-11-30T00:00:00Z"},
      {"UTC", "Sun 11:59pm", "2026-12-31T00:00:00Z", "2027-01-03T23:59:00Z"},
      {"Asia/Tokyo", "Mon 12am", "2026-11-22T14:59:59Z", "2026-11-22T15:00:00Z"},
      {"America/Los_Angeles", "Mon 11pm", "2026-11-24T06:59:59Z", "2026-11-24T07:00:00Z"},
      {"America/Los_Angeles", "Mon 11pm", "2026-11-24T07:00:00Z", "2026-12-01T07:00:00Z"},
  });
}

TEST(WeekdayReset, CountsWeeksByTheCalendarNotByHours) {
  check({
      {"Europe/Paris", "Sat 12pm", "2026-10-24T10:00:00Z", "2026-10-31T11:00:00Z"},
      {"Europe/Paris", "Sat 12pm", "2026-03-28T11:00:00Z", "2026-04-04T10:00:00Z"},
      {"America/New_York", "Sat 12pm", "2026-10-31T16:00:00Z", "2026-11-07T17:00:00Z"},
  });
}

TEST(WeekdayReset, SkippedAndRepeatedTimes) {
  check({
      {"Europe/Paris", "Sun 2:30am", "2026-03-24T12:00:00Z", "2026-03-29T01:00:00Z"},
      {"Europe/Paris", "Sun 2:30am", "2026-03-29T01:00:00Z", "2026-04-05T00:30:00Z"},
      {"Europe/Paris", "Sun 2:30am", "2026-10-20T12:00:00Z", "2026-10-25T01:30:00Z"},
      {"Europe/Paris", "Sun 2:30am", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"},
      {"Europe/Paris", "Sun 2:30am", "2026-10-25T01:30:00Z", "2026-11-01T01:30:00Z"},
      {"America/Sao_Paulo", "Sun 12am", "2018-11-01T12:00:00Z", "2018-11-04T03:00:00Z"},
      {"America/Sao_Paulo", "Sat 11:30pm", "2018-02-18T01:45:00Z", "2018-02-18T02:30:00Z"},
      // The Friday that Samoa left out: the first instant after it.
      {"Pacific/Apia", "Fri 8pm", "2011-12-28T12:00:00Z", "2011-12-30T10:00:00Z"},
      {"Pacific/Apia", "Fri 8pm", "2011-12-30T10:00:00Z", "2012-01-06T06:00:00Z"},
  });
}

TEST(DatedReset, TakesTheNearestYear) {
  check({
      {"UTC", "Jan 1, 12am", "2026-12-31T23:00:00Z", "2027-01-01T00:00:00Z"},
      {"UTC", "Dec 31, 11pm", "2027-01-01T00:00:00Z", "2026-12-31T23:00:00Z"},
      {"UTC", "Nov 24, 12pm", "2026-11-24T12:00:00Z", "2026-11-24T12:00:00Z"},
      {"Pacific/Kiritimati", "Jan 1, 12am", "2026-12-31T09:00:00Z", "2026-12-31T10:00:00Z"},
      // Half a year of 365 days away on both sides: the later.
      {"UTC", "Jul 2, 12pm", "2026-01-01T00:00:00Z", "2026-07-02T12:00:00Z"},
      {"UTC", "Jul 2, 12pm", "2025-12-31T23:59:59Z", "2025-07-02T12:00:00Z"},
  });
}

TEST(DatedReset, OfALeapDayTakesTheNearestLeapYear) {
  check({
      {"UTC", "Feb 29, 12am", "2026-02-27T00:00:00Z", "2024-02-29T00:00:00Z"},
      {"UTC", "Feb 29, 12am", "2026-03-01T00:00:00Z", "2028-02-29T00:00:00Z"},
      {"UTC", "Feb 29, 12am", "2027-06-01T00:00:00Z", "2028-02-29T00:00:00Z"},
      {"UTC", "29 Feb", "2028-12-31T00:00:00Z", "2028-02-29T00:00:00Z"},
      {"UTC", "Feb 29, 12am", "2100-02-28T00:00:00Z", "2096-02-29T00:00:00Z"},
      {"UTC", "Feb 29, 12am", "2100-03-01T00:00:00Z", "2104-02-29T00:00:00Z"},
      {"UTC", "Feb 28, 12am", "2028-02-29T00:00:00Z", "2028-02-28T00:00:00Z"},
  });
}

TEST(DatedReset, SkippedAndRepeatedTimes) {
  check({
      {"Europe/Paris", "Mar 29, 2:30am", "2026-01-10T12:00:00Z", "2026-03-29T01:00:00Z"},
      {"Europe/Paris", "Mar 29, 2026 2:30am", "2030-01-10T12:00:00Z", "2026-03-29T01:00:00Z"},
      {"Europe/Paris", "2:30am on 25 Oct", "2026-12-10T12:00:00Z", "2026-10-25T01:30:00Z"},
      {"America/New_York", "11/01/2026 1:30 AM", "2026-01-10T12:00:00Z", "2026-11-01T06:30:00Z"},
      {"America/Sao_Paulo", "Nov 4, 2018", "2026-01-10T12:00:00Z", "2018-11-04T03:00:00Z"},
      {"Australia/Lord_Howe", "2026-10-04 02:15", "2026-01-10T12:00:00Z", "2026-10-03T15:30:00Z"},
      {"Pacific/Apia", "Dec 30, 2011 8pm", "2026-01-10T12:00:00Z", "2011-12-30T10:00:00Z"},
  });
}

TEST(DatedReset, FarYearsNeitherCrashNorWrap) {
  check({{"Europe/Paris", "Jan 1, 9999 12am", "2026-01-10T12:00:00Z", "9998-12-31T23:00:00Z"},
         {"UTC", "0000-01-01 00:00", "2026-01-10T12:00:00Z", "0000-01-01T00:00:00Z"}});
}

// The state could be saved with such a reset, and never be read again.
TEST(DatedReset, BeyondTheYearsThatCanBeWrittenIsNone) {
  for (const char* text : {"resets Dec 31, 9999 11pm (America/New_York)", "resets 0000-01-01 00:00 (Asia/Tokyo)"}) {
    const auto reset = find_reset(text);
    ASSERT_TRUE(reset) << text;
    EXPECT_FALSE(resolve_reset(*reset, at("2026-11-23T12:00:00Z"), Zone::utc())) << text;
  }
}

// Every change of clocks from 2000 to 2030.
std::vector<date::sys_info> changes_of(const date::time_zone& zone) {
  std::vector<date::sys_info> changes;
  for (auto info = zone.get_info(date::floor<seconds>(at("2000-01-01T00:00:00Z")));
       info.end < at("2030-01-01T00:00:00Z");) {
    info = zone.get_info(info.end);
    changes.push_back(info);
  }
  return changes;
}

// Ways to name a local moment that lies less than a day ahead.
std::vector<std::string> namings(date::local_seconds local) {
  const auto clock = date::format("%I:%M%p", local);
  return {clock, date::format("%a ", local) + clock, date::format("%b %d, ", local) + clock,
          date::format("%b %d, %Y ", local) + clock, date::format("%Y-%m-%d %H:%M", local)};
}

void expect_instant(const date::time_zone& zone, date::local_seconds local, WallTime expected) {
  for (const auto& text : namings(local)) {
    const auto reset = find_reset("resets " + text + " (" + zone.name() + ")");
    ASSERT_TRUE(reset && reset->zone) << text;
    for (const auto before : {minutes{121}, minutes{1200}}) {
      const auto resolved = resolve_reset(*reset, expected - before, Zone::utc());
      EXPECT_EQ(format_wall(*resolved), format_wall(expected)) << zone.name() << " " << text;
    }
  }
}

// Skipped times are the change itself, repeated ones what clocks show after it.
void expect_edges(const date::time_zone& zone, const date::sys_info& info, seconds offset_before) {
  const seconds step = info.offset - offset_before;
  const seconds size = abs(step);
  const date::local_seconds first{(info.begin + std::min(offset_before, info.offset)).time_since_epoch()};
  for (const seconds into : {seconds{0}, seconds{60}, size / 120 * 60, size - minutes{1}}) {
    expect_instant(zone, first + into, step > seconds{0} ? WallTime{info.begin} : WallTime{info.begin + into});
  }
}

TEST(ChangesOfClocks, EveryGapAndEveryRepeatedHour) {
  std::size_t gaps = 0;
  std::size_t repeated = 0;
  for (const char* name :
       {"Europe/Paris", "Europe/London", "America/New_York", "America/Los_Angeles", "America/Sao_Paulo",
        "America/St_Johns", "America/Santiago", "America/Havana", "Australia/Lord_Howe", "Australia/Sydney",
        "Pacific/Chatham", "Pacific/Auckland", "Asia/Tehran", "Asia/Beirut", "Africa/Cairo", "Africa/Casablanca"}) {
    const auto& zone = *date::locate_zone(name);
    for (const auto& info : changes_of(zone)) {
      const auto offset_before = zone.get_info(info.begin - seconds{1}).offset;
      if (offset_before == info.offset) continue;  // only the name changes
      expect_edges(zone, info, offset_before);
      ++(offset_before < info.offset ? gaps : repeated);
    }
  }
  EXPECT_GT(gaps, 300U);
  EXPECT_GT(repeated, 300U);
}

}  // namespace
}  // namespace quotawatch
