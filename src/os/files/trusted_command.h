// Resolves the programs that a config names, and checks that others cannot change them, before they
// are ever run.
//
// Called by `run` at its start and at each reload, and for the switch hook again right before it
// runs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace quotawatch::os {

// The command with its program resolved in PATH as exec would, so the file that was checked is the
// file that will be run, even if PATH's folders change later. Throws InputError, naming the config
// and the key (`switch.command`), if others could change the program. Arguments are not checked. An
// empty command, and one whose program does not exist, are returned unchanged.
std::vector<std::string> trusted_command(std::vector<std::string> command, const std::string& config,
                                         std::string_view key);

// The path of tmux, resolved in PATH. Throws InputError if others could change it.
std::string trusted_tmux();

// Why the program cannot be run now, for people; empty if it can or if there is none.
std::string why_not_runnable(const std::vector<std::string>& command);

}  // namespace quotawatch::os
