// Time as values: what a clock reads, passed to pure code by whoever polls.
//
// Two clocks that must not be mixed up (rule A6): steady time counts from an
// arbitrary origin and never jumps; wall time is what reset instants are made
// of and may be stepped by anybody. Both count whole milliseconds.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace quotawatch {

using Milliseconds = std::chrono::milliseconds;

// A tag that keeps steady times from being mixed with wall times by accident.
struct SteadyDomain {
  using duration = Milliseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<SteadyDomain, duration>;
  static constexpr bool is_steady = true;
};

using SteadyTime = SteadyDomain::time_point;
using WallTime = std::chrono::time_point<std::chrono::system_clock, Milliseconds>;

// One reading of both clocks.
struct Moment {
  SteadyTime steady;
  WallTime wall;
};

// "2026-11-23T19:51:05.250Z": RFC 3339 in UTC with milliseconds, as journals want it.
std::string format_wall_ms(WallTime time);

// "2026-11-23T19:51:05Z": the same, without milliseconds where they are zero.
std::string format_wall(WallTime time);

// True for times that can be written so and read again: RFC 3339 has the years 0 to 9999.
bool is_writable(WallTime time);

// Reads RFC 3339 ("2026-11-23T19:51:05Z", "…05.25+01:00"); nothing if it is not
// one, names an impossible date, or could not be written again. Finer than a millisecond is cut.
std::optional<WallTime> parse_wall(std::string_view text);

}  // namespace quotawatch
