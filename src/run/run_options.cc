#include "run/run_options.h"

#include <fmt/format.h>
#include <re2/re2.h>
#include <spdlog/spdlog.h>

#include "base/text.h"
#include "os/files/trusted_command.h"
#include "os/files/trusted_path.h"
#include "quotawatch/input_error.h"
#include "quotawatch/session_patterns.h"
#include "run/option_values.h"

namespace quotawatch {
namespace {

PoolRange parse_pool(const std::string& text) {
  PoolRange pool;
  std::string prefix;
  static const RE2 form(R"((.*):(\d{1,9}):(\d{1,5}))");
  if (!RE2::FullMatch(text, form, &prefix, &pool.start_index, &pool.max) || pool.max > 10'000) {
    throw InputError("--pool", 0,
                     fmt::format("{} is no pool; write PREFIX:START:COUNT, such as ccl-auto-:1:8", in_quotes(text)));
  }
  if (!prefix.empty()) pool.prefix = prefix;
  return pool;
}

}  // namespace

Config read_run_config(const RunOptions& options) {
  Config config = options.config.empty() ? Config{} : load_config(options.config);
  if (!config.groups.empty() && (!options.pool.empty() || !options.dedicated.empty())) {
    throw InputError(options.pool.empty() ? "--dedicated" : "--pool", 0,
                     "the config has groups; name the sessions there, each in its group");
  }
  if (!options.pool.empty()) {
    config.pool = parse_pool(options.pool);
    config.session_patterns.clear();
  }
  if (!options.dedicated.empty()) config.dedicated = options.dedicated;
  if (!options.journal.empty() || options.dry_run) config.journal.path = options.journal;
  config.tmux_socket_name = choose_socket(options.socket, config.tmux_socket_name);
  check_sessions(config, "the command line", 0);
  if (session_names(config).empty() && !has_patterns(config)) {
    throw InputError(options.config.empty() ? "run" : options.config, 0,
                     "nothing to watch: set pool.autonomous.max or pool.dedicated in a config, or "
                     "give --pool PREFIX:START:COUNT or --dedicated NAME");
  }
  return config;
}

namespace {

// A missing program may be installed later, but a misspelt name should be reported at once.
void require_trusted_command(std::vector<std::string>& command, const RunOptions& options, std::string_view key) {
  command = os::trusted_command(command, options.config, key);
  const std::string problem = os::why_not_runnable(command);
  if (!problem.empty()) spdlog::warn("{}: {}", key, escape_controls(problem));
}

// Those of one group.
void require_trusted_commands(Config& group, const RunOptions& options, const std::string& place) {
  require_trusted_command(group.switch_command, options, place + "switch.command");
  require_trusted_command(group.resume.usual.command, options, place + "resume.command");
  for (auto& [session, way] : group.resume.sessions) {
    require_trusted_command(way.command, options, place + "resume.sessions." + session + ".command");
  }
}

}  // namespace

void require_trusted(const RunOptions& options, Config& config) {
  if (options.config.empty()) return;
  try {
    os::follow_trusted(options.config);
    require_trusted_command(config.events.command, options, "events.command");
    require_trusted_commands(config, options, "");
    for (auto& group : config.groups) require_trusted_commands(group, options, "groups." + group.group + ".");
  } catch (const InputError& error) {
    if (!options.dry_run) throw;
    spdlog::warn("{} (a run that is no dry run would be refused)", escape_controls(error.what()));
  }
}

std::string why_not_trusted(const std::vector<std::string>& command, const RunOptions& options, std::string_view key) {
  try {
    os::trusted_command(command, options.config, key);
    return "";
  } catch (const InputError& error) {
    return error.problem();
  }
}

}  // namespace quotawatch
