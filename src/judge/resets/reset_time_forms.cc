#include "judge/resets/reset_time_forms.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

#include "base/text.h"
#include "judge/rules/spaced_pattern.h"

namespace quotawatch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Replaces numbers that are too long: beyond any clock, calendar or limit, but small enough that as
// many weeks can be counted in seconds.
constexpr int impossible = 1'000'000'000;

// Missing digits count as 0.
int number(std::string_view digits) {
  if (digits.empty()) return 0;
  int value = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return parsed.ec == std::errc{} ? std::min(value, impossible) : impossible;
}

bool same(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return lower_case(c); };
  return std::ranges::equal(a, b, {}, lower, lower);
}

// The index of `name`, which must be in `names`.
template <std::size_t Count>
unsigned index_of(std::string_view name, const std::array<std::string_view, Count>& names) {
  const auto* const found = std::ranges::find_if(names, [&](std::string_view known) { return same(known, name); });
  return static_cast<unsigned>(found - names.begin());
}

std::string with_month(std::string_view before, std::string_view after) {
  return std::string(before)
      .append(R"((jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))")
      .append(R"((?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\b)")
      .append(after);
}

std::chrono::month month_named(std::string_view name) {
  static constexpr std::array<std::string_view, 12> names{"jan", "feb", "mar", "apr", "may", "jun",
                                                          "jul", "aug", "sep", "oct", "nov", "dec"};
  return std::chrono::month{index_of(name, names) + 1};
}

DayPart date_of(std::string_view year, std::chrono::month month, std::string_view day_of_month) {
  const std::chrono::month_day day{month, std::chrono::day(static_cast<unsigned>(number(day_of_month)))};
  if (year.empty()) return day.ok() ? DayPart{day} : DayPart{};
  const auto dated = std::chrono::year{number(year)} / day;
  return dated.ok() ? DayPart{dated} : DayPart{};
}

// "Dec 2", "Jan 3rd, 2026", "2 Mar".
std::optional<DayPart> read_named_month(std::string_view& rest) {
  static const SpacedPattern month_first(with_month("", R"(\.?~(\d{1,2})(?:st|nd|rd|th)?\b(?:~(?:,~)?(\d{4})\b)?)"));
  static const SpacedPattern day_first(
      with_month(R"((\d{1,2})(?:st|nd|rd|th)?~(?:of )?)", R"((?:\.?~(?:,~)?(\d{4})\b)?)"));
  if (const auto date = month_first.take<3>(rest)) {
    return date_of((*date)[2], month_named((*date)[0]), (*date)[1]);
  }
  if (const auto date = day_first.take<3>(rest)) {
    return date_of((*date)[2], month_named((*date)[1]), (*date)[0]);
  }
  return std::nullopt;
}

// "2026-08-09", "11/17/2025".
std::optional<DayPart> read_numeric_date(std::string_view& rest) {
  static const SpacedPattern iso(R"((\d{4})-(\d{2})-(\d{2}))");
  static const SpacedPattern american(R"((\d{1,2})/(\d{1,2})/(\d{4})\b)");
  const auto month = [](std::string_view digits) { return std::chrono::month{static_cast<unsigned>(number(digits))}; };
  if (const auto date = iso.take<3>(rest)) {
    DayPart day = date_of((*date)[0], month((*date)[1]), (*date)[2]);
    day.iso = true;
    return day;
  }
  if (const auto date = american.take<3>(rest)) {
    return date_of((*date)[2], month((*date)[0]), (*date)[1]);
  }
  return std::nullopt;
}

std::optional<std::chrono::weekday> read_weekday(std::string_view& rest) {
  static const SpacedPattern weekday(R"((sun|mon|tue|wed|thu|fri|sat))"
                                     R"((?:day|s|sday|nesday|r|rs|rsday|urday)?\b)");
  static constexpr std::array<std::string_view, 7> names{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
  const auto day = weekday.take<1>(rest);
  if (!day) return std::nullopt;
  return std::chrono::weekday{index_of((*day)[0], names)};
}

struct Unit {
  std::string_view name;
  seconds length;
};

constexpr std::array units{
    Unit{"w", hours{168}},      Unit{"wk", hours{168}},      Unit{"wks", hours{168}},    Unit{"week", hours{168}},
    Unit{"weeks", hours{168}},  Unit{"d", hours{24}},        Unit{"day", hours{24}},     Unit{"days", hours{24}},
    Unit{"h", hours{1}},        Unit{"hr", hours{1}},        Unit{"hrs", hours{1}},      Unit{"hour", hours{1}},
    Unit{"hours", hours{1}},    Unit{"m", minutes{1}},       Unit{"min", minutes{1}},    Unit{"mins", minutes{1}},
    Unit{"minute", minutes{1}}, Unit{"minutes", minutes{1}}, Unit{"s", seconds{1}},      Unit{"sec", seconds{1}},
    Unit{"secs", seconds{1}},   Unit{"second", seconds{1}},  Unit{"seconds", seconds{1}}};

// One "3h" or ", 45 minutes" in a unit smaller than `larger`, which it replaces.
std::optional<seconds> read_unit(std::string_view& rest, seconds& larger) {
  static const SpacedPattern piece(R"(~(?:,~)?(?:and )?(\d+)(\.\d+)?~([a-z]+))");
  std::string_view after = rest;
  const auto found = piece.take<3>(after);
  if (!found) return std::nullopt;
  const auto [count, fraction, name] = *found;
  const auto* const unit =
      std::ranges::find_if(units, [name = name](const Unit& known) { return same(known.name, name); });
  if (unit == units.end() || unit->length >= larger) return std::nullopt;
  // No program writes "1.5h". "12.5s" occurs and loses the fraction.
  if (!fraction.empty() && unit->length != seconds{1}) return std::nullopt;
  rest = after;
  larger = unit->length;
  return number(count) * unit->length;
}

// "utc", "GMT+2", "UTC+02:00", "+0530"; nullopt if it is something else or too far from UTC.
std::optional<Zone> offset_zone(std::string_view text) {
  static const SpacedPattern offset(R"((?:utc|gmt|z)?(?:([+\-−])(\d{1,2})(?::?(\d\d))?)?$)");
  const auto parts = offset.take<3>(text);
  if (!parts) return std::nullopt;
  const auto [sign, hour, minute] = *parts;
  const minutes size = hours{number(hour)} + minutes{number(minute)};
  // No zone is further from UTC than fourteen hours.
  if (size > hours{14} || number(minute) > 59) return std::nullopt;
  return Zone::fixed(sign == "+" ? size : -size);
}

// "PST", "CET": those that mean one offset wherever English is written, and Pacific time without its season.
// "CST" and "IST" are several, and left to the host.
std::optional<Zone> abbreviated_zone(std::string_view name) {
  using Abbreviation = std::pair<std::string_view, hours>;
  static constexpr auto known = std::to_array<Abbreviation>({{"pst", hours{-8}},
                                                             {"pdt", hours{-7}},
                                                             {"mst", hours{-7}},
                                                             {"mdt", hours{-6}},
                                                             {"cdt", hours{-5}},
                                                             {"est", hours{-5}},
                                                             {"edt", hours{-4}},
                                                             {"bst", hours{1}},
                                                             {"cet", hours{1}},
                                                             {"cest", hours{2}},
                                                             {"eet", hours{2}},
                                                             {"eest", hours{3}},
                                                             {"jst", hours{9}},
                                                             {"kst", hours{9}}});
  for (const auto& [abbreviation, ahead] : known) {
    if (same(abbreviation, name)) return Zone::fixed(ahead);
  }
  if (same(name, "pt")) return Zone::find("America/Los_Angeles");
  if (same(name, "et")) return Zone::find("America/New_York");
  return std::nullopt;
}

}  // namespace

std::optional<ClockPart> read_clock(std::string_view& rest) {
  static const SpacedPattern clock(R"((\d+)(?::(\d+)(?::(\d\d)(?:\.\d+)?)?)?(?:~([ap])(?:m\b|\.~m\b\.?))?)");
  static const SpacedPattern named(R"(~(?:(midnight)|noon)\b)");
  if (const auto name = named.take<1>(rest)) return ClockPart{hours{(*name)[0].empty() ? 12 : 0}, true};
  std::string_view after = rest;
  const auto parts = clock.take<4>(after);
  if (!parts) return std::nullopt;
  const auto [hour_text, minute_text, second_text, half] = *parts;
  const bool names_half = !half.empty();
  if (!names_half && minute_text.size() < 2) return std::nullopt;  // "8", "12:2"
  rest = after;

  const int hour = number(hour_text);
  const int minute = number(minute_text);
  const int second = number(second_text);
  const bool hour_exists = names_half ? hour >= 1 && hour <= 12 : hour <= 23;
  if (!hour_exists || minute > 59 || second > 59) return ClockPart{std::nullopt, names_half};
  const bool afternoon = names_half && lower_case(half[0]) == 'p';
  const int hour_of_day = names_half ? hour % 12 + (afternoon ? 12 : 0) : hour;
  return ClockPart{hours{hour_of_day} + minutes{minute} + seconds{second}, names_half};
}

std::optional<DayPart> read_day(std::string_view& rest) {
  static const SpacedPattern separator(R"(\.?~(?:,~)?)");
  std::string_view after = rest;
  const auto weekday = read_weekday(after);
  std::string_view date_rest = after;
  if (weekday) separator.take<0>(date_rest);
  auto date = read_named_month(date_rest);
  if (!date) date = read_numeric_date(date_rest);
  if (date) {
    rest = date_rest;
    return date;
  }
  if (!weekday) return std::nullopt;
  rest = after;
  return DayPart{*weekday};
}

std::optional<SpanPart> read_span(std::string_view& rest) {
  constexpr seconds longest = hours{100'000};  // far beyond any limit's window
  seconds unit = seconds::max();
  auto length = read_unit(rest, unit);
  if (!length) return std::nullopt;
  while (const auto more = read_unit(rest, unit)) *length += *more;
  const bool to_the_second = unit == seconds{1};
  if (*length > longest) return SpanPart{std::nullopt, to_the_second};
  return SpanPart{*length, to_the_second};
}

std::optional<ZonePart> read_zone(std::string_view& rest) {
  static const SpacedPattern in_parentheses(R"(~\(~([a-z][a-z0-9_+\-−:/]*)~\))");
  static const SpacedPattern plain(R"(~((?:utc|gmt)(?:[+\-−]\d{1,2}(?::?\d\d)?)?)\b)");
  static const SpacedPattern abbreviated(R"( ([pmce][sd]?t|bst|cest|cet|eest|eet|[jk]st)\b)");
  if (const auto zone = in_parentheses.take<1>(rest)) {
    const std::string_view name = (*zone)[0];
    const auto offset = offset_zone(name);
    if (offset) return ZonePart{offset, true};
    const auto named = Zone::find_ignoring_case(name);
    return ZonePart{named ? named : abbreviated_zone(name), true};
  }
  static const SpacedPattern cut(R"([+\-−]?[0-9:]*~(?:…|\.\.))");
  std::string_view after = rest;
  if (const auto name = abbreviated.take<1>(after)) {
    const auto zone = abbreviated_zone((*name)[0]);
    if (!zone) return std::nullopt;
    rest = after;
    return ZonePart{zone, false};
  }
  const auto zone = plain.take<1>(after);
  if (!zone || cut.begins(after)) return std::nullopt;  // in "GMT…", a "+2" may be missing
  rest = after;
  return ZonePart{offset_zone((*zone)[0]), false};
}

std::optional<ZonePart> read_iso_zone(std::string_view& rest) {
  static const SpacedPattern pattern(R"(~(z|[+\-−]\d\d:?\d\d)\b)");
  const auto zone = pattern.take<1>(rest);
  if (!zone) return std::nullopt;
  return ZonePart{offset_zone((*zone)[0]), false};
}

bool is_cut(std::string_view rest) {
  static const SpacedPattern cut(R"(\.?~(?:,~)?(?:(?:at|on|and) |t)?[0-9:]*~[a-z.]*)"
                                 R"((?:[+\-−][0-9:]*)?~(?:…|\.\.))");
  return cut.begins(rest);
}

}  // namespace quotawatch
