// The larger subcommands of `quotawatch patterns`, each in a file of its own.
#pragma once

#include <CLI/CLI.hpp>

#include "commands/commands.h"

namespace quotawatch {

// A pack file (or a built-in pack's name), beyond what loading it refuses.
int lint_pack(const std::string& name_or_path);

void add_patterns_fuzz(CLI::App& patterns, Command& chosen);

}  // namespace quotawatch
