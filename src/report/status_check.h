// A status as monitoring plugins report it: one line, and an exit code. For `status --check`.
// https://www.monitoring-plugins.org/doc/guidelines.html
#pragma once

#include <string>

#include "run/status/status_report.h"

namespace quotawatch {

enum class Health { ok, warning, critical, unknown };  // the exit codes

struct HealthCheck {
  Health health = Health::ok;
  std::string words;
};

HealthCheck check_health(const StatusReport& report);

// "QUOTAWATCH CRITICAL: no monitor runs", on one line.
std::string health_line(const HealthCheck& check);

}  // namespace quotawatch
