// What Claude Code itself says of the programs that run: a file for each in `sessions` of its config
// folder, from 2.1.120 on.
//
// Asked by TmuxKeyboard for the conversation of a pane, and by ProgramRecords. Nothing depends on it being there.
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

  // Where it writes its conversation; empty if it does not say in which folder it runs.
  std::string conversation_file() const;
};

// What this process says of itself, in the config folder that it was given or the usual one. Empty if it is no such
// program, or none that says so.
std::optional<ListedProgram> listed_program(int process);

// The program that runs below `pane_process`, the process that tmux started in a pane. Looks in the
// folder that this process was given, in ours, and in the usual one. Empty if no such program says
// so, or several do; a file that a killed program left behind says nothing.
std::optional<ListedProgram> find_listed_program(int pane_process);

// The same, in these config folders.
std::optional<ListedProgram> find_listed_program(int pane_process, const std::vector<std::string>& folders);

}  // namespace quotawatch::os
