// The parts of a reset time ("7:58 PM", "Dec 2", "2 days 17 hours", "(Europe/Paris)"),
// each read off the front of a text.
//
// Every read_… takes its part off `rest`, or leaves `rest` as it was and returns
// nothing. A part that is written well but cannot be ("13pm", "Feb 30") is read, with
// no value.
#pragma once

#include <optional>
#include <string_view>

#include "quotawatch/reset_time.h"

namespace quotawatch {

// "8pm", "7:58 p.m.", "13:37", "00:00:05".
struct ClockPart {
  std::optional<std::chrono::seconds> time;  // after midnight; nothing: impossible
  bool names_half = false;                   // "am" or "pm", after which no more can come
};
std::optional<ClockPart> read_clock(std::string_view& rest);

// "Mon", "Dec 2", "2 Mar", "Jan 3rd, 2026", "2026-08-09", "11/17/2025"; a weekday
// before a date is passed over.
struct DayPart {
  std::optional<ResetDay> day;  // nothing: impossible
  bool iso = false;             // "2026-08-09", behind which "T" and "Z" may come
};
std::optional<DayPart> read_day(std::string_view& rest);

// "45 minutes", "3h 42m", "1 hour and 5 minutes": each unit smaller than the one
// before, so that "12m 7d: 40%" is twelve minutes.
struct SpanPart {
  std::optional<Milliseconds> length;  // nothing: longer than any limit lasts
  bool to_the_second = false;          // the last unit, after which no more can come
};
std::optional<SpanPart> read_span(std::string_view& rest);

// "(Europe/Paris)", "UTC", "GMT+2", "(UTC+02:00)".
struct ZonePart {
  std::optional<Zone> zone;  // nothing: in parentheses, and no zone that tzdata knows
  bool in_parentheses = false;
};
std::optional<ZonePart> read_zone(std::string_view& rest);

// "Z", "+02:00": only behind an ISO date; elsewhere "13:37-14:00" is no offset.
std::optional<ZonePart> read_iso_zone(std::string_view& rest);

// Whether a text that ended just before `rest` was cut off within the next word or two
// ("12:2…"), so that what was read may be the beginning of something else.
bool is_cut(std::string_view rest);

}  // namespace quotawatch
