#include "quotawatch/zone.h"

#include <date/date.h>
#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

#include "base/text.h"
#include "judge/rules/posix_rules.h"
#include "quotawatch/input_error.h"

namespace quotawatch {
namespace {

// The library throws where the folder is missing, and finds nothing where it is empty.
const date::tzdb& database() {
  static const date::tzdb* const found = []() -> const date::tzdb* {
    try {
      const auto& all = date::get_tzdb();
      return all.zones.empty() ? nullptr : &all;
    } catch (const std::runtime_error&) {
      return nullptr;
    }
  }();
  if (found != nullptr) return *found;
  throw InputError(zone_database, 0, "has no time zones; install them (Debian's package is tzdata)");
}

// Files of the database that lead to whatever zone this host has.
bool is_alias_of_host(std::string_view name) { return name == "localtime" || name == "posixrules"; }

// With its rules read, so that it is never looked for on the disk again; nothing if its
// file is no zone.
const date::time_zone* with_rules(const date::time_zone& zone) {
  try {
    static_cast<void>(zone.get_info(date::sys_seconds{}));
    return &zone;
  } catch (const std::exception&) {
    return nullptr;
  }
}

// Names without capitals in the order of the alphabet, each with its zone.
using ZonesByName = std::vector<std::pair<std::string, const date::time_zone*>>;

const ZonesByName& zones_in_lower_case() {
  static const ZonesByName zones = [] {
    ZonesByName all;
    for (const auto& zone : database().zones) all.emplace_back(lower_case(zone.name()), &zone);
    std::ranges::sort(all);
    return all;
  }();
  return zones;
}

}  // namespace

void Zone::require_database() { static_cast<void>(database()); }

std::optional<Zone> Zone::find(const std::string& name) {
  const auto& zones = database().zones;
  const auto found = std::ranges::lower_bound(zones, name, {}, [](const auto& z) { return z.name(); });
  if (found == zones.end() || found->name() != name || is_alias_of_host(name)) return std::nullopt;
  Zone zone;
  zone.zone_ = with_rules(*found);
  if (zone.zone_ == nullptr) return std::nullopt;
  return zone;
}

std::optional<Zone> Zone::find_ignoring_case(std::string_view name) {
  const auto& zones = zones_in_lower_case();
  const std::string wanted = lower_case(name);
  const auto found = std::ranges::lower_bound(zones, wanted, {}, &ZonesByName::value_type::first);
  if (found == zones.end() || found->first != wanted) return std::nullopt;
  return find(found->second->name());
}

std::string Zone::suggest(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& zone : database().zones) names.push_back(zone.name());
  const auto best = nearest(name, names);
  return best.empty() ? "; write Europe/Paris or UTC" : fmt::format("; did you mean {}?", in_quotes(best));
}

std::optional<Zone> Zone::from_rules(std::string_view text) {
  auto rules = PosixRules::parse(text);
  if (!rules) return std::nullopt;
  Zone zone;
  zone.rules_ = std::make_shared<const PosixRules>(std::move(*rules));
  return zone;
}

std::optional<Zone> Zone::named(const std::string& name) {
  if (auto zone = find(name)) return zone;
  return from_rules(name);
}

Zone Zone::fixed(std::chrono::minutes ahead) {
  Zone zone;
  zone.ahead_ = ahead;
  return zone;
}

Zone Zone::utc() { return {}; }

bool Zone::operator==(const Zone& other) const {
  if (zone_ != other.zone_ || ahead_ != other.ahead_) return false;
  if (!rules_ || !other.rules_) return rules_ == other.rules_;
  return rules_->text() == other.rules_->text();
}

std::string Zone::name() const {
  if (zone_ != nullptr) return zone_->name();
  if (rules_) return rules_->text();
  if (ahead_.count() == 0) return "UTC";
  const auto size = std::abs(ahead_.count());
  return fmt::format("UTC{}{:02}:{:02}", ahead_.count() < 0 ? '-' : '+', size / 60, size % 60);
}

Zone::Clock Zone::clock_at(std::chrono::sys_seconds time) const {
  if (zone_ != nullptr) {
    auto info = zone_->get_info(time);
    return {info.offset, std::move(info.abbrev)};
  }
  if (!rules_) return {ahead_, name()};
  const auto& clock = rules_->clock_at(time);
  return {clock.ahead, clock.abbreviation};
}

LocalDay Zone::day_of(WallTime time) const {
  const auto whole = date::floor<std::chrono::seconds>(time);
  const date::year_month_day day{date::floor<date::days>(whole + clock_at(whole).ahead)};
  return {static_cast<int>(day.year()), static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day())};
}

WallTime Zone::instant(LocalDay day, int days_later, std::chrono::seconds time) const {
  const auto calendar = date::year{day.year} / date::month{day.month} / date::day{day.day};
  const auto local = date::local_days{calendar} + date::days{days_later} + time;
  // choose::latest: the later of two, and the end of a gap for a time inside it.
  if (zone_ != nullptr) return zone_->to_sys(local, date::choose::latest);
  const std::chrono::sys_seconds as_utc{local.time_since_epoch()};
  return rules_ ? rules_->instant_of(as_utc) : as_utc - ahead_;
}

std::string Zone::format_local(WallTime time) const {
  const auto whole = date::floor<std::chrono::seconds>(time);
  const Clock clock = clock_at(whole);
  return date::format("%a %d %b %Y %H:%M ", whole + clock.ahead) + clock.abbreviation;
}

}  // namespace quotawatch
