// A status report for people: lines of a given width, whatever names it contains.
#pragma once

#include <cstddef>
#include <string>

#include "run/status/status_report.h"

namespace quotawatch {

struct TableStyle {
  std::size_t columns = 80;
  bool colour = false;
};

// Ends with a newline. Ages are relative to `now`; times are in the report's zone.
std::string status_table(const StatusReport& report, WallTime now, TableStyle style);

}  // namespace quotawatch
