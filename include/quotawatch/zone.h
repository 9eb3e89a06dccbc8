// A time zone, which turns "8pm" on a screen into an instant.
//
// Created once from a name (config, transcript, screen) or as the host's own (os/host/host_zone.h),
// then passed as a value. It is a zone of the system's database (tzdata), or a POSIX rule, or a
// fixed offset from UTC.
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

// The folder of the database.
inline constexpr const char* zone_database = "/usr/share/zoneinfo";

// A calendar day in a zone's local time.
struct LocalDay {
  int year;
  unsigned month;
  unsigned day;
};

class Zone {
 public:
  // Throws InputError, naming the folder and the package to install, if there is no tzdata.
  // Functions that look up a name do the same.
  static void require_database();

  // Empty if tzdata has no zone of this name ("Europe/Paris", "UTC").
  static std::optional<Zone> find(const std::string& name);

  // The same, ignoring letter case ("europe/paris").
  static std::optional<Zone> find_ignoring_case(std::string_view name);

  // For the end of an error about an unknown name: the most similar zone of the database, else an
  // example.
  static std::string suggest(std::string_view name);

  // "CET-1CEST,M3.5.0,M10.5.0/3", as in TZ. Empty if the text is not a valid rule.
  static std::optional<Zone> from_rules(std::string_view text);

  // The inverse of name() for a host's zone: find() or from_rules().
  static std::optional<Zone> named(const std::string& name);

  // A fixed offset from UTC (negative: behind), without clock changes.
  static Zone fixed(std::chrono::minutes ahead);
  static Zone utc();

  // "Europe/Paris", "UTC+02:00", "CET-1CEST".
  std::string name() const;

  // The local day of an instant.
  LocalDay day_of(WallTime time) const;

  // The instant at which local clocks show `time` after midnight, `days_later` days after `day`. A
  // time skipped by a clock change means the first instant after the gap; a repeated time means the
  // later one.
  WallTime instant(LocalDay day, int days_later, std::chrono::seconds time) const;

  bool operator==(const Zone& other) const;

  // "Mon 23 Nov 2026 20:00 CET", for people.
  std::string format_local(WallTime time) const;

 private:
  // The local clock at an instant.
  struct Clock {
    std::chrono::seconds ahead;  // offset from UTC
    std::string abbreviation;
  };

  Zone() = default;
  Clock clock_at(std::chrono::sys_seconds time) const;

  const date::time_zone* zone_ = nullptr;    // owned by the date library, never freed
  std::shared_ptr<const PosixRules> rules_;  // if there is no zone_
  std::chrono::minutes ahead_{0};            // offset from UTC, if there is neither
};

}  // namespace quotawatch
