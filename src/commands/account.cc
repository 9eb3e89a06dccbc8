// quotawatch account: the operator marks an account as free again, or reports that the sessions use
// another one.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "commands/commands.h"
#include "commands/common_options.h"
#include "os/files/file_state_store.h"
#include "os/files/line_journal.h"
#include "os/host/acting_user.h"
#include "os/host/system_clock.h"
#include "quotawatch/input_error.h"
#include "quotawatch/monitor.h"
#include "run/account_request.h"
#include "run/monitor_command.h"
#include "run/option_values.h"
#include "run/real_parts.h"

namespace quotawatch {
namespace {

struct AccountOptions {
  std::string config;
  AccountCommand command;
};

void write_journal(const Config& config, const Event& event) {
  if (config.journal.path.empty()) {
    os::LineJournal(STDOUT_FILENO, "stdout", log_note).write(event);
  } else {
    os::LineJournal(config.journal.path, log_note, {config.journal.max_bytes, config.journal.keep}).write(event);
  }
}

// Does what a monitor would, while none runs.
CommandAnswer change_saved_state(const Config& config, const AccountCommand& command) {
  os::FileStateStore store(config.state_path, os::FileStateStore::Access::read_write, log_note);
  const Moment now = os::read_system_clock();
  auto [next, event, answer] = obey_saved(config, store.load(), command, now);
  if (!event) return answer;
  if (const auto failure = store.save(next)) {
    return {CommandAnswer::Outcome::refused, "nothing has changed: the state cannot be saved: " + *failure};
  }
  write_journal(config, *event);
  answer.words += "; no monitor runs, the next one will know";
  return answer;
}

int run_account(const AccountOptions& options) {
  const auto name = fmt::format("account {}", account_command_name(options.command.kind));
  const std::string path = find_config(options.config, name);
  const os::ActingUser user(path);
  const Config config = load_config(path);
  auto answer = command_monitor(config, [&](WallTime valid_until) {
    return to_json(AccountRequest{options.command, valid_until});
  });
  if (!answer) answer = change_saved_state(config, options.command);
  return report_answer(name, *answer);
}

void add_verb(CLI::App& command, const std::shared_ptr<AccountOptions>& options, AccountCommand::Kind kind,
              const std::string& help, Command& chosen) {
  auto* verb = command.add_subcommand(std::string(account_command_name(kind)), help);
  verb->add_option("NAME", options->command.account, "The account, as the config names it")
      ->required()
      ->check(refuse_empty);
  verb->add_option("--group", options->command.group, "Whose account, where several groups have one of this name")
      ->type_name("NAME")
      ->check(refuse_empty);
  add_config_option(*verb, options->config);
  add_quiet_flag(*verb);
  verb->callback([options, kind, &chosen] {
    options->command.kind = kind;
    chosen = [options] { return run_account(*options); };
  });
}

}  // namespace

void add_account(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<AccountOptions>();
  auto* command =
      app.add_subcommand("account", "Report to the monitor a manual switch, or that an account is free again");
  command->require_subcommand(1);
  add_verb(*command, options, AccountCommand::Kind::free, "The account is not limited any more", chosen);
  add_verb(*command, options, AccountCommand::Kind::use,
           "You have switched to this account by hand: banners on the screens now are about the\n"
           "account before, and the cooldown begins",
           chosen);
}

}  // namespace quotawatch
