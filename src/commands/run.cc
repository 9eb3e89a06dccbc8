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
  auto* command = app.add_subcommand(
      "run", "Watch real tmux sessions and ask for a switch when the account is exhausted");
  command->add_option("--config", options->config, "The config file (JSON with comments)")
      ->check(refuse_unprintable);
  command
      ->add_option("--pool", options->pool, "Watch PREFIX:START:COUNT instead of the config's pool")
      ->check(refuse_unprintable);
  command
      ->add_option("--dedicated", options->dedicated,
                   "Watch this session as a dedicated one; may be repeated")
      ->allow_extra_args(false)
      ->check(refuse_unprintable);
  command
      ->add_option("--journal", options->journal,
                   "Append the journal to this file instead of stdout")
      ->check(refuse_unprintable);
  command->add_flag("--once", options->once, "Poll once, now, see a switch through, and end");
  command->add_flag("--dry-run", options->dry_run, "Only say what would be done; keep no state");
  command->callback(
      [options, &chosen] { chosen = [options] { return Production(*options).run(); }; });
}

}  // namespace quotawatch
