// quotawatch run: the monitor in production, on real tmux and real time.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "base/text.h"
#include "commands/commands.h"
#include "run/option_values.h"
#include "run/production.h"

namespace quotawatch {
namespace {

std::string refuse_unprintable(const std::string& value) {
  return has_controls(value) ? "has a control character" : refuse_empty(value);
}

}  // namespace

void add_run(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<RunOptions>();
  auto* command =
      app.add_subcommand("run", "Watch tmux sessions, and run the hook when the account has reached its limit");
  command->add_option("--config", options->config, "The config file (JSON with comments)")
      ->type_name("FILE")
      ->check(refuse_unprintable);
  command->add_option("--pool", options->pool, "Watch these numbered sessions instead of the config's")
      ->type_name("PREFIX:START:COUNT")
      ->check(refuse_unprintable);
  command
      ->add_option("--dedicated", options->dedicated,
                   "Watch this session instead of the config's dedicated ones; may be repeated")
      ->type_name("NAME")
      ->allow_extra_args(false)
      ->check(refuse_unprintable);
  command->add_option("--journal", options->journal, "Append the journal to this file instead of stdout")
      ->type_name("FILE")
      ->check(refuse_unprintable);
  command->add_flag("--once", options->once, "Poll once, now; wait for the hook if there is a switch; end");
  command->add_flag("--dry-run", options->dry_run, "Only report what would be done: run no hook, save no state");
  command->callback([options, &chosen] { chosen = [options] { return Production(*options).run(); }; });
}

}  // namespace quotawatch
