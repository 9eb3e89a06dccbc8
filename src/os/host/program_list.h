// What agents themselves say of their programs that run: which conversation is in which, and, where they
// say so, whether it works.
//
// Asked by TmuxKeyboard for the program of a pane, and by ProgramRecords. Claude Code (2.1.120 and later) has a file
// for each program in `sessions` of its config folder. Codex keeps the file of its conversation open, whose name and
// first line have the id.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace quotawatch::os {

struct ListedProgram {
  int process = 0;
  std::string conversation;  // its id: letters, digits and dashes only
  bool busy = false;         // it says that it works
  std::string folder = {};   // in which it was started
  std::string config_folder = {};
  std::string open_file = {};  // of Codex: the one that it has open

  // Where it writes its conversation; empty if that is not known.
  std::string conversation_file() const;
};

// What this process says of itself, in the config folder that it was given or the usual one. Empty if it is no such
// program, or none that says so.
std::optional<ListedProgram> listed_program(int process);

// The agent that runs as `pane_process`, the process that tmux started in a pane, or below it. Looks in
// the config folder that this process was given, in ours, and in the usual one, then for an open
// conversation of Codex. Empty if no agent says so, or several do.
std::optional<ListedProgram> find_program(int pane_process);

// The same, by Claude Code's lists in these config folders. A file that a killed program left behind
// says nothing.
std::optional<ListedProgram> find_listed_program(int pane_process, const std::vector<std::string>& folders);

// The same, by the one conversation of Codex, of its sub-agents' not, that the processes have open.
std::optional<ListedProgram> find_open_conversation(int pane_process);

}  // namespace quotawatch::os
