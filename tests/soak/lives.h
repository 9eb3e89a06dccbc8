// The lives of a monitor that was killed and started again, put together and held against
// the simulator's checker.
//
// A soak leaves a folder: what was saved when each life began, the journal of all lives, and
// what the hook says of itself. check_lives tells the checker all of it in order of time, as
// the seams do in a simulation.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "quotawatch/config.h"
#include "sim/check/violation.h"

namespace quotawatch::soak {

// What the hook says: "start", and then "done" or why not; nothing where it was ended.
struct HookNote {
  int life = 0;  // of the monitor that started it
  WallTime at;
  std::string id;
  std::string from;
  std::string to;
  std::string what;
};

struct Life {
  int number = 0;
  WallTime began;
  bool whole = true;                 // the life before had saved all that it wanted to
  std::optional<std::string> state;  // the file, when this life began
  std::string journal;               // the lines of this life
};

struct Soak {
  Config config;
  std::vector<Life> lives;  // the last may be none: only what was saved at the end
  std::vector<HookNote> hook;
};

struct LivesReport {
  std::vector<sim::Violation> violations;  // in order of time
  std::size_t lines = 0;
  std::size_t torn_lines = 0;  // cut off by a kill
  std::size_t switches = 0;
  std::size_t resumed = 0;
  std::size_t hooks = 0;
};

// Reads config.json, lives.jsonl, journal.jsonl and hook.jsonl. Throws InputError.
Soak read_soak(const std::string& folder);

LivesReport check_lives(const Soak& soak);

}  // namespace quotawatch::soak
