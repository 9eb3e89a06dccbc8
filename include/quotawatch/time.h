// Time as values: readings of clocks, passed by the caller to pure code.
//
// There are two clocks that must not be confused (rule A6): steady time counts from an arbitrary
// origin and never jumps; wall time is used for reset instants and may be set at any time. Both
// count whole milliseconds.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace quotawatch {

using Milliseconds = std::chrono::milliseconds;

// A clock type that prevents mixing steady and wall times by accident.
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

// "2026-11-23T19:51:05.250Z": RFC 3339 in UTC with milliseconds, for journals.
std::string format_wall_ms(WallTime time);

// "2026-11-23T19:51:05Z": the same, without milliseconds if they are zero.
std::string format_wall(WallTime time);

// True for times that can be written in this form and parsed again: RFC 3339 has the years 0 to
// 9999.
bool is_writable(WallTime time);

// Parses RFC 3339 ("2026-11-23T19:51:05Z", "…05.25+01:00"); empty if the text is invalid, names an
// impossible date, or is outside the years that can be written. Fractions of a millisecond are cut.
std::optional<WallTime> parse_wall(std::string_view text);

}  // namespace quotawatch
