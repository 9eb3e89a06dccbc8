// Dispatches to a subcommand; src/commands has one file for each.
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "base/text.h"
#include "commands/commands.h"
#include "commands/help.h"
#include "os/loop/file_descriptor.h"
#include "quotawatch/input_error.h"
#include "run/run_log.h"

namespace {

// A file that may not grow any more (ulimit -f) is an error to report, as a full disk is.
void ignore_file_size_signal() { std::signal(SIGXFSZ, SIG_IGN); }

void log_to_stderr() {
  auto log = spdlog::stderr_logger_st("quotawatch");
  spdlog::set_default_logger(std::move(log));
  quotawatch::begin_command_log();
}

int dispatch(int argc, char** argv) {
  using namespace quotawatch;
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

}  // namespace

int main(int argc, char** argv) {
  try {
    quotawatch::os::reserve_standard_descriptors();
    ignore_file_size_signal();
    log_to_stderr();
    return dispatch(argc, argv);
  } catch (const quotawatch::InputError& error) {
    quotawatch::begin_command_log();  // an error in the input has one form, however the run logs
    spdlog::error("{}", quotawatch::escape_controls(error.what()));
  } catch (const std::exception& error) {
    spdlog::error("{}", quotawatch::escape_controls(error.what()));
  }
  return quotawatch::exit_bad_input;
}
