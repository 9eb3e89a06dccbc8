// A time zone: where "8pm" on a screen becomes an instant.
//
// Made once from a name (config, transcript, screen) or as the host's own
// (os/host_zone.h), then passed along as a value. It is a zone of the system's database
// (tzdata), or has rules of its own as POSIX writes them, or is UTC or so far from it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "quotawatch/time.h"

namespace date {
class time_zone;
}

namespace quotawatch {

class PosixRules;

// The folder in which the database is looked for.
inline constexpr const char* zone_database = "/usr/share/zoneinfo";

// A calendar day of some zone's local time.
struct LocalDay {
  int year;
  unsigned month;
  unsigned day;
};

class Zone {
 public:
  // Throws InputError, naming the folder and what to install, where there is no tzdata; so do
  // those that look for a name.
  static void require_database();

  // Nothing if tzdata knows no zone of this name ("Europe/Paris", "UTC").
  static std::optional<Zone> find(const std::string& name);

  // The same for a name in letters of any case ("europe/paris").
  static std::optional<Zone> find_ignoring_case(std::string_view name);

  // For the end of an error about a name that is not found: the one of the database that is
  // near enough to be meant, else an example.
  static std::string suggest(std::string_view name);

  // "CET-1CEST,M3.5.0,M10.5.0/3", as TZ may hold it. Nothing if the text is no such zone.
  static std::optional<Zone> from_rules(std::string_view text);

  // What name() has given for a host's zone: find() or from_rules().
  static std::optional<Zone> named(const std::string& name);

  // Always this far ahead of UTC (behind, if negative), without changes of clocks.
  static Zone fixed(std::chrono::minutes ahead);
  static Zone utc();

  // "Europe/Paris", "UTC+02:00", "CET-1CEST".
  std::string name() const;

  // The local day of an instant.
  LocalDay day_of(WallTime time) const;

  // The instant at which clocks here show `time` after midnight, `days_later` days
  // after `day`. A time that a change of clocks skips is the first instant after the
  // gap; one that comes twice is the later one.
  WallTime instant(LocalDay day, int days_later, std::chrono::seconds time) const;

  bool operator==(const Zone& other) const;

  // "Mon 23 Nov 2026 20:00 CET", for people.
  std::string format_local(WallTime time) const;

 private:
  // What clocks show at an instant.
  struct Clock {
    std::chrono::seconds ahead;  // of UTC
    std::string abbreviation;
  };

  Zone() = default;
  Clock clock_at(std::chrono::sys_seconds time) const;

  const date::time_zone* zone_ = nullptr;    // owned by the date library for ever
  std::shared_ptr<const PosixRules> rules_;  // where there is no zone_
  std::chrono::minutes ahead_{0};            // of UTC, where there is neither
};

}  // namespace quotawatch
