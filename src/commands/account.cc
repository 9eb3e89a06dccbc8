// quotawatch account: the operator marks an account as free again, or reports that the sessions use
// another one.
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "base/text.h"
#include "commands/commands.h"
#include "os/control/monitor_query.h"
#include "os/control/private_socket.h"
#include "os/files/file_state_store.h"
#include "os/files/line_journal.h"
#include "os/host/acting_user.h"
#include "os/host/system_clock.h"
#include "quotawatch/input_error.h"
#include "quotawatch/monitor.h"
#include "run/account_request.h"
#include "run/option_values.h"
#include "run/real_parts.h"

namespace quotawatch {
namespace {

struct AccountOptions {
  std::string config;
  AccountCommand command;
};

// In addition to the time that tmux may take.
constexpr Milliseconds patience{2000};
// Between the last moment at which the monitor may begin and our timeout.
constexpr Milliseconds time_to_save{500};
constexpr Milliseconds until_asked_again{50};

// The running monitor's answer; empty if none runs.
std::optional<CommandAnswer> ask_monitor_that_runs(const Config& config, const AccountCommand& command) {
  using Outcome = os::MonitorReply::Outcome;
  const SteadyTime end = os::read_system_clock().steady + config.tmux_timeout + patience;
  for (;;) {
    const Moment now = os::read_system_clock();
    const Milliseconds left = std::max(end - now.steady, time_to_save);
    const AccountRequest request{command, now.wall + left - time_to_save};
    const auto reply = os::ask_monitor(os::socket_path(config.state_path), to_json(request), left);
    if (reply.outcome == Outcome::not_running) return std::nullopt;
    const std::string who = reply.process > 0 ? fmt::format("the monitor (process {})", reply.process) : "the monitor";
    if (reply.outcome == Outcome::silent) {
      return CommandAnswer{CommandAnswer::Outcome::refused, who + " runs and does not answer; nothing has changed"};
    }
    if (reply.outcome == Outcome::failed) {
      return CommandAnswer{CommandAnswer::Outcome::refused, fmt::format("{}: {}", who, reply.why)};
    }
    if (auto answer = read_command_answer(reply.text, who)) return answer;
    std::this_thread::sleep_for(until_asked_again);
  }
}

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
  const DecisionRules rules{config.quota, config.accounts, Zone::utc(), config.switch_reaches};
  auto [next, event, answer] = obey(rules, state_at_start(config, store.load(), now), command, now);
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
  const std::string path = find_usual_config(options.config, name);
  const os::ActingUser user(path);
  const Config config = load_config(path);
  auto answer = ask_monitor_that_runs(config, options.command);
  if (!answer) answer = change_saved_state(config, options.command);
  switch (answer->outcome) {
    case CommandAnswer::Outcome::wrong:
      throw InputError(name, 0, answer->words);
    case CommandAnswer::Outcome::refused:
      spdlog::error("{}: {}", name, escape_controls(answer->words));
      return exit_failed;
    default:
      spdlog::info("{}", escape_controls(answer->words));
      return exit_fine;
  }
}

void add_verb(CLI::App& command, const std::shared_ptr<AccountOptions>& options, AccountCommand::Kind kind,
              const std::string& help, Command& chosen) {
  auto* verb = command.add_subcommand(std::string(account_command_name(kind)), help);
  verb->add_option("NAME", options->command.account, "The account, as the config names it")
      ->type_name("")
      ->required()
      ->check(refuse_empty);
  verb->add_option("--config", options->config, "The config of the run (default: quotawatch.json in this folder)")
      ->type_name("FILE")
      ->check(refuse_empty);
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
