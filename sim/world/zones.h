// Time zones of the simulated users: in both hemispheres, with clock changes of an hour, of half an
// hour, and of none.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "quotawatch/input_error.h"
#include "quotawatch/zone.h"

namespace quotawatch::sim {

inline constexpr std::array<std::string_view, 7> zone_names{
    "UTC",          "Europe/Paris", "America/Los_Angeles", "Australia/Lord_Howe",
    "Asia/Kolkata", "Africa/Cairo", "America/Santiago"};

// Throws InputError if this machine does not know the zone: another zone would change the run.
inline Zone simulated_zone(std::size_t index) {
  const std::string name(zone_names[index % zone_names.size()]);
  if (const auto zone = Zone::find(name)) return *zone;
  throw InputError(name, 0, "is no zone that this machine knows; install tzdata");
}

}  // namespace quotawatch::sim
