#include "quotawatch/zone.h"

#include <date/date.h>
#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

namespace quotawatch {
namespace {

date::year_month_day calendar_of(LocalDay day) {
  return date::year{day.year} / date::month{day.month} / date::day{day.day};
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lowered;
}

// Names without capitals in the order of the alphabet, each with its zone.
using ZonesByName = std::vector<std::pair<std::string, const date::time_zone*>>;

const ZonesByName& zones_in_lower_case() {
  static const ZonesByName zones = [] {
    ZonesByName all;
    for (const auto& zone : date::get_tzdb().zones) all.emplace_back(lower(zone.name()), &zone);
    std::ranges::sort(all);
    return all;
  }();
  return zones;
}

}  // namespace

std::optional<Zone> Zone::find(const std::string& name) {
  try {
    return Zone(date::locate_zone(name));
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

std::optional<Zone> Zone::find_ignoring_case(std::string_view name) {
  const auto& zones = zones_in_lower_case();
  const std::string wanted = lower(name);
  const auto found = std::ranges::lower_bound(zones, wanted, {}, &ZonesByName::value_type::first);
  if (found == zones.end() || found->first != wanted) return std::nullopt;
  return Zone(found->second);
}

Zone Zone::fixed(std::chrono::minutes ahead) {
  Zone zone = utc();
  zone.ahead_ = ahead;
  return zone;
}

Zone Zone::host() {
  try {
    return Zone(date::current_zone());
  } catch (const std::runtime_error&) {
    return utc();
  }
}

Zone Zone::utc() {
  static const date::time_zone* const zone = date::locate_zone("Etc/UTC");
  return Zone(zone);
}

std::string Zone::name() const {
  if (ahead_.count() == 0) return zone_->name();
  const auto size = std::abs(ahead_.count());
  return fmt::format("UTC{}{:02}:{:02}", ahead_.count() < 0 ? '-' : '+', size / 60, size % 60);
}

LocalDay Zone::day_of(WallTime time) const {
  const date::year_month_day day{date::floor<date::days>(zone_->to_local(time + ahead_))};
  return {static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
          static_cast<unsigned>(day.day())};
}

WallTime Zone::instant(LocalDay day, int days_later, std::chrono::seconds time) const {
  const auto local = date::local_days{calendar_of(day)} + date::days{days_later} + time;
  // choose::latest: the later of two, and the end of a gap for a time inside it.
  return zone_->to_sys(date::local_seconds{local}, date::choose::latest) - ahead_;
}

std::string Zone::format_local(WallTime time) const {
  const auto whole = date::floor<std::chrono::seconds>(time);
  if (ahead_.count() != 0) return date::format("%a %d %b %Y %H:%M ", whole + ahead_) + name();
  return date::format("%a %d %b %Y %H:%M %Z", date::make_zoned(zone_, whole));
}

}  // namespace quotawatch
