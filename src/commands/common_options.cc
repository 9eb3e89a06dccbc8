#include "commands/common_options.h"

#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <thread>

#include "base/text.h"
#include "report/console.h"
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

void add_color_option(CLI::App& command) {
  command
      .add_option_function<std::string>(
          "--color",
          [](const std::string& when) {
            choose_colour(when == "always"  ? ColourChoice::always
                          : when == "never" ? ColourChoice::never
                                            : ColourChoice::automatic);
          },
          "When to use colours: auto, always or never (default: auto, on a terminal without NO_COLOR)")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}));
}

void add_jobs_option(CLI::App& command, std::size_t& jobs, const char* what) {
  constexpr std::size_t most = 1024;
  command
      .add_option_function<std::size_t>(
          "--jobs",
          [&jobs](std::size_t given) { jobs = given == 0 ? std::max(1U, std::thread::hardware_concurrency()) : given; },
          what)
      ->type_name("N")
      ->check(CLI::Range(std::size_t{0}, most))
      ->default_str("1");
}

void add_quiet_flag(CLI::App& command) {
  command.add_flag_callback(
      "-q,--quiet", [] { spdlog::set_level(spdlog::level::warn); }, "Only warnings and errors on stderr");
}

}  // namespace quotawatch
