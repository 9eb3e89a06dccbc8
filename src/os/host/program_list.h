// What Claude Code itself says of the programs that run: a file for each in `sessions` of its config
// folder, from 2.1.120 on.
//
// Asked by TmuxKeyboard for the conversation of a pane. Nothing depends on it being there.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace quotawatch::os {

struct ListedProgram {
  int process = 0;
  std::string conversation;  // its id: letters, digits and dashes only
  bool busy = false;         // it says that it works
};

// The program that runs below `pane_process`, the process that tmux started in a pane. Looks in the
// folder that this process was given, in ours, and in the usual one. Empty if no such program says
// so, or several do; a file that a killed program left behind says nothing.
std::optional<ListedProgram> find_listed_program(int pane_process);

// The same, in these config folders.
std::optional<ListedProgram> find_listed_program(int pane_process, const std::vector<std::string>& folders);

}  // namespace quotawatch::os
