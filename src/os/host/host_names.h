// The names of this host and its users, which recordings must not contain.
#pragma once

#include <string>
#include <vector>

namespace quotawatch::os {

struct HostNames {
  std::vector<std::string> users;  // login names and full names
  std::vector<std::string> hosts;  // with and without their domain
};

HostNames read_host_names();

}  // namespace quotawatch::os
