// Configs: every accepted value is usable by the rest of the program, and the position of a text in
// its file affects only the lines of errors.
#include <algorithm>
#include <set>

#include "fuzzing.h"
#include "quotawatch/config.h"

namespace quotawatch::fuzzing {
namespace {

const std::string file = "folder/quotawatch.json";

void check_quota(const QuotaRules& quota) {
  for (const auto time : {quota.poll_interval, quota.cooldown, quota.unknown_reset}) {
    check(time >= Milliseconds{1}, "a duration of the quota is some time");
  }
  check(quota.pool_threshold >= 1, "the pool's threshold is some sessions");
  check(quota.interactive_threshold >= 1, "the interactive threshold is some sessions");
}

void check_accounts(const Config& config) {
  const auto& accounts = config.accounts;
  const std::set<std::string> distinct(accounts.begin(), accounts.end());
  check(distinct.size() == accounts.size(), "no account stands twice");
  check(accounts.empty() || distinct.contains(config.active_account), "the active account is one of the accounts");
}

void check_sessions_of(const Config& config) {
  const auto pool = pool_sessions(config.pool);
  check(pool.size() == static_cast<std::size_t>(config.pool.max), "the pool has its size");
  std::set<std::string> distinct(pool.begin(), pool.end());
  distinct.insert(config.dedicated.begin(), config.dedicated.end());
  check(distinct.size() == pool.size() + config.dedicated.size(), "no session is watched twice");
  check(!distinct.contains(""), "every session has a name");
  for (const auto& [session, pack] : config.dedicated_packs) {
    check(std::find(config.dedicated.begin(), config.dedicated.end(), session) != config.dedicated.end(),
          "a pack of a session belongs to a dedicated one");
  }
  for (const auto& pack : packs_of(config)) check(!pack.empty(), "every pack has a name");
}

void check_usable(const Config& config) {
  check_quota(config.quota);
  check_accounts(config);
  check_sessions_of(config);
  check(config.tmux_socket_name.find('/') == std::string::npos, "a socket's name is no path");
  check(config.tmux_timeout >= Milliseconds{1}, "tmux has some time");
  check(config.switch_timeout >= Milliseconds{1}, "the hook has some time");
  check(config.switch_command.empty() || !config.switch_command.front().empty(), "the hook has a program");
  check(config.state_path.find('\0') == std::string::npos, "the state's path is one");
  check(config.journal.path.find('\0') == std::string::npos, "the journal's path is one");
  check(config.journal.max_bytes == 0 || config.journal.max_bytes >= 4096, "a journal has room for some lines");
  check(config.journal.keep >= 1, "some of a journal is kept");
}

// The error for `text` if it starts on line `first` of its file; empty if there is none.
std::string problem_of(std::string_view text, std::size_t first) {
  try {
    parse_config(text, file, first);
    return "";
  } catch (const InputError& error) {
    return std::to_string(error.line() - first) + error.problem();
  }
}

}  // namespace

void try_input(std::string_view input) {
  if (const auto config = accepted(input, file, [&] { return parse_config(input, file); })) {
    check_usable(*config);
  }
  check(problem_of(input, 1) == problem_of(input, 1000), "errors move with the text");
}

}  // namespace quotawatch::fuzzing
