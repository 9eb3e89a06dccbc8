// The command line of `quotawatch record`.
//
// Filled in by record.cc; carried out by record_live.cc, record_from_run.cc and record_asciinema.cc.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "quotawatch/config.h"

namespace quotawatch {

struct RecordOptions {
  std::vector<std::string> sessions;
  std::string config;
  std::string socket;
  std::string output = "-";  // "-": stdout
  std::string interval;      // empty: not given
  std::string length;
  std::size_t max_bytes = std::size_t{64} << 20U;
  bool redact = true;
  bool force = false;

  std::string asciinema;

  bool from_run = false;
  std::string last = "10m";
  std::string around;

  bool to_stdout() const { return output.empty() || output == "-"; }
};

// Records real panes as they change, until it is stopped. Throws InputError.
int record_live(const RecordOptions& options);

// The sessions to record; those given on the command line replace the config's.
Config config_to_record(const RecordOptions& options);

// Makes a transcript of a recording of asciinema. Throws InputError.
int record_asciinema(const RecordOptions& options);

// Records the last minutes of a running monitor. Throws InputError.
int record_from_run(const RecordOptions& options);

}  // namespace quotawatch
