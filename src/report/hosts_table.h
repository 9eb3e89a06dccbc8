// What the hosts of a fleet have agreed on, and how each of them stands: for `quotawatch status --hosts`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "quotawatch/pool_store.h"
#include "quotawatch/time.h"
#include "quotawatch/zone.h"

namespace quotawatch {

struct HostsReport {
  struct Group {
    std::string name;            // empty where the config has no groups
    std::optional<PoolRow> row;  // empty: no host has come so far
    std::vector<HostWord> hosts;
  };
  std::string store;  // "quotawatch on db.example as monitor"
  std::string fleet;
  std::vector<Group> groups;
};

// It has said nothing for too long.
bool is_away(const HostWord& word, WallTime now);

std::string hosts_table(const HostsReport& report, const Zone& zone, WallTime now);
std::string hosts_json(const HostsReport& report, WallTime now);

}  // namespace quotawatch
