// Moments and spans in a status report for people.
#pragma once

#include <string>

#include "quotawatch/time.h"
#include "quotawatch/zone.h"

namespace quotawatch {

class StatusTimes {
 public:
  StatusTimes(WallTime now, Zone zone) : now_(now), zone_(std::move(zone)) {}

  WallTime now() const { return now_; }

  // "20:00 CET"; with the date if it is not today, and with the year if it is not this year.
  std::string at(WallTime time) const;

  // "42s", "8m12s", "2h5m", "3d4h": at most two units, rounded down.
  std::string ago(WallTime time) const;
  std::string left_until(WallTime time) const;

 private:
  WallTime now_;
  Zone zone_;
};

}  // namespace quotawatch
