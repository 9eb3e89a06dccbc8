// The time zone of this host's clocks, as the programs in its panes see it: the variable TZ,
// else what /etc/localtime holds. The one place that reads either.
//
// Asked by src/commands (zone_choice.h), where the config may say otherwise.
#pragma once

#include <optional>
#include <string>

#include "quotawatch/zone.h"

namespace quotawatch::os {

struct HostZone {
  Zone zone = Zone::utc();
  std::string why;           // behind the zone's name: "from TZ"
  std::string warning = {};  // what people should know, if anything
};

// Where it is looked for; a value, so that tests can be another host.
struct ZonePlaces {
  std::optional<std::string> variable;  // TZ
  std::string local_time = "/etc/localtime";
  std::string local_name = "/etc/timezone";  // says which of several alike is meant
  std::string database = zone_database;
};

// Those of this process.
ZonePlaces own_zone_places();

// Takes TZ as libc does: the name of a zone or of a file, with or without a colon before
// it, else rules (CET-1CEST); empty or none of these: UTC. A zone by the content of a file
// is the one of the database that is the same, else what the file says of all years to
// come. Throws InputError where the database is missing.
HostZone read_host_zone(const ZonePlaces& places);

}  // namespace quotawatch::os
