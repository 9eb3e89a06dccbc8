// quotawatch store: the table in which hosts share what they know of their accounts.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "base/text.h"
#include "commands/commands.h"
#include "commands/common_options.h"
#include "os/host/acting_user.h"
#include "os/store/store_visit.h"
#include "quotawatch/config.h"
#include "report/console.h"
#include "run/option_values.h"

namespace quotawatch {
namespace {

int make_table(const std::string& given) {
  const std::string path = find_config(given, "store init");
  const os::ActingUser user(path);
  os::StoreVisit visit(load_config(path).store);
  const bool made = visit.make_table();
  print_out(fmt::format("{}: the table quotawatch {}\n", escape_controls(visit.described()),
                        made ? "is made" : "is there already, and fits"));
  return exit_fine;
}

}  // namespace

void add_store(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("store", "Prepare the database in which hosts share their accounts");
  command->require_subcommand(1);
  auto* init = command->add_subcommand("init", "Make the table, if it is not there");
  auto config = std::make_shared<std::string>();
  auto only_print = std::make_shared<bool>(false);
  add_config_option(*init, *config);
  init->add_flag("--print", *only_print, "Print the statements, for somebody else to run, and touch nothing");
  init->callback([config, only_print, &chosen] {
    chosen = [config, only_print]() -> int {
      if (!*only_print) return make_table(*config);
      print_out(os::table_as_sql());
      return exit_fine;
    };
  });
}

}  // namespace quotawatch
