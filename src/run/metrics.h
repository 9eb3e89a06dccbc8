// What a monitor has done, as a text file for the textfile collector of Prometheus' node_exporter.
//
// Fed by NotifyingJournal and written by Production at each poll interval (`metrics.path`). Counters begin at 0
// with each run. Where the config has groups, each metric of a group has its label.
// https://prometheus.io/docs/instrumenting/exposition_formats/
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "quotawatch/event.h"
#include "run/status/status_report.h"

namespace quotawatch {

class Metrics {
 public:
  void count(const Event& event);

  // The text of the file. Sessions that stand still have done so since the last call.
  std::string text(const StatusReport& report, SteadyTime now);

 private:
  using Counts = std::map<std::pair<std::string, std::string>, std::size_t>;  // by group and outcome

  void add_standstill(const std::vector<const GroupStatus*>& groups, SteadyTime now);

  Counts switches_;
  Counts resumes_;
  std::map<std::pair<std::string, std::string>, Milliseconds> stood_still_;  // by group and session
  SteadyTime last_{};
  bool begun_ = false;
};

// True if the session is stopped by a limit.
bool stands_still(const GroupStatus::Session& session);

}  // namespace quotawatch
