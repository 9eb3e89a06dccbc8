// The parts of a reset time ("7:58 PM", "Dec 2", "2 days 17 hours", "(Europe/Paris)"),
// each parsed from the front of a text.
//
// Every read_… removes its part from `rest`, or leaves `rest` unchanged and returns nullopt. A part that
// is well-formed but impossible ("13pm", "Feb 30") is read without a value.
#pragma once

#include <optional>
#include <string_view>

#include "quotawatch/reset_time.h"

namespace quotawatch {

// As find_reset(), behind the words alone that hardly anything but a banner has ("resets", "try again"):
// for texts of which nobody knows who wrote them.
std::optional<ResetTime> find_usual_reset(std::string_view text);

// "8pm", "7:58 p.m.", "13:37", "00:00:05".
struct ClockPart {
  std::optional<std::chrono::seconds> time;  // after midnight; empty: impossible
  bool names_half = false;                   // "am" or "pm", after which no more can come
};
std::optional<ClockPart> read_clock(std::string_view& rest);

// "Mon", "Dec 2", "2 Mar", "Jan 3rd, 2026", "2026-08-09", "11/17/2025"; a weekday
// before a date is skipped.
struct DayPart {
  std::optional<ResetDay> day;  // empty: impossible
  bool iso = false;             // "2026-08-09", which "T" and "Z" may follow
};
std::optional<DayPart> read_day(std::string_view& rest);

// "45 minutes", "3h 42m", "1 hour and 5 minutes": each unit smaller than the one
// before, so that "12m 7d: 40%" is twelve minutes.
struct SpanPart {
  std::optional<Milliseconds> length;  // empty: longer than any limit lasts
  bool to_the_second = false;          // the last unit, after which no more can come
};
std::optional<SpanPart> read_span(std::string_view& rest);

// "(Europe/Paris)", "UTC", "GMT+2", "(UTC+02:00)".
struct ZonePart {
  std::optional<Zone> zone;  // empty: in parentheses, but unknown to tzdata
  bool in_parentheses = false;
};
std::optional<ZonePart> read_zone(std::string_view& rest);

// "Z", "+02:00": only after an ISO date; elsewhere "13:37-14:00" is no offset.
std::optional<ZonePart> read_iso_zone(std::string_view& rest);

// True if the text is truncated within the next word or two after what was read ("12:2…"), which may
// therefore be incomplete.
bool is_cut(std::string_view rest);

}  // namespace quotawatch
