// The subcommands: each registers its options and does its work.
//
// Called by run_command_line() only. A command throws InputError for bad input, and returns its exit code
// (docs/guide.md) otherwise.
#pragma once

#include <functional>

#include "run/exit_code.h"

// A forward declaration, because each file that includes CLI11 takes ten seconds to compile.
namespace CLI {
class App;
}

namespace quotawatch {

// Run after the command line has been parsed.
using Command = std::function<int()>;

void add_run(CLI::App& app, Command& chosen);
void add_record(CLI::App& app, Command& chosen);
void add_replay(CLI::App& app, Command& chosen);
void add_explain(CLI::App& app, Command& chosen);
void add_patterns(CLI::App& app, Command& chosen);
void add_status(CLI::App& app, Command& chosen);
void add_resume(CLI::App& app, Command& chosen);
void add_log(CLI::App& app, Command& chosen);
void add_pause(CLI::App& app, Command& chosen);
void add_account(CLI::App& app, Command& chosen);
void add_init(CLI::App& app, Command& chosen);
void add_check(CLI::App& app, Command& chosen);
void add_drill(CLI::App& app, Command& chosen);
void add_hook(CLI::App& app, Command& chosen);
void add_store(CLI::App& app, Command& chosen);
void add_simulate(CLI::App& app, Command& chosen);

}  // namespace quotawatch
