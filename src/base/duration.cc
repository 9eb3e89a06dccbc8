#include "quotawatch/duration.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <array>
#include <stdexcept>

#include "base/text.h"

namespace quotawatch {
namespace {

constexpr std::int64_t ms_per_second = 1000;
constexpr std::int64_t ms_per_minute = 60 * ms_per_second;
constexpr std::int64_t ms_per_hour = 60 * ms_per_minute;
constexpr std::int64_t ms_per_day = 24 * ms_per_hour;
constexpr std::int64_t longest_ms = 36'600 * ms_per_day;  // 100 years with their leap days

[[noreturn]] void fail(std::string_view text, const std::string& problem) {
  throw std::invalid_argument(fmt::format("{} is no duration: {}", in_quotes(text), problem));
}

std::int64_t unit_ms(std::string_view text, std::string_view unit) {
  if (unit == "h") return ms_per_hour;
  if (unit == "m") return ms_per_minute;
  if (unit == "s") return ms_per_second;
  if (unit == "ms") return 1;
  if (unit.empty()) fail(text, "a number without a unit; write \"30s\", \"10m\" or \"1h30m\"");
  fail(text, fmt::format("unknown unit {}; use h, m, s or ms", in_quotes(unit)));
}

// The value of "2.5" units of `unit` milliseconds, in integer arithmetic so that nothing is
// rounded.
std::int64_t scaled_ms(std::string_view text, std::string_view whole, std::string_view fraction, std::int64_t unit) {
  constexpr std::size_t most_digits = 12;
  if (whole.size() > most_digits || fraction.size() > 9) fail(text, "too many digits");
  std::int64_t total = (whole.empty() ? 0 : std::stoll(std::string(whole))) * unit;
  std::int64_t scale = 1;
  for ([[maybe_unused]] const char digit : fraction) scale *= 10;
  const std::int64_t part = (fraction.empty() ? 0 : std::stoll(std::string(fraction))) * unit;
  if (part % scale != 0) fail(text, "finer than a millisecond");
  total += part / scale;
  if (total > longest_ms) fail(text, "longer than 100 years");
  return total;
}

std::string decimal_seconds(std::int64_t ms) {
  std::string text = std::to_string(ms / ms_per_second);
  if (ms % ms_per_second == 0) return text;
  text += fmt::format(".{:03}", ms % ms_per_second);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

}  // namespace

Milliseconds parse_duration(std::string_view text) {
  static const RE2 part(R"((\d*)(?:\.(\d+))?(\pL*))");
  if (text == "0") return Milliseconds{0};
  if (text.empty()) fail(text, "it is empty; write \"30s\", \"10m\" or \"1h30m\"");
  if (text.find(' ') != std::string_view::npos) {
    fail(text, "it has a space in it; write \"10m\" or \"1h30m\"");
  }
  if (text[0] == '-' || text[0] == '+') fail(text, "it has a sign; leave it out");
  re2::StringPiece rest(text.data(), text.size());
  std::int64_t total = 0;
  while (!rest.empty()) {
    re2::StringPiece whole;
    re2::StringPiece fraction;
    re2::StringPiece unit;
    RE2::Consume(&rest, part, &whole, &fraction, &unit);
    const auto view = [](re2::StringPiece piece) { return std::string_view(piece.data(), piece.size()); };
    if (whole.empty() && fraction.empty()) {
      fail(text, "a number is missing; write \"30s\", \"10m\" or \"1h30m\"");
    }
    total += scaled_ms(text, view(whole), view(fraction), unit_ms(text, view(unit)));
    if (total > longest_ms) fail(text, "longer than 100 years");
  }
  return Milliseconds{total};
}

std::string format_duration(Milliseconds duration) {
  std::int64_t ms = duration.count();
  if (ms < 0) return "-" + format_duration(-duration);
  if (ms > 0 && ms < ms_per_second) return fmt::format("{}ms", ms);
  std::string text;
  if (ms >= ms_per_hour) text += fmt::format("{}h", ms / ms_per_hour);
  ms %= ms_per_hour;
  if (ms >= ms_per_minute) text += fmt::format("{}m", ms / ms_per_minute);
  ms %= ms_per_minute;
  if (ms > 0 || text.empty()) text += decimal_seconds(ms) + "s";
  return text;
}

std::string format_offset(Milliseconds offset) { return decimal_seconds(offset.count()) + "s"; }

}  // namespace quotawatch
