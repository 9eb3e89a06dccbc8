// Starts a program without a shell, as uv_spawn() does, and asks of the kernel what libuv
// cannot ask for: see `is_hook`.
//
// Used by ChildProcess alone, which learns of its end.
#pragma once

#include <sys/types.h>

#include <array>
#include <string>
#include <vector>

namespace quotawatch::os {

struct SpawnRequest {
  std::vector<std::string> arguments;    // the first is looked up in PATH; at least one
  std::vector<std::string> environment;  // all of it, as "NAME=value"
  std::array<int, 3> streams;            // its stdin, stdout and stderr; none of them 0, 1 or 2
  // What its descendants leave behind becomes its child and not init's, so that Descendants
  // finds it, whatever sessions it makes; and it is asked to end (SIGTERM) when we die.
  bool is_hook = false;
};

// The process, which leads a session of its own and has default signals; or an error, negative.
pid_t spawn(SpawnRequest request);

}  // namespace quotawatch::os
