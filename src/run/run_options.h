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

// The config file with the command line on top. A dry run writes to the journal that the
// command line names or to stdout, never among what really happened. Throws InputError.
Config read_run_config(const RunOptions& options);

// Refuses a config that others could change, and such programs among those it names; what
// it keeps of them is where they were found. Says so where one is missing. A dry run, which
// runs none, only says all of it. Throws InputError.
void require_trusted(const RunOptions& options, Config& config);

// Why a command of the config's must not be run now, for others could change it; empty if
// it may.
std::string why_not_trusted(const std::vector<std::string>& command, const RunOptions& options,
                            std::string_view key);

}  // namespace quotawatch
