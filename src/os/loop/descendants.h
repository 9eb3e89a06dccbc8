// The processes that descend from one of ours, whatever groups and sessions they have made.
//
// Used by ChildProcess to end what a hook has started. It finds all of them as long as each
// leaves its children to another of them: for that the hook adopts them (SpawnRequest::is_hook).
// Where /proc is not there or shows only our own processes, it finds what it can.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace quotawatch::os {

class Descendants {
 public:
  // Looks at once.
  explicit Descendants(pid_t ancestor);

  // Looks again, through all processes there are. True if it found any that were not known.
  bool refresh();

  // True if one of those known is still there, the ancestor included.
  bool any_left();

  // Sends a signal to those outside this process group.
  void signal_outside(pid_t group, int number) const;

  // Kills all of them, and what they start meanwhile.
  void kill();

 private:
  // A process; its number alone may be another one's by now.
  struct Known {
    pid_t process = 0;
    std::uint64_t started = 0;  // ticks since the machine was started
    pid_t group = 0;
  };
  struct Entry;

  static std::vector<Entry> read_processes();

  std::vector<Known> known_;
};

}  // namespace quotawatch::os
