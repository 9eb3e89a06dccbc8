// What one line of a program's own record says of a turn: a Claude Code conversation file, a Codex rollout.
//
// Pure; used by ProgramRecords. Of what was said nothing is read: only how a turn ended, and when its limit resets.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "quotawatch/testimony.h"

namespace quotawatch::os {

// Empty if the line says nothing of a turn of the main conversation: another kind of entry, a sub-agent's, a command of
// the program itself, or not whole.
std::optional<Testimony> read_claude_code_entry(std::string_view line);

struct CodexLine {
  // As for Claude Code. `fine` is only the end of the turn: up to 0.120 an error stands in a line before it.
  std::optional<Testimony> testimony;
  std::optional<WallTime> reset_at;  // of the window that is used up, in a line with the state of both
  std::vector<WindowUse> use = {};   // of these windows
  WallTime use_at = {};
};
CodexLine read_codex_line(std::string_view line);

// The first line of a rollout: true if its version says in the rollout how turns end (0.120 or later).
bool codex_says_how_turns_end(std::string_view line);

}  // namespace quotawatch::os
