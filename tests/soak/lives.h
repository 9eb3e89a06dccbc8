// Reconstructs the lives of a monitor that was killed and restarted, and checks them with the
// simulator's checker.
//
// A soak leaves a folder with the state saved at the beginning of each life, the journal of all
// lives, the hook's own notes, and what was typed. check_lives passes all of it to the checker in order of time,
// like the seams in a simulation.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "quotawatch/config.h"
#include "sim/check/violation.h"

namespace quotawatch::soak {

// A note of the hook: "start", and then "done" or the reason of a failure; no second note if it was
// ended by force.
struct HookNote {
  int life = 0;  // of the monitor that started it
  WallTime at;
  std::string id;
  std::string from;
  std::string to;
  std::string what;
};

// What reached a session at once.
struct TypedKeys {
  WallTime at;
  std::string session;
  std::string keys;
};

struct Life {
  int number = 0;
  WallTime began;
  bool whole = true;                 // the previous life saved everything it tried to
  std::optional<std::string> state;  // the file at the beginning of this life
  std::string journal;               // the lines of this life
};

struct Soak {
  Config config;
  std::vector<Life> lives;  // the last may be only the state saved at the end
  std::vector<HookNote> hook;
  std::vector<TypedKeys> typed = {};
};

struct LivesReport {
  std::vector<sim::Violation> violations;  // in order of time
  std::size_t lines = 0;
  std::size_t torn_lines = 0;  // truncated by a kill
  std::size_t switches = 0;
  std::size_t resumed = 0;
  std::size_t hooks = 0;
  std::size_t asked = 0;  // sessions, to go on
};

// Reads config.json, lives.jsonl, journal.jsonl, hook.jsonl and typed.jsonl. Throws InputError.
Soak read_soak(const std::string& folder);

LivesReport check_lives(const Soak& soak);

}  // namespace quotawatch::soak
