// Which program runs in the foreground of a pane, and since when: read from /proc.
//
// Used by TmuxClient for each captured pane.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "quotawatch/time.h"

namespace quotawatch::os {

struct ForegroundProgram {
  int process = 0;
  std::uint64_t started_ticks = 0;  // since boot; with `process` it identifies the program
  std::string name;                 // "claude": its name without the folder
  bool interactive_shell = false;   // a shell without a script or command of its own

  bool operator==(const ForegroundProgram&) const = default;
};

// The leader of the foreground process group of the terminal that `process` runs on. Nothing if the
// process is gone, has no terminal, or may not be looked at.
std::optional<ForegroundProgram> foreground_program(int process);

// When a program that started so many ticks after boot did so, on today's wall clock.
std::optional<WallTime> wall_time_of(std::uint64_t started_ticks);

// What foreground_program() makes of a process's arguments, each ended by a NUL.
bool is_interactive_shell(std::string_view arguments);

}  // namespace quotawatch::os
