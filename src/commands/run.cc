// quotawatch run: the monitor in production, on real tmux and real time.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "commands/commands.h"
#include "commands/common_options.h"
#include "run/option_values.h"
#include "run/production.h"

namespace quotawatch {
void add_run(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<RunOptions>();
  auto* command =
      app.add_subcommand("run", "Watch tmux sessions, and run the hook when the account has reached its limit");
  add_config_option(*command, options->config);
  command->add_option("--pool", options->pool, "Watch these numbered sessions instead of the config's")
      ->type_name("PREFIX:START:COUNT")
      ->check(refuse_controls);
  command
      ->add_option("--dedicated", options->dedicated,
                   "Watch this session instead of the config's dedicated ones; may be repeated")
      ->type_name("NAME")
      ->allow_extra_args(false)
      ->check(refuse_controls);
  add_socket_option(*command, options->socket);
  command->add_option("--journal", options->journal, "Append the journal to this file instead of stdout")
      ->type_name("FILE")
      ->check(refuse_controls);
  command->add_flag("--once", options->once, "Poll once, now; wait for the hook if there is a switch; end");
  command->add_flag("--dry-run", options->dry_run, "Only report what would be done: run no hook, save no state");
  add_quiet_flag(*command);
  command->add_flag("-v,--verbose", options->verbose, "Log observations, too, and not only decisions");
  command->callback([options, &chosen] {
    chosen = [options] {
      options->config = search_config(options->config);
      return Production(*options).run();
    };
  });
}

}  // namespace quotawatch
