// A status report for a person: lines of a given width, whatever the names in it.
#pragma once

#include <cstddef>
#include <string>

#include "run/status_report.h"

namespace quotawatch {

struct TableStyle {
  std::size_t columns = 80;
  bool colour = false;
};

// Ends with a newline. `now` tells ages; times are shown in the report's zone.
std::string status_table(const StatusReport& report, WallTime now, TableStyle style);

}  // namespace quotawatch
