// What `quotawatch run` is asked on its command line, and the config that comes of it.
//
// Filled by run.cc; read by Production at the start and at each reload.
#pragma once

#include <string>
#include <vector>

#include "quotawatch/config.h"

namespace quotawatch {

struct RunOptions {
  std::string config;
  std::string pool;
  std::vector<std::string> dedicated;
  std::string journal;
  bool once = false;
  bool dry_run = false;
};

// The config file with the command line on top. Throws InputError.
Config read_run_config(const RunOptions& options);

}  // namespace quotawatch
