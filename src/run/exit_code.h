// The program's exit codes, a contract of the command line.
#pragma once

namespace quotawatch {

enum ExitCode : int {
  exit_fine = 0,
  exit_failed = 1,
  exit_bad_input = 2,
  exit_invariant = 3,
  exit_liveness = 4,
};

}  // namespace quotawatch
