#include "quotawatch/reset_time.h"

#include <re2/re2.h>

#include <charconv>

#include "base/text.h"

namespace quotawatch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

// The seed's expression, and the zone that newer banners put behind the time.
const RE2& reset_expression() {
  static const RE2 expression(
      R"((?i)resets?\s+(?:at\s+)?((\d+)(?::(\d+))?\s*([ap])m|in\s+(\d+)\s+(minute|hour)s?))"
      R"((?:\s*\(([A-Za-z][A-Za-z0-9_+\-]*(?:/[A-Za-z0-9_+\-]+)*)\))?)");
  return expression;
}

std::string_view view(re2::StringPiece piece) { return {piece.data(), piece.size()}; }

// A number too long for any clock counts as an impossible one.
int number(re2::StringPiece digits, int impossible) {
  int value = impossible;
  const auto end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, value);
  return parsed.ec == std::errc{} ? value : impossible;
}

std::optional<minutes> clock_time(re2::StringPiece hour, re2::StringPiece minute, char half) {
  const int h = number(hour, 99);
  const int m = minute.empty() ? 0 : number(minute, 99);
  if (h < 1 || h > 12 || m > 59) return std::nullopt;
  return hours{h % 12 + (half == 'p' || half == 'P' ? 12 : 0)} + minutes{m};
}

std::optional<Milliseconds> time_span(re2::StringPiece count, re2::StringPiece unit) {
  constexpr int longest = 100'000;  // hours: far beyond any limit's window
  const int value = number(count, longest + 1);
  if (value > longest) return std::nullopt;
  const bool in_hours = unit[0] == 'h' || unit[0] == 'H';
  return in_hours ? Milliseconds{hours{value}} : Milliseconds{minutes{value}};
}

}  // namespace

std::optional<ResetTime> find_reset(std::string_view text) {
  re2::StringPiece whole;
  re2::StringPiece hour;
  re2::StringPiece minute;
  re2::StringPiece half;
  re2::StringPiece count;
  re2::StringPiece unit;
  re2::StringPiece zone;
  if (!RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), reset_expression(), &whole,
                         &hour, &minute, &half, &count, &unit, &zone)) {
    return std::nullopt;
  }
  ResetTime reset;
  reset.text = make_snippet(view(whole));  // one line, whatever it wrapped onto
  if (count.empty()) {
    reset.at_clock = clock_time(hour, minute, half[0]);
  } else {
    reset.after = time_span(count, unit);
  }
  if (!zone.empty()) reset.zone = Zone::find(std::string(view(zone)));
  return reset;
}

std::optional<WallTime> resolve_reset(const ResetTime& reset, WallTime first_seen,
                                      const Zone& host) {
  if (reset.after) return first_seen + *reset.after;
  if (!reset.at_clock) return std::nullopt;
  const Zone zone = reset.zone.value_or(host);
  const LocalDay today = zone.day_of(first_seen);
  // A change of clocks can move a time across midnight, so yesterday's may be next.
  for (int days_later = -1; days_later < 2; ++days_later) {
    const WallTime candidate = zone.instant(today, days_later, *reset.at_clock);
    if (candidate > first_seen) return candidate;
  }
  return zone.instant(today, 2, *reset.at_clock);
}

}  // namespace quotawatch
