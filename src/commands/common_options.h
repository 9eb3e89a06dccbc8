// Options that several commands have.
#pragma once

#include <cstddef>
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

// --color WHEN.
void add_color_option(CLI::App& command);

// -j, --jobs N; 0 has become the number of processors.
void add_jobs_option(CLI::App& command, std::size_t& jobs, const char* what);

// -q: only warnings and errors on stderr.
void add_quiet_flag(CLI::App& command);

}  // namespace quotawatch
