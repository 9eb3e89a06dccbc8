// Options that several commands have.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace quotawatch {

// For CLI11's check(): what reaches the log or tmux.
std::string refuse_controls(const std::string& value);

// --config FILE; without it search_config() finds one.
void add_config_option(CLI::App& command, std::string& config);

// --socket NAME.
void add_socket_option(CLI::App& command, std::string& socket);

// -q: only warnings and errors on stderr.
void add_quiet_flag(CLI::App& command);

}  // namespace quotawatch
