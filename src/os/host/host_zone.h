// The time zone of this host, as the programs in its panes see it: the variable TZ, else the
// content of /etc/localtime. The only code that reads either.
//
// Called by src/run (zone_choice.h); the config can override it.
#pragma once

#include <optional>
#include <string>

#include "quotawatch/zone.h"

namespace quotawatch::os {

struct HostZone {
  Zone zone = Zone::utc();
  std::string why;           // follows the zone's name: "from TZ"
  std::string warning = {};  // for people; may be empty
};

// Where the zone is looked up; a value, so that tests can simulate other hosts.
struct ZonePlaces {
  std::optional<std::string> variable;  // TZ
  std::string local_time = "/etc/localtime";
  std::string local_name = "/etc/timezone";  // says which of several identical zones is meant
  std::string database = zone_database;
};

// The places of this process.
ZonePlaces own_zone_places();

// Interprets TZ as libc does: the name of a zone or file, with or without a leading colon, else a
// POSIX rule (CET-1CEST); UTC if empty or none of these. A zone given by a file's content is the
// zone of the database with the same content, else the file's rule for future years. Throws
// InputError if the database is missing.
HostZone read_host_zone(const ZonePlaces& places);

}  // namespace quotawatch::os
