// The programs that a config names, found and trusted before they are ever run.
//
// Called by `run` at its start and at each reload, once for each command.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace quotawatch::os {

// The command with its program as a path, looked up in PATH as exec would do it: what
// was looked at is what will be run, whatever comes to stand in PATH later. Throws
// InputError, naming the config and the key (`switch.command`), if the program is
// missing, cannot be run, or could be changed by others. Its arguments are not
// looked at. An empty command stays empty.
std::vector<std::string> trusted_command(std::vector<std::string> command,
                                         const std::string& config, std::string_view key);

}  // namespace quotawatch::os
