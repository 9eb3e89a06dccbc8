// When a limit ends, as worded in a banner ("8pm", "Dec 2, 7pm", "in 45 minutes"), and the instant
// this means for a banner first seen at a known time.
//
// Parsed from a screen by Judge; resolved by fold(), which knows when the banner appeared (rules A3
// and A4).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "quotawatch/time.h"
#include "quotawatch/zone.h"

namespace quotawatch {

// A day as named by a banner: "Mon", "Dec 2", "11/17/2025".
using ResetDay = std::variant<std::chrono::weekday, std::chrono::month_day, std::chrono::year_month_day>;

// At most one of `at_clock`, `after` and `at_instant` is set. If none is, the text names an
// impossible time ("13pm", "Feb 30") and never resolves.
struct ResetTime {
  std::string text;                              // as written, without a zone in parentheses
  std::optional<std::chrono::seconds> at_clock;  // "8pm": local time since midnight
  std::optional<Milliseconds> after;             // "in 45 minutes": after first seen
  std::optional<Zone> zone;                      // for at_clock, if the banner names one
  std::optional<ResetDay> day = {};              // for at_clock; empty: the next such time
  std::optional<WallTime> at_instant = {};       // "1762952400": seconds since 1970

  bool operator==(const ResetTime&) const = default;
};

// The first reset time in `text` that follows words announcing one: "resets 8pm", "try again at Jan
// 3rd, 2026 2:30 PM", "continue automatically at 12am", "limit reached|1762952400". Case, kinds of
// spaces and line ends between the parts do not matter. A day without a time means its midnight. A
// time truncated by "…" is ignored unless the rest of it is complete ("12am (Europe/Pa…").
std::optional<ResetTime> find_reset(std::string_view text);

// The same with its position: `end` is the offset after the reset's `text`.
struct LocatedReset {
  ResetTime reset;
  std::size_t end = 0;
};
std::optional<LocatedReset> locate_reset(std::string_view text);

// The instant. A time of day, with or without a weekday, means the next such time strictly after
// `first_seen`. A date without a year means the year that brings it nearest to `first_seen`, so it
// may be in the past. Times are in the banner's zone if it names one, else in `host`. Empty if the
// time cannot be resolved, or if is_writable() is false for it.
std::optional<WallTime> resolve_reset(const ResetTime& reset, WallTime first_seen, const Zone& host);

}  // namespace quotawatch
