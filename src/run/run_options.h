// The command line of `quotawatch run`, and the resulting config.
//
// Filled in by run.cc; read by Production at the start and at each reload.
#pragma once

#include <string>
#include <vector>

#include "quotawatch/config.h"

namespace quotawatch {

struct RunOptions {
  std::string config;
  std::string pool;
  std::vector<std::string> dedicated;
  std::string socket;  // of tmux; empty: see choose_socket()
  std::string journal;
  bool once = false;
  bool dry_run = false;
  bool verbose = false;
};

// The config file, overridden by the command line. A dry run writes its journal to the file given
// on the command line or to stdout, never to the config's journal of real events. Throws
// InputError.
Config read_run_config(const RunOptions& options);

// Throws InputError if others could change the config or a program that it names; replaces the
// programs by their resolved paths. Warns if one is missing. In a dry run, which runs no programs,
// everything is only a warning.
void require_trusted(const RunOptions& options, Config& config);

// Why a command of the config must not be run now, because others could change it; empty if it may
// be.
std::string why_not_trusted(const std::vector<std::string>& command, const RunOptions& options, std::string_view key);

}  // namespace quotawatch
