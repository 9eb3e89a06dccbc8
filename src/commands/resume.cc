// quotawatch resume: the operator has a running monitor ask one session to go on, with all its
// precautions.
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
#include "run/resume_request.h"

namespace quotawatch {
namespace {

struct ResumeOptions {
  std::string config;
  std::string session;
};

int run_resume(const ResumeOptions& options) {
  const std::string path = find_config(options.config, "resume");
  const os::ActingUser user(path);
  const Config config = load_config(path);
  const auto answer = command_resume(config, options.session);
  if (!answer) throw InputError("resume", 0, "no monitor runs with " + in_quotes(path) + "; start `quotawatch run`");
  return report_answer("resume", *answer);
}

}  // namespace

void add_resume(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<ResumeOptions>();
  auto* command = app.add_subcommand(
      "resume", "Have the running monitor ask a session to go on, unless something stands in the way");
  command->add_option("SESSION", options->session, "The session, as the config names it")
      ->required()
      ->check(refuse_empty);
  add_config_option(*command, options->config);
  add_quiet_flag(*command);
  command->callback([options, &chosen] { chosen = [options] { return run_resume(*options); }; });
}

}  // namespace quotawatch
