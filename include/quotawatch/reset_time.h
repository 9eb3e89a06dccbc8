// When a limit ends, as a banner says it ("8pm", "Dec 2, 7pm", "in 45 minutes"), and
// the instant that means for somebody who saw the banner at a known time.
//
// Read once from a screen by Judge; resolved by fold() once it knows when the
// banner came to the screen (rules A3 and A4).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "quotawatch/time.h"
#include "quotawatch/zone.h"

namespace quotawatch {

// A day as a banner names it: "Mon", "Dec 2", "11/17/2025".
using ResetDay =
    std::variant<std::chrono::weekday, std::chrono::month_day, std::chrono::year_month_day>;

// One of `at_clock`, `after` and `at_instant` says when; none of them: the text names
// no possible time ("13pm", "Feb 30"), and it never resolves.
struct ResetTime {
  std::string text;                              // as written, without a zone in parentheses
  std::optional<std::chrono::seconds> at_clock;  // "8pm": what clocks show, since midnight
  std::optional<Milliseconds> after;             // "in 45 minutes": from first seen
  std::optional<Zone> zone;                      // of at_clock, where the banner names one
  std::optional<ResetDay> day = {};              // of at_clock; none: the next such moment
  std::optional<WallTime> at_instant = {};       // "1762952400": seconds since 1970

  bool resolvable() const {
    return at_clock.has_value() || after.has_value() || at_instant.has_value();
  }

  bool operator==(const ResetTime&) const = default;
};

// The first reset time in `text` behind words that announce one: "resets 8pm",
// "try again at Jan 3rd, 2026 2:30 PM", "continue automatically at 12am", "limit
// reached|1762952400". Case and the kind of spaces and line ends between the parts do
// not matter. A day without a time of the day means its midnight. A time that "…" cuts
// off is passed over unless what is left of it cannot have gone on ("12am (Europe/Pa…").
std::optional<ResetTime> find_reset(std::string_view text);

// The same, with where it stands: `end` is the offset behind what its `text` shows.
struct LocatedReset {
  ResetTime reset;
  std::size_t end = 0;
};
std::optional<LocatedReset> locate_reset(std::string_view text);

// The instant. A time of the day, of a weekday too: the next such moment strictly after
// `first_seen`. A date without a year: in the year that brings it nearest to
// `first_seen`, so it may lie in the past. Clocks are those of the banner's zone if it
// names one, else of `host`. Nothing if the text is not resolvable,
// or names an instant that is_writable() refuses.
std::optional<WallTime> resolve_reset(const ResetTime& reset, WallTime first_seen,
                                      const Zone& host);

}  // namespace quotawatch
