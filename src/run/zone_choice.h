// The zone of reset times that name none, and why: used and shown by `run`, `status`, `record` and
// `explain`.
#pragma once

#include <string>

#include "os/host/host_zone.h"
#include "quotawatch/config.h"

namespace quotawatch {

struct ZoneChoice {
  Zone zone = Zone::utc();
  std::string why;  // "from TZ"
};

// The config's zone, else the host's. Warns on stderr if the host's zone is probably not intended.
ZoneChoice choose_zone(const Config& config, const os::HostZone& host);

// The same for this host. Throws InputError if there is no zone database.
ZoneChoice choose_zone(const Config& config);

// "Europe/Paris, from TZ".
std::string describe_zone(const std::string& name, const std::string& why);

}  // namespace quotawatch
