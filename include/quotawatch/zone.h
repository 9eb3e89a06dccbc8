// A time zone: where "8pm" on a screen becomes an instant.
//
// Made once from a name (config, transcript, screen) or the host's own, then
// passed along as a value. The rules of all zones come from the system's tzdata.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "quotawatch/time.h"

namespace date {
class time_zone;
}

namespace quotawatch {

// A calendar day of some zone's local time.
struct LocalDay {
  int year;
  unsigned month;
  unsigned day;
};

class Zone {
 public:
  // Nothing if tzdata knows no zone of this name ("Europe/Paris", "UTC").
  static std::optional<Zone> find(const std::string& name);

  // The same for a name in letters of any case ("europe/paris").
  static std::optional<Zone> find_ignoring_case(std::string_view name);

  // Always this far ahead of UTC (behind, if negative), without changes of clocks.
  static Zone fixed(std::chrono::minutes ahead);

  // The host's zone; UTC where it cannot be told.
  static Zone host();
  static Zone utc();

  // "Europe/Paris", "UTC+02:00".
  std::string name() const;

  // The local day of an instant.
  LocalDay day_of(WallTime time) const;

  // The instant at which clocks here show `time` after midnight, `days_later` days
  // after `day`. A time that a change of clocks skips is the first instant after the
  // gap; one that comes twice is the later one.
  WallTime instant(LocalDay day, int days_later, std::chrono::seconds time) const;

  bool operator==(const Zone&) const = default;

  // "Mon 23 Nov 2026 20:00 CET", for people.
  std::string format_local(WallTime time) const;

 private:
  explicit Zone(const date::time_zone* zone) : zone_(zone) {}
  const date::time_zone* zone_;    // owned by the date library for ever
  std::chrono::minutes ahead_{0};  // of zone_, which is then UTC
};

}  // namespace quotawatch
