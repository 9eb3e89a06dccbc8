// What a monitor has done, as a text file for the textfile collector of Prometheus' node_exporter.
//
// Fed by NotifyingJournal and written by Production at each poll interval (`metrics.path`). Counters begin at 0
// with each run. https://prometheus.io/docs/instrumenting/exposition_formats/
#pragma once

#include <map>
#include <string>

#include "quotawatch/event.h"
#include "run/status/status_report.h"

namespace quotawatch {

class Metrics {
 public:
  void count(const Event& event);

  // The text of the file. Sessions that stand still have done so since the last call.
  std::string text(const StatusReport& report, SteadyTime now);

 private:
  void add_standstill(const StatusReport& report, SteadyTime now);

  std::map<std::string, std::size_t> switches_;      // by outcome
  std::map<std::string, std::size_t> resumes_;       // likewise
  std::map<std::string, Milliseconds> stood_still_;  // by session
  SteadyTime last_{};
  bool begun_ = false;
};

// True if the session is stopped by a limit.
bool stands_still(const GroupStatus::Session& session);

}  // namespace quotawatch
