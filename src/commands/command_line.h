// The command line of the program: finds the subcommand, and runs it. Called by main only, so that CLI11 is compiled
// once, with the subcommands.
#pragma once

namespace quotawatch {

// The exit code; an error in the arguments has been logged. Throws what the command throws.
int run_command_line(int argc, char** argv);

}  // namespace quotawatch
