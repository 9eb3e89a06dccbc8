// What other hosts call this one.
#pragma once

#include <string>

#include "os/host/host_names.h"
#include "quotawatch/config.h"

namespace quotawatch {

inline std::string host_name(const Config& config) {
  if (!config.store.host.empty()) return config.store.host;
  const auto names = os::read_host_names().hosts;
  return names.empty() ? "localhost" : names.back();
}

}  // namespace quotawatch
