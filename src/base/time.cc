#include "quotawatch/time.h"

#include <date/date.h>
#include <fmt/format.h>
#include <re2/re2.h>

namespace quotawatch {
namespace {

// Formatted by hand: date::format uses a stream, and every journal line contains a time.
std::string format_seconds(WallTime time) {
  const auto midnight = date::floor<date::days>(time);
  const date::year_month_day day{midnight};
  const date::hh_mm_ss clock{date::floor<std::chrono::seconds>(time - midnight)};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

// Parses "Z" or "+01:00"; empty if no zone has such an offset.
std::optional<std::chrono::minutes> parse_zone_offset(const std::string& text) {
  if (text == "Z" || text == "z") return std::chrono::minutes{0};
  const int hours = std::stoi(text.substr(1, 2));
  const int minutes = std::stoi(text.substr(4, 2));
  if (hours > 23 || minutes > 59) return std::nullopt;
  const std::chrono::minutes offset{hours * 60 + minutes};
  return text[0] == '-' ? -offset : offset;
}

}  // namespace

std::string format_wall_ms(WallTime time) {
  const auto rest = time - date::floor<std::chrono::seconds>(time);
  return fmt::format("{}.{:03}Z", format_seconds(time), rest.count());
}

std::string format_wall(WallTime time) {
  const bool whole = time == date::floor<std::chrono::seconds>(time);
  return whole ? format_seconds(time) + "Z" : format_wall_ms(time);
}

bool is_writable(WallTime time) {
  constexpr date::sys_days first = date::year{0} / date::January / 1;
  constexpr date::sys_days end = date::year{10'000} / date::January / 1;
  return time >= first && time < end;
}

std::optional<WallTime> parse_wall(std::string_view text) {
  static const RE2 form(R"((\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d))");
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  std::string fraction;
  std::string zone;
  if (!RE2::FullMatch(re2::StringPiece(text.data(), text.size()), form, &year, &month, &day, &hour, &minute, &second,
                      &fraction, &zone)) {
    return std::nullopt;
  }
  const date::year_month_day calendar{date::year{year}, date::month{month}, date::day{day}};
  const auto zone_offset = parse_zone_offset(zone);
  const bool possible = calendar.ok() && hour < 24 && minute < 60 && second < 60 && zone_offset;
  if (!possible) return std::nullopt;
  fraction.resize(3, '0');
  const WallTime time = WallTime{date::sys_days{calendar}} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
                        std::chrono::seconds{second} + Milliseconds{std::stoi(fraction)} - *zone_offset;
  return is_writable(time) ? std::optional(time) : std::nullopt;
}

}  // namespace quotawatch
