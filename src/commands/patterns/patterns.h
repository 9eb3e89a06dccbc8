// The larger subcommands of `quotawatch patterns`, each in its own file.
#pragma once

#include <CLI/CLI.hpp>

#include "commands/commands.h"

namespace quotawatch {

// Checks a pack file (or a built-in pack, by name) beyond what loading refuses.
int lint_pack(const std::string& name_or_path);

void add_patterns_add(CLI::App& patterns, Command& chosen);
void add_patterns_audit(CLI::App& patterns, Command& chosen);
void add_patterns_fuzz(CLI::App& patterns, Command& chosen);

}  // namespace quotawatch
