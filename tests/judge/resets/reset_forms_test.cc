// Every way in which agents write a reset time, and the instant it means.
#include <gtest/gtest.h>

#include "quotawatch/reset_time.h"
#include "tests/monitor/moments.h"

namespace quotawatch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

struct FormCase {
  std::string text;
  std::string found;
  std::string instant;  // empty: never resolves
};

// A Tuesday noon in Paris, which is an hour ahead of UTC in November.
void check_forms(const std::vector<FormCase>& cases) {
  const auto paris = *Zone::find("Europe/Paris");
  for (const auto& [text, found, instant] : cases) {
    const auto reset = find_reset(text);
    ASSERT_TRUE(reset) << text;
    EXPECT_EQ(reset->text, found) << text;
    const auto resolved = resolve_reset(*reset, at("2026-11-24T11:00:00Z"), paris);
    EXPECT_EQ(resolved ? format_wall(*resolved) : "", instant) << text;
  }
}

TEST(ResetForms, TimesOfTheDay) {
  check_forms({
      {"resets 8pm", "8pm", "2026-11-24T19:00:00Z"},
      {"resets 7:58 PM", "7:58 PM", "2026-11-24T18:58:00Z"},
      {"resets 7:58 p.m.", "7:58 p.m.", "2026-11-24T18:58:00Z"},
      {"resets 7:58 A.M", "7:58 A.M", "2026-11-25T06:58:00Z"},
      {"resets 7:58:30 pm", "7:58:30 pm", "2026-11-24T18:58:30Z"},
      {"resets 13:37", "13:37", "2026-11-24T12:37:00Z"},
      {"resets 12:00", "12:00", "2026-11-25T11:00:00Z"},
      {"resets 0:00", "0:00", "2026-11-24T23:00:00Z"},
      {"resets 00:00", "00:00", "2026-11-24T23:00:00Z"},
      {"resets 23:59", "23:59", "2026-11-24T22:59:00Z"},
      {"resets 23:59:59", "23:59:59", "2026-11-24T22:59:59Z"},
      {"resets 13:37-14:00", "13:37", "2026-11-24T12:37:00Z"},
      // A status line beside a footer.
      {"limit resets 12am   Tue 24 Nov 21:03", "12am", "2026-11-24T23:00:00Z"},
      {"limit resets 12am 11/24/2026", "12am", "2026-11-24T23:00:00Z"},
  });
}

TEST(ResetForms, ZonesAndOffsets) {
  check_forms({
      {"resets 3pm (America/Los_Angeles)", "3pm", "2026-11-24T23:00:00Z"},
      {"resets 3pm (america/los_angeles)", "3pm", "2026-11-24T23:00:00Z"},
      {"resets 3pm (UTC)", "3pm", "2026-11-24T15:00:00Z"},
      {"resets 3pm UTC", "3pm UTC", "2026-11-24T15:00:00Z"},
      {"resets 15:00 gmt", "15:00 gmt", "2026-11-24T15:00:00Z"},
      {"Access resets at 11:00 AM GMT+2.", "11:00 AM GMT+2", "2026-11-25T09:00:00Z"},
      {"resets 11:00 AM UTC+02:00", "11:00 AM UTC+02:00", "2026-11-25T09:00:00Z"},
      {"resets 11:00 AM UTC+0530", "11:00 AM UTC+0530", "2026-11-25T05:30:00Z"},
      {"resets 11:00 AM GMT-3:30", "11:00 AM GMT-3:30", "2026-11-24T14:30:00Z"},
      {"resets 11:00 AM GMT−3:30", "11:00 AM GMT−3:30", "2026-11-24T14:30:00Z"},
      {"resets 11:00 AM (GMT-3:30)", "11:00 AM", "2026-11-24T14:30:00Z"},
      {"resets 1am GMT+14", "1am GMT+14", "2026-11-25T11:00:00Z"},
      {"resets Dec 2 (Asia/Tokyo)", "Dec 2", "2026-12-01T15:00:00Z"},
      // Not the sign of POSIX, but where a zone is really called so.
      {"resets 3pm (Etc/GMT+5)", "3pm", "2026-11-24T20:00:00Z"},
      // No such offset: the host's clock.
      {"resets 3pm GMT+14:01", "3pm GMT+14:01", "2026-11-24T14:00:00Z"},
      {"resets 3pm GMT+2:60", "3pm GMT+2:60", "2026-11-24T14:00:00Z"},
      {"resets 3pm GMTs", "3pm", "2026-11-24T14:00:00Z"},
  });
}

TEST(ResetForms, Weekdays) {
  check_forms({
      {"resets Mon 12:00am", "Mon 12:00am", "2026-11-29T23:00:00Z"},
      {"resets on Mon 12am", "Mon 12am", "2026-11-29T23:00:00Z"},
      {"resets Monday at 3pm", "Monday at 3pm", "2026-11-30T14:00:00Z"},
      {"resets Monday, 15:00", "Monday, 15:00", "2026-11-30T14:00:00Z"},
      {"resets 3pm on Monday", "3pm on Monday", "2026-11-30T14:00:00Z"},
      {"resets Mon 3pm (Asia/Tokyo)", "Mon 3pm", "2026-11-30T06:00:00Z"},
      {"resets Tue 12:01pm", "Tue 12:01pm", "2026-11-24T11:01:00Z"},
      {"resets Tues 12pm", "Tues 12pm", "2026-12-01T11:00:00Z"},  // a week later, not now
      {"resets Wednesday 3pm", "Wednesday 3pm", "2026-11-25T14:00:00Z"},
      {"resets Thurs. 3pm", "Thurs. 3pm", "2026-11-26T14:00:00Z"},
      {"resets FRI 3PM", "FRI 3PM", "2026-11-27T14:00:00Z"},
      {"resets Saturday 3pm", "Saturday 3pm", "2026-11-28T14:00:00Z"},
      {"resets Sunday", "Sunday", "2026-11-28T23:00:00Z"},
  });
}

TEST(ResetForms, DatesWithoutAYear) {
  check_forms({
      {"resets Dec 2, 7pm (America/New_York)", "Dec 2, 7pm", "2026-12-03T00:00:00Z"},
      {"resets Jul 27 at 4:30am (Europe/Paris)", "Jul 27 at 4:30am", "2026-07-27T02:30:00Z"},
      {"resets Nov 24, 12pm", "Nov 24, 12pm", "2026-11-24T11:00:00Z"},
      {"resets Dec 2", "Dec 2", "2026-12-01T23:00:00Z"},
      {"resets Sept. 30th", "Sept. 30th", "2026-09-29T22:00:00Z"},
      {"Try again at 21:13 on 2 Mar.", "21:13 on 2 Mar", "2027-03-02T20:13:00Z"},
      {"try again at 2 Mar 21:13", "2 Mar 21:13", "2027-03-02T20:13:00Z"},
      {"try again at 7pm, 2nd of March", "7pm, 2nd of March", "2027-03-02T18:00:00Z"},
      {"try again at 2 Mar. 21:13", "2 Mar. 21:13", "2027-03-02T20:13:00Z"},
      {"resets Mon. Dec. 7, 7pm", "Mon. Dec. 7, 7pm", "2026-12-07T18:00:00Z"},
      {"resets Mon, Dec 7, 7pm", "Mon, Dec 7, 7pm", "2026-12-07T18:00:00Z"},
      {"resets January 1 12am", "January 1 12am", "2026-12-31T23:00:00Z"},
      {"resets May 25 at 1pm", "May 25 at 1pm", "2027-05-25T11:00:00Z"},  // in 182 days
      {"resets May 26 at 1pm", "May 26 at 1pm", "2026-05-26T11:00:00Z"},  // 182 days ago
      {"resets Feb 29, 8pm", "Feb 29, 8pm", "2028-02-29T19:00:00Z"},
  });
}

TEST(ResetForms, DatesWithAYear) {
  check_forms({
      {"try again at Jan 3rd, 2026 2:30 PM.", "Jan 3rd, 2026 2:30 PM", "2026-01-03T13:30:00Z"},
      {"try again at Nov 26th, 2026 9:45 PM", "Nov 26th, 2026 9:45 PM", "2026-11-26T20:45:00Z"},
      {"resets April 20, 2026 at 2:00 AM", "April 20, 2026 at 2:00 AM", "2026-04-20T00:00:00Z"},
      {"resets 9 December 2031 07:00", "9 December 2031 07:00", "2031-12-09T06:00:00Z"},
      {"resets 1pm on Dec 9, 2031", "1pm on Dec 9, 2031", "2031-12-09T12:00:00Z"},
      {"limit to reset on 1/5/2027 at 3:45 PM", "1/5/2027 at 3:45 PM", "2027-01-05T14:45:00Z"},
      {"Your usage limits will reset when your monthly cycle ends on 11/17/2025.", "11/17/2025",
       "2025-11-16T23:00:00Z"},
      {"resets Feb 29, 2028", "Feb 29, 2028", "2028-02-28T23:00:00Z"},
  });
}

TEST(ResetForms, DatesAsIso8601) {
  check_forms({
      {"(daily; resets 2026-08-09 00:00 UTC)", "2026-08-09 00:00 UTC", "2026-08-09T00:00:00Z"},
      {"resets 2026-08-09T00:00:00Z", "2026-08-09T00:00:00Z", "2026-08-09T00:00:00Z"},
      {"resets 2026-08-09T00:00:05.999Z", "2026-08-09T00:00:05.999Z", "2026-08-09T00:00:05Z"},
      {"resets 2026-08-09T00:00+02:00", "2026-08-09T00:00+02:00", "2026-08-08T22:00:00Z"},
      {"resets 2026-08-09T00:00-0330", "2026-08-09T00:00-0330", "2026-08-09T03:30:00Z"},
      {"resets 2026-08-09 00:00", "2026-08-09 00:00", "2026-08-08T22:00:00Z"},
      {"resets 2026-08-09", "2026-08-09", "2026-08-08T22:00:00Z"},
      {"resets 2026-08-09 at 1pm (Asia/Tokyo)", "2026-08-09 at 1pm", "2026-08-09T04:00:00Z"},
  });
}

TEST(ResetForms, SecondsSince1970) {
  const std::string reached = "Claude AI usage limit reached|";
  check_forms({
      {reached + "1762952400", "1762952400", "2025-11-12T13:00:00Z"},
      {reached + "1762952400123", "1762952400123", "2025-11-12T13:00:00.123Z"},
      {reached + "\n1762952400", "1762952400", "2025-11-12T13:00:00Z"},
      {reached + "0", "0", "1970-01-01T00:00:00Z"},
      {reached + "9999999999", "9999999999", "2286-11-20T17:46:39Z"},
      {reached + "10000000000", "10000000000", ""},
      {reached + "999999999999", "999999999999", ""},
      {reached + "10000000000000", "10000000000000", ""},
      {reached + "99999999999999999999999", "99999999999999999999999", ""},
  });
}

TEST(ResetForms, Spans) {
  const std::vector<std::tuple<std::string, std::string, Milliseconds>> cases{
      {"resets in 8m", "in 8m", minutes{8}},
      {"resets in 3h 42m", "in 3h 42m", minutes{222}},
      {"resets in 4hr 29min", "in 4hr 29min", minutes{269}},
      {"resets in 6d", "in 6d", hours{144}},
      {"resets in 2 weeks", "in 2 weeks", hours{336}},
      {"try again in 2 days 17 hours 14 minutes.", "in 2 days 17 hours 14 minutes", hours{65} + minutes{14}},
      {"resets in 1 hour and 5 minutes", "in 1 hour and 5 minutes", minutes{65}},
      {"resets in 1 day, 2 hrs, and 3 mins", "in 1 day, 2 hrs, and 3 mins", hours{26} + minutes{3}},
      {"reset after 12h22m45s", "12h22m45s", hours{12} + minutes{22} + seconds{45}},
      {"resets after 12h22m45s.", "12h22m45s", hours{12} + minutes{22} + seconds{45}},
      {"try again in 12h22m45s", "in 12h22m45s", hours{12} + minutes{22} + seconds{45}},
      {"resets in 90s", "in 90s", seconds{90}},
      {"resets in 45 seconds", "in 45 seconds", seconds{45}},
      {"try again in 1m2.9s", "in 1m2.9s", seconds{62}},
      {"resets in 0m", "in 0m", seconds{0}},
      // What follows in a status line is not part of it.
      {"5h: 30% (resets in 12m) 7d: 40%", "in 12m", minutes{12}},
      {"30% resets in 12m 7d: 40%", "in 12m", minutes{12}},
      {"resets in 1h 1h", "in 1h", hours{1}},
      {"resets in 5h 3 files", "in 5h", hours{5}},
  };
  for (const auto& [text, found, span] : cases) {
    const auto reset = find_reset(text);
    ASSERT_TRUE(reset) << text;
    EXPECT_EQ(reset->text, found);
    EXPECT_EQ(reset->after, span) << text;
    EXPECT_EQ(resolve_reset(*reset, at("2026-11-23T12:00:00.5Z"), Zone::utc()), at("2026-11-23T12:00:00.5Z") + span);
  }
}

TEST(ResetForms, ImpossibleTimesAreFoundButNeverResolve) {
  check_forms({
      {"resets 13pm", "13pm", ""},
      {"resets 24:00", "24:00", ""},
      {"resets 25:00", "25:00", ""},
      {"resets 23:60", "23:60", ""},
      {"resets 23:59:60", "23:59:60", ""},
      {"resets 99999999999999999999:00", "99999999999999999999:00", ""},
      {"resets Feb 30", "Feb 30", ""},
      {"resets Feb 30, 8pm", "Feb 30, 8pm", ""},
      {"resets Apr 31", "Apr 31", ""},
      {"resets Dec 0", "Dec 0", ""},
      {"resets Dec 2, 13pm", "Dec 2, 13pm", ""},
      {"resets Mon 13pm", "Mon 13pm", ""},
      {"resets 8pm on 30 Feb", "8pm on 30 Feb", ""},
      {"resets Feb 29, 2026 8pm", "Feb 29, 2026 8pm", ""},
      {"resets 13/17/2025", "13/17/2025", ""},
      {"resets 2026-13-01 00:00 UTC", "2026-13-01 00:00 UTC", ""},
      {"resets in 99999999999999999999d 1h", "in 99999999999999999999d 1h", ""},
      {"resets in 99999999999h 99999999999m 99999999999s", "in 99999999999h 99999999999m 99999999999s", ""},
      {"resets in 4166 days 16 hours 1 second", "in 4166 days 16 hours 1 second", ""},
  });
  EXPECT_TRUE(find_reset("resets in 4166 days 16 hours")->after) << "100000 hours";
}

TEST(ResetForms, AnyAnnouncementWillDo) {
  for (const char* lead :
       {"resets", "reset", "Resets:", "resets at", "will reset at", "· limit resets", "Access resets at", "reset on",
        "resets by", "try again at", "Please try again after", "Wait here, then continue automatically at",
        "Continuing automatically at", "will reset when your monthly cycle ends on"}) {
    const auto reset = find_reset(std::string(lead) + " 8pm");
    ASSERT_TRUE(reset) << lead;
    EXPECT_EQ(reset->text, "8pm") << lead;
    EXPECT_EQ(reset->at_clock, hours{20}) << lead;
  }
}

TEST(ResetForms, SpacesOfAnyKind) {
  const auto paris = *Zone::find("Europe/Paris");
  for (const char* text : {"resets Dec 2, 7:58 PM (Asia/Tokyo)", "resets\nDec\n     2,\n7:58\nPM\n     (Asia/Tokyo)",
                           "resets\u00a0Dec\u00a02,\u00a07:58\u202fPM\u00a0(Asia/Tokyo)",
                           "RESETS Dec 2,7:58PM(asia/tokyo)", "resets\tDec\u20092, \n \u202f7:58\u2007PM"}) {
    const auto reset = find_reset(text);
    ASSERT_TRUE(reset) << text;
    EXPECT_EQ(reset->at_clock, hours{19} + minutes{58}) << text;
    EXPECT_EQ(resolve_reset(*reset, at("2026-11-24T11:00:00Z"), reset->zone ? paris : *Zone::find("Asia/Tokyo")),
              at("2026-12-02T10:58:00Z"));
  }
  EXPECT_EQ(find_reset("resets\nDec\n     2,\u00a07:58\u202fPM")->text, "Dec 2, 7:58 PM");
  const std::string padding(200, ' ');
  EXPECT_TRUE(find_reset("resets" + padding + "8pm" + padding + "(Asia/Tokyo)")->zone);
}

}  // namespace
}  // namespace quotawatch
