// quotawatch check: whether config, hook, accounts, sessions and tmux are as they should be.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>

#include "base/text.h"
#include "commands/commands.h"
#include "commands/common_options.h"
#include "os/host/acting_user.h"
#include "report/console.h"
#include "run/option_values.h"
#include "run/self_check.h"

namespace quotawatch {
namespace {

int run_check(const std::string& config) {
  const std::string path = find_config(config, "check");
  const os::ActingUser user(path);
  const auto lines = SelfCheck(path).run();
  const bool colour = stdout_takes_colour();
  for (const auto& line : lines) {
    const auto style = line.well ? fmt::fg(fmt::terminal_color::green) : fmt::fg(fmt::terminal_color::red);
    print_out(fmt::format("{} {:<16} {}\n", styled(colour, style, line.well ? "ok   " : "wrong"),
                          escape_controls(line.what), escape_controls(line.words)));
  }
  return std::ranges::all_of(lines, &CheckLine::well) ? exit_fine : exit_failed;
}

}  // namespace

void add_check(CLI::App& app, Command& chosen) {
  auto config = std::make_shared<std::string>();
  auto* command = app.add_subcommand(
      "check", "Say whether config, hook, accounts, sessions and tmux are as they should be; exit code 1 if not");
  add_config_option(*command, *config);
  add_color_option(*command);
  command->callback([config, &chosen] { chosen = [config] { return run_check(*config); }; });
}

}  // namespace quotawatch
