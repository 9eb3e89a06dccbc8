// The help of all commands, and what is said about a mistyped command line. For command_line.cc only.
#pragma once

#include <string>
#include <vector>

#include "commands/commands.h"

namespace quotawatch {

// Before the commands are added, which inherit it: help of at most 80 columns, with metavariables and defaults.
void set_help_format(CLI::App& app);

// After them: two examples each, `help [COMMAND]`, and --version everywhere.
void add_help(CLI::App& app, Command& chosen);

// What is wrong with the arguments, with the nearest command or option; `why` is the parser's reason.
std::string describe_usage_error(const CLI::App& app, const std::vector<std::string>& arguments,
                                 const std::string& why);

}  // namespace quotawatch
