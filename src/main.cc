// The process: its log, its signals, and the one place where errors end it. src/commands has the rest.
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <cstdio>
#include <exception>

#include "base/text.h"
#include "commands/command_line.h"
#include "os/loop/file_descriptor.h"
#include "quotawatch/input_error.h"
#include "run/exit_code.h"
#include "run/run_log.h"

namespace {

// A file that may not grow any more (ulimit -f) is an error to report, as a full disk is.
void ignore_file_size_signal() { std::signal(SIGXFSZ, SIG_IGN); }

void log_to_stderr() {
  auto log = spdlog::stderr_logger_st("quotawatch");
  spdlog::set_default_logger(std::move(log));
  quotawatch::begin_command_log();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    quotawatch::os::reserve_standard_descriptors();
    ignore_file_size_signal();
    log_to_stderr();
    return quotawatch::run_command_line(argc, argv);
  } catch (const quotawatch::InputError& error) {
    quotawatch::begin_command_log();  // an error in the input has one form, however the run logs
    spdlog::error("{}", quotawatch::escape_controls(error.what()));
  } catch (const std::exception& error) {
    spdlog::error("{}", quotawatch::escape_controls(error.what()));
  }
  return quotawatch::exit_bad_input;
}
