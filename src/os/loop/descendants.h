// All descendants of one of our processes, whatever groups and sessions they have created.
//
// Used by ChildProcess to end what a hook has started. Finds all of them as long as orphans are
// re-parented to a process in the tree, which is why hooks are subreapers (SpawnRequest::is_hook).
// If /proc is missing or shows only our own processes, finds what it can.
#pragma once

#include <sys/types.h>

#include <vector>

#include "os/loop/process_status.h"

namespace quotawatch::os {

class Descendants {
 public:
  // Searches at once.
  explicit Descendants(pid_t ancestor);

  // Searches all processes again. True if new ones were found.
  bool refresh();

  // True if any known process is still there, the ancestor included.
  bool any_left();

  // Sends a signal to those outside this process group.
  void signal_outside(pid_t group, int number) const;

  // Kills all of them, and what they start meanwhile.
  void kill();

 private:
  static std::vector<ProcessStatus> read_processes();

  std::vector<ProcessStatus> known_;
};

}  // namespace quotawatch::os
