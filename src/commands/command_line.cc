#include "commands/command_line.h"

#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/text.h"
#include "commands/commands.h"
#include "commands/help.h"

namespace quotawatch {

int run_command_line(int argc, char** argv) {
  CLI::App app{
      "Watches coding agents in tmux, recognises when an account has really reached its usage limit, and runs your "
      "command once to switch to another."};
  app.name("quotawatch");
  set_help_format(app);
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::simple);
  Command chosen;
  add_init(app, chosen);
  add_check(app, chosen);
  add_run(app, chosen);
  add_record(app, chosen);
  add_replay(app, chosen);
  add_explain(app, chosen);
  add_patterns(app, chosen);
  add_status(app, chosen);
  add_log(app, chosen);
  add_account(app, chosen);
  add_drill(app, chosen);
  add_resume(app, chosen);
  add_hook(app, chosen);
  add_pause(app, chosen);
  add_store(app, chosen);
  add_simulate(app, chosen);
  add_help(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {
    return app.exit(asked);
  } catch (const CLI::ParseError& error) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    spdlog::error("{}", escape_controls(describe_usage_error(app, arguments, error.what())));
    return exit_bad_input;
  }
  const int code = chosen();
  if (std::fflush(stdout) != 0) throw std::runtime_error("stdout cannot be written");
  return code;
}

}  // namespace quotawatch
