// Starts a program without a shell, as uv_spawn() does, with two settings of Linux that libuv does
// not support: see `is_hook`.
//
// Used by ChildProcess only, which reaps the process.
#pragma once

#include <sys/types.h>

#include <array>
#include <string>
#include <vector>

namespace quotawatch::os {

struct SpawnRequest {
  std::vector<std::string> arguments;    // the first is looked up in PATH; at least one
  std::vector<std::string> environment;  // complete, as "NAME=value"
  std::array<int, 3> streams;            // its stdin, stdout and stderr; none of them 0, 1 or 2
  // Makes the process a subreaper: orphaned descendants become its children and not init's, so that
  // Descendants finds them whatever sessions they create. It also gets SIGTERM when we die.
  bool is_hook = false;
};

// Returns the process, which leads a session of its own and has default signal handlers; or a
// negative errno.
pid_t spawn(SpawnRequest request);

}  // namespace quotawatch::os
