#include "quotawatch/zone.h"

#include <date/date.h>
#include <date/tz.h>

namespace quotawatch {
namespace {

date::year_month_day calendar_of(LocalDay day) {
  return date::year{day.year} / date::month{day.month} / date::day{day.day};
}

}  // namespace

std::optional<Zone> Zone::find(const std::string& name) {
  try {
    return Zone(date::locate_zone(name));
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
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

std::string Zone::name() const { return zone_->name(); }

LocalDay Zone::day_of(WallTime time) const {
  const date::year_month_day day{date::floor<date::days>(zone_->to_local(time))};
  return {static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
          static_cast<unsigned>(day.day())};
}

WallTime Zone::instant(LocalDay day, int days_later, std::chrono::minutes minutes) const {
  const auto local = date::local_days{calendar_of(day)} + date::days{days_later} + minutes;
  // choose::latest: the later of two, and the end of a gap for a time inside it.
  return zone_->to_sys(date::local_seconds{local}, date::choose::latest);
}

std::string Zone::format_local(WallTime time) const {
  const auto whole = date::floor<std::chrono::seconds>(time);
  return date::format("%a %d %b %Y %H:%M %Z", date::make_zoned(zone_, whole));
}

}  // namespace quotawatch
