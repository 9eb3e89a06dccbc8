// quotawatch pause: the operator works in the panes; the monitor goes on judging, and touches nothing.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "base/text.h"
#include "commands/commands.h"
#include "commands/common_options.h"
#include "os/host/acting_user.h"
#include "quotawatch/input_error.h"
#include "run/monitor_command.h"
#include "run/option_values.h"
#include "run/pause_request.h"

namespace quotawatch {
namespace {

struct PauseOptions {
  std::string config;
  std::string length;
};

PauseCommand command_of(const PauseOptions& options) {
  if (options.length.empty()) return {};
  if (options.length == "0") return {Milliseconds{0}};
  return {duration_of_option("FOR", options.length)};
}

int run_pause(const PauseOptions& options) {
  const PauseCommand command = command_of(options);
  const std::string path = find_config(options.config, "pause");
  const os::ActingUser user(path);
  const Config config = load_config(path);
  const auto answer = command_pause(config, command);
  if (!answer) throw InputError("pause", 0, "no monitor runs with " + in_quotes(path) + "; start `quotawatch run`");
  return report_answer("pause", *answer);
}

}  // namespace

void add_pause(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<PauseOptions>();
  auto* command = app.add_subcommand(
      "pause", "Have the running monitor judge, but switch nothing and type nothing, for a while; 0 ends it");
  command->add_option("FOR", options->length, "For how long, such as 30m; 0 ends the pause (default: until pause 0)")
      ->check(refuse_empty);
  add_config_option(*command, options->config);
  add_quiet_flag(*command);
  command->callback([options, &chosen] { chosen = [options] { return run_pause(*options); }; });
}

}  // namespace quotawatch
