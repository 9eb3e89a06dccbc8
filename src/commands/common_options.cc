#include "commands/common_options.h"

#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>

#include "base/text.h"
#include "run/option_values.h"

namespace quotawatch {
std::string refuse_controls(const std::string& value) {
  return has_controls(value) ? "has a control character" : refuse_empty(value);
}

void add_config_option(CLI::App& command, std::string& config) {
  command
      .add_option("--config", config,
                  "The config (default: $QUOTAWATCH_CONFIG, ./quotawatch.json or ~/.config/quotawatch/quotawatch.json)")
      ->type_name("FILE")
      ->check(refuse_controls);
}

void add_socket_option(CLI::App& command, std::string& socket) {
  command
      .add_option("--socket", socket,
                  "The tmux server: a name as of tmux -L, or a path (default: the config's, the one of $TMUX, or "
                  "\"default\")")
      ->type_name("NAME")
      ->check(refuse_controls);
}

void add_quiet_flag(CLI::App& command) {
  command.add_flag_callback(
      "-q,--quiet", [] { spdlog::set_level(spdlog::level::warn); }, "Only warnings and errors on stderr");
}

}  // namespace quotawatch
