// quotawatch log: what happened, from the journal and its rotated files.
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

#include "base/text.h"
#include "commands/commands.h"
#include "commands/common_options.h"
#include "os/host/acting_user.h"
#include "os/host/system_clock.h"
#include "os/loop/event_loop.h"
#include "quotawatch/config.h"
#include "quotawatch/input_error.h"
#include "report/console.h"
#include "report/journal_log.h"
#include "report/journal_source.h"
#include "run/option_values.h"
#include "run/zone_choice.h"

namespace quotawatch {
namespace {

constexpr Milliseconds look_interval{250};

struct LogOptions {
  std::string config;
  std::string journal;
  std::string since;
  std::string until;
  std::string session;
  bool follow = false;
  bool json = false;
};

void follow(JournalLog& log, JournalTail& tail) {
  os::EventLoop loop;
  loop.watch_signals();
  std::signal(SIGPIPE, SIG_DFL);  // end quietly when the reader goes away
  os::SystemClock clock(loop);
  do {
    tail.read([&](std::string_view line) { print_out(log.take(line)); });
    if (std::fflush(stdout) != 0) throw std::runtime_error("stdout cannot be written");
  } while (clock.wait_until(clock.now().steady + look_interval) == Wake::deadline);
}

std::string journal_of(const LogOptions& options, const Config& config) {
  if (!options.journal.empty()) return options.journal;
  if (!config.journal.path.empty()) return config.journal.path;
  throw InputError("log", 0, "the config names no journal.path; give --journal FILE, where the journal of `run` goes");
}

int run_log(const LogOptions& options) {
  const std::string path = options.journal.empty() ? find_config(options.config, "log") : search_config(options.config);
  const os::ActingUser user(path);
  const Config config = path.empty() ? Config{} : load_config(path);
  const std::string journal = journal_of(options, config);
  const Zone zone = choose_zone(config).zone;
  const WallTime now = os::read_system_clock().wall;
  LogFilter filter{{}, {}, options.session, options.json};
  if (!options.since.empty()) filter.since = moment_of_option("--since", options.since, zone, now);
  if (!options.until.empty()) filter.until = moment_of_option("--until", options.until, zone, now);
  JournalLog log(std::move(filter), zone);
  const auto files = journal_files(journal);
  if (files.empty() && !options.follow) throw InputError(journal, 0, "no such journal");
  JournalTail tail(journal);  // before the files are read: nothing is missed, and a line may come twice at worst
  for (const auto& file : files) {
    read_journal_lines(file, [&](std::string_view line) { print_out(log.take(line)); });
  }
  if (options.follow) {
    follow(log, tail);
  } else if (!options.json) {
    print_out("\n" + log.summary());
  }
  if (log.unreadable() > 0) spdlog::warn("{} lines are no events of a journal", log.unreadable());
  return exit_fine;
}

}  // namespace

void add_log(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<LogOptions>();
  auto* command =
      app.add_subcommand("log", "Show what happened: one line a decision in local time, and what it comes to");
  add_config_option(*command, options->config);
  command->add_option("--journal", options->journal, "The journal (default: the config's journal.path)")
      ->type_name("FILE")
      ->check(refuse_empty);
  command->add_option("--since", options->since, "From then on: 22:00, 8h (ago), 2026-11-30, or as in the journal")
      ->type_name("TIME")
      ->check(refuse_empty);
  command->add_option("--until", options->until, "Up to then")->type_name("TIME")->check(refuse_empty);
  command->add_option("--session", options->session, "Only what is about this session, with its verdicts")
      ->type_name("NAME")
      ->check(refuse_empty);
  command->add_flag("-f,--follow", options->follow, "Go on with what is added, until Ctrl-C");
  command->add_flag("--json", options->json, "The lines of the journal themselves, and no summary");
  command->callback([options, &chosen] { chosen = [options] { return run_log(*options); }; });
}

}  // namespace quotawatch
