// The programs that a config names, found and trusted before they are ever run.
//
// Called by `run` at its start and at each reload, and for the switch hook once more right
// before it is run.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace quotawatch::os {

// The command with its program as a path, looked up in PATH as exec would do it: what
// was looked at is what will be run, whatever comes to stand in PATH later. Throws
// InputError, naming the config and the key (`switch.command`), if others could change
// the program. Its arguments are not looked at. A command whose program is missing, and an
// empty one, stay as they are.
std::vector<std::string> trusted_command(std::vector<std::string> command,
                                         const std::string& config, std::string_view key);

// tmux, as it is found in PATH. Throws InputError if others could change it.
std::string trusted_tmux();

// Why its program cannot be run now, in words; empty if it can, or there is none.
std::string why_not_runnable(const std::vector<std::string>& command);

}  // namespace quotawatch::os
