// quotawatch drill: plays the whole chain once, on a private tmux server.
#include "run/drill/drill.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "commands/commands.h"
#include "commands/common_options.h"
#include "run/drill/drill_agent.h"
#include "run/option_values.h"

namespace quotawatch {

void add_drill(CLI::App& app, Command& chosen) {
  auto config = std::make_shared<std::string>();
  auto* command = app.add_subcommand(
      "drill", "Play a limit on a private tmux server, with QUOTAWATCH_DRILL=1 set for your hook, and say what works");
  add_config_option(*command, *config);
  command->callback([config, &chosen] { chosen = [config] { return Drill(find_config(*config, "drill")).run(); }; });

  auto reset = std::make_shared<std::string>();
  auto* agent = app.add_subcommand("drill-agent", "The agent of a drill")->group("");
  agent->add_option("reset", *reset)->required();
  agent->callback([reset, &chosen] { chosen = [reset] { return play_drill_agent(*reset); }; });
}

}  // namespace quotawatch
