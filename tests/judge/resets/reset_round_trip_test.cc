// Properties: an instant, written in any form, is read back; and no text does harm.
#include <date/date.h>
#include <date/tz.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "quotawatch/reset_time.h"
#include "tests/monitor/moments.h"

namespace quotawatch {
namespace {

using date::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using Instant = std::chrono::time_point<std::chrono::system_clock, seconds>;

const std::vector<std::string> zone_names{
    "Africa/Cairo",        "Africa/Casablanca",   "Africa/Johannesburg", "Africa/Lagos",       "America/Anchorage",
    "America/Bogota",      "America/Chicago",     "America/Denver",      "America/Halifax",    "America/Havana",
    "America/Los_Angeles", "America/New_York",    "America/Phoenix",     "America/Santiago",   "America/Sao_Paulo",
    "America/St_Johns",    "Antarctica/Troll",    "Asia/Beirut",         "Asia/Dubai",         "Asia/Kathmandu",
    "Asia/Kolkata",        "Asia/Shanghai",       "Asia/Tehran",         "Asia/Tokyo",         "Australia/Adelaide",
    "Australia/Brisbane",  "Australia/Lord_Howe", "Australia/Sydney",    "Europe/Berlin",      "Europe/Dublin",
    "Europe/Lisbon",       "Europe/London",       "Europe/Moscow",       "Europe/Paris",       "Pacific/Apia",
    "Pacific/Auckland",    "Pacific/Chatham",     "Pacific/Honolulu",    "Pacific/Kiritimati", "Etc/UTC"};

std::int64_t any_number(std::int64_t from, std::int64_t below) { return *rc::gen::inRange<std::int64_t>(from, below); }

// Mostly within two days of a change of clocks. Tables end in 2037.
Instant any_moment(const date::time_zone& zone) {
  const auto earliest = date::floor<seconds>(at("1990-01-01T00:00:00Z"));
  const auto moment = earliest + seconds{any_number(0, 46LL * 31'556'952)};
  const auto info = zone.get_info(moment);
  if (info.begin < earliest || any_number(0, 3) == 0) return moment;
  return info.begin + seconds{any_number(-172'800, 172'800)};
}

// A zone, the time at which a screen is seen, and a whole minute of the clocks there.
struct Situation {
  const date::time_zone* zone;
  Instant seen;
  Instant target;
  date::local_seconds local;
};

Situation any_situation(seconds from, seconds below) {
  const auto* const zone = date::locate_zone(*rc::gen::elementOf(zone_names));
  const auto seen = any_moment(*zone);
  const auto local = date::local_seconds{
      date::floor<minutes>(zone->to_local(seen + seconds{any_number(from.count(), below.count())}))};
  return {zone, seen, zone->to_sys(local, date::choose::latest), local};
}

// Where clocks show the time once only, and where no change of clocks is in between that
// could show it sooner, the instant itself is asked for.
bool steady_between(const Situation& situation) {
  const auto first = std::min(situation.seen, situation.target) - hours{25};
  const auto last = std::max(situation.seen, situation.target) + hours{25};
  return situation.zone->get_info(first).end > last;
}

std::string any_clock(date::local_seconds local) {
  const auto whole_hour = date::format("%M", local) == "00";
  std::vector<std::string> forms{"%I:%M%p", "%I:%M %p", "%H:%M", "%H:%M:%S"};
  if (whole_hour) forms.insert(forms.end(), {"%I%p", "%I %p"});
  return date::format(*rc::gen::elementOf(forms), local);
}

// `text` in letters of any case, then with other spaces where it has plain ones.
std::string any_case(std::string text) {
  const auto how = any_number(0, 3);
  for (char& c : text) {
    if (how == 1) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (how == 2) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return text;
}

std::string any_spaces(const std::string& text) {
  static const std::vector<std::string> spaces{" ", " ", " ", "\n", "\n     ", "\u00a0", "\u202f"};
  std::string spaced;
  for (const char c : text) spaced += c == ' ' ? *rc::gen::elementOf(spaces) : std::string(1, c);
  return spaced;
}

// Reads `written` behind an announcement, with the zone named or the host's.
ResetTime read(const std::string& written, const date::time_zone* named) {
  const auto text = any_case(written);
  const auto lead = *rc::gen::element<std::string>("resets ", "· limit resets at ", "will reset on ", "try again at ",
                                                   "Resets: ", "or continue automatically at ");
  const auto zone = named == nullptr ? "" : " (" + any_case(named->name()) + ")";
  const auto behind = *rc::gen::element<std::string>("", ".", " · /upgrade", "\n❯ ", ")");
  const auto screen = any_spaces(any_case(lead) + text + zone) + behind;
  RC_LOG() << screen << "\n";
  const auto reset = find_reset(screen);
  RC_ASSERT(reset.has_value());
  RC_ASSERT(reset->text == text);
  return *reset;
}

WallTime read_back(const std::string& written, const Situation& situation) {
  const bool named = *rc::gen::arbitrary<bool>();
  const auto reset = read(written, named ? situation.zone : nullptr);
  RC_ASSERT(reset.zone.has_value() == named);
  const auto host = named ? Zone::utc() : *Zone::find(situation.zone->name());
  const auto resolved = resolve_reset(reset, situation.seen, host);
  RC_ASSERT(resolved.has_value());
  RC_LOG() << situation.zone->name() << " seen " << format_wall(situation.seen) << ": wanted "
           << format_wall(situation.target) << ", got " << format_wall(*resolved) << "\n";
  return *resolved;
}

RC_GTEST_PROP(ResetRoundTrip, TimesOfTheDay, ()) {
  const auto situation = any_situation(seconds{60}, hours{24} + seconds{1});
  const auto resolved = read_back(any_clock(situation.local), situation);
  RC_ASSERT(resolved > situation.seen);
  RC_ASSERT(resolved <= situation.seen + hours{27});
  if (steady_between(situation) && situation.target > situation.seen) RC_ASSERT(resolved == situation.target);
}

RC_GTEST_PROP(ResetRoundTrip, Weekdays, ()) {
  const auto situation = any_situation(seconds{60}, hours{168} + seconds{1});
  const auto day = date::format(*rc::gen::element("%a", "%A"), situation.local);
  const auto clock = any_clock(situation.local);
  const auto written =
      *rc::gen::element(day + " " + clock, day + " at " + clock, day + ", " + clock, clock + " on " + day);
  const auto resolved = read_back(written, situation);
  RC_ASSERT(resolved > situation.seen);
  RC_ASSERT(resolved <= situation.seen + hours{168 + 3});
  if (steady_between(situation) && situation.target > situation.seen) RC_ASSERT(resolved == situation.target);
}

RC_GTEST_PROP(ResetRoundTrip, DatesWithoutAYear, ()) {
  const auto situation = any_situation(-days{180}, days{180});
  const auto clock = any_clock(situation.local);
  const auto day = std::to_string(std::stoi(date::format("%d", situation.local)));
  const auto month = date::format(*rc::gen::element("%b", "%B"), situation.local);
  const auto written = *rc::gen::element(month + " " + day + ", " + clock, month + " " + day + "th at " + clock,
                                         day + " " + month + " " + clock, clock + " on " + day + " " + month,
                                         clock + " on " + month + " " + day);
  RC_ASSERT(read_back(written, situation) == situation.target);
}

RC_GTEST_PROP(ResetRoundTrip, DatesWithAYear, ()) {
  const auto situation = any_situation(-days{1000}, days{1000});
  const auto day = date::format(
      *rc::gen::element("%B %d, %Y", "%b %drd, %Y", "%b %d %Y", "%d %b %Y", "%m/%d/%Y", "%Y-%m-%d", "%A, %B %d, %Y"),
      situation.local);
  const auto between = *rc::gen::element<std::string>(" ", ", ", " at ");
  RC_ASSERT(read_back(day + between + any_clock(situation.local), situation) == situation.target);
}

RC_GTEST_PROP(ResetRoundTrip, InstantsAndOffsets, ()) {
  const auto situation = any_situation(-days{1000}, days{1000});
  const auto ahead = minutes{15 * any_number(-48, 57)};
  const auto there = situation.target + ahead;
  const auto size = abs(ahead);
  const auto offset =
      fmt::format("{}{:02}:{:02}", ahead < minutes{0} ? '-' : '+', size / hours{1}, size % hours{1} / minutes{1});
  const auto utc = situation.target;
  const auto written = *rc::gen::element(date::format("%FT%T", utc) + "Z", date::format("%FT%T.5Z", utc),
                                         date::format("%F %H:%M UTC", utc), date::format("%FT%T", there) + offset,
                                         date::format("%F %R UTC", there) + offset,
                                         date::format("%b %d, %Y %I:%M %p GMT", there) + offset);
  const auto reset = read(written, nullptr);
  RC_ASSERT(reset.zone.has_value());
  RC_ASSERT(resolve_reset(reset, situation.seen, Zone::utc()) == WallTime{situation.target});
}

RC_GTEST_PROP(ResetRoundTrip, SecondsSince1970, ()) {
  const auto count = any_number(0, 10'000'000'000);
  const bool in_milliseconds = count >= 1'000'000'000 && *rc::gen::arbitrary<bool>();
  const auto digits = std::to_string(count) + (in_milliseconds ? "000" : "");
  const auto reset = find_reset("Claude AI usage limit reached|" + digits);
  RC_ASSERT(reset->text == digits);
  RC_ASSERT(resolve_reset(*reset, WallTime{}, Zone::utc()) == WallTime{seconds{count}});
}

RC_GTEST_PROP(ResetRoundTrip, Spans, ()) {
  struct Unit {
    seconds length;
    std::vector<std::string> names;
  };
  const std::vector<Unit> units{{days{7}, {"w", " weeks"}},
                                {days{1}, {"d", " days", " day"}},
                                {hours{1}, {"h", "hr", " hours", " hour"}},
                                {minutes{1}, {"m", "min", " minutes", " mins"}},
                                {seconds{1}, {"s", "sec", " seconds"}}};
  const auto first = static_cast<std::size_t>(any_number(0, 5));
  const auto last = static_cast<std::size_t>(any_number(static_cast<std::int64_t>(first), 5));
  seconds span{0};
  std::string written;
  for (auto i = first; i <= last; ++i) {
    const auto count = any_number(0, 100);
    span += count * units[i].length;
    if (i > first) written += *rc::gen::element<std::string>("", " ", ", ", " and ", ", and ");
    written += std::to_string(count) + *rc::gen::elementOf(units[i].names);
  }
  // Letters must not run into those of the next part: "5 daysand 3h".
  const auto lead = *rc::gen::element<std::string>("resets in ", "try again in ", "resets after ");
  const bool shows_in = lead.ends_with("in ");
  const auto text = any_case((shows_in ? "in " : "") + written);
  const auto screen = any_spaces(lead.substr(0, lead.size() - (shows_in ? 3 : 0)) + text + ".");
  RC_LOG() << screen << "\n";
  const auto reset = find_reset(screen);
  RC_ASSERT(reset.has_value());
  RC_ASSERT(reset->text == text);
  const auto seen = at("2026-11-23T12:00:00.5Z");
  RC_ASSERT(resolve_reset(*reset, seen, Zone::utc()) == seen + span);
}

RC_GTEST_PROP(AnyText, IsReadOrRefused, ()) {
  static const std::vector<std::string> words{"resets ", "try again ", "limit reached|",
                                              "at ",     "in ",        "on ",
                                              "after ",  "8",          "12",
                                              "31",      "2026",       "99999999999999999999",
                                              ":",       "30",         "pm",
                                              " a.m.",   "Dec ",       "Feb ",
                                              "Mon ",    "th",         ", ",
                                              "/",       "-",          "T",
                                              "Z",       "UTC",        "+",
                                              "(",       ")",          "Europe/Paris",
                                              "…",       "...",        "h",
                                              " days ",  " and ",      "\u202f",
                                              "\n",      "."};
  const auto part = rc::gen::oneOf(rc::gen::elementOf(words), rc::gen::arbitrary<std::string>());
  std::string text = "resets ";
  for (const auto& piece : *rc::gen::container<std::vector<std::string>>(part)) text += piece;
  const auto reset = find_reset(text);
  if (!reset) return;
  const auto seen = at("2026-11-23T12:00:00Z");
  const auto resolved = resolve_reset(*reset, seen, *Zone::find("Europe/Paris"));
  RC_ASSERT(resolved.has_value() == (reset->at_clock || reset->after || reset->at_instant));
  RC_ASSERT(!reset->text.empty());
  RC_ASSERT(!reset->day || reset->at_clock);
  if (reset->after) RC_ASSERT(*resolved >= seen);
}

}  // namespace
}  // namespace quotawatch
