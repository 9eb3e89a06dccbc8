// What this host and its user are called, so that recordings can leave it out.
#pragma once

#include <string>
#include <vector>

namespace quotawatch::os {

struct HostNames {
  std::vector<std::string> users;  // as they log in, and in full
  std::vector<std::string> hosts;  // with and without their domain
};

HostNames read_host_names();

}  // namespace quotawatch::os
