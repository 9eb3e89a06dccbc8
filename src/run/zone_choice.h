// Which zone reset times without one are in, and why: what `run`, `status`, `record` and
// `explain` go by, and say.
#pragma once

#include <string>

#include "os/host/host_zone.h"
#include "quotawatch/config.h"

namespace quotawatch {

struct ZoneChoice {
  Zone zone = Zone::utc();
  std::string why;  // "from TZ"
};

// The config's zone, else the host's. Warns on stderr where the host's cannot be what
// somebody wanted.
ZoneChoice choose_zone(const Config& config, const os::HostZone& host);

// The same on this host. Throws InputError where there is no database of zones.
ZoneChoice choose_zone(const Config& config);

// "Europe/Paris, from TZ".
std::string describe_zone(const std::string& name, const std::string& why);

}  // namespace quotawatch
