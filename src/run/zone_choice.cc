#include "run/zone_choice.h"

#include <fmt/format.h>

#include "base/text.h"
#include "run/real_parts.h"

namespace quotawatch {

ZoneChoice choose_zone(const Config& config, const os::HostZone& host) {
  if (config.timezone) return {*config.timezone, "from the config"};
  if (!host.warning.empty()) log_note(host.warning);
  return {host.zone, host.why};
}

ZoneChoice choose_zone(const Config& config) { return choose_zone(config, os::read_host_zone(os::own_zone_places())); }

std::string describe_zone(const std::string& name, const std::string& why) {
  return fmt::format("{}, {}", escape_controls(name), escape_controls(why));
}

}  // namespace quotawatch
