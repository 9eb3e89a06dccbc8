// The groups of a config, and the sessions and packs of each.
#include <fmt/format.h>

#include <set>
#include <utility>

#include "base/text.h"
#include "quotawatch/config.h"
#include "quotawatch/input_error.h"

namespace quotawatch {
namespace {

// What a group says for itself, without what it shares with the others.
template <typename Use>
void visit_groups(const Config& config, Use use) {
  if (config.groups.empty()) use(config);
  for (const auto& group : config.groups) use(group);
}

}  // namespace

const std::string& pool_pack(const Config& config) { return config.pool.pack.empty() ? config.pack : config.pool.pack; }

const std::string& dedicated_pack(const Config& config, const std::string& session) {
  const auto own = config.dedicated_packs.find(session);
  return own == config.dedicated_packs.end() ? config.pack : own->second;
}

std::vector<Config> groups_of(const Config& config) {
  if (config.groups.empty()) return {config};
  std::vector<Config> groups;
  for (const auto& own : config.groups) {
    Config group = config;
    group.groups.clear();
    group.group = own.group;
    group.pool = own.pool;
    group.session_patterns = own.session_patterns;
    group.found = own.found;
    group.dedicated = own.dedicated;
    group.dedicated_packs = own.dedicated_packs;
    group.accounts = own.accounts;
    group.reserve = own.reserve;
    group.order = own.order;
    group.active_account = own.active_account;
    group.pack = own.pack;
    group.switch_command = own.switch_command;
    group.switch_timeout = own.switch_timeout;
    group.switch_reaches = own.switch_reaches;
    group.resume = own.resume;
    groups.push_back(std::move(group));
  }
  return groups;
}

std::vector<std::string> packs_of(const Config& config) {
  std::vector<std::string> packs;
  visit_groups(config, [&](const Config& group) {
    packs.push_back(group.pack);
    if (!group.pool.pack.empty()) packs.push_back(group.pool.pack);
    for (const auto& [session, pack] : group.dedicated_packs) packs.push_back(pack);
  });
  return packs;
}

Zone zone_of(const Config& config, const Zone& host) { return config.timezone.value_or(host); }

std::vector<std::string> pool_sessions(const PoolRange& pool) {
  std::vector<std::string> names;
  names.reserve(static_cast<std::size_t>(pool.max));
  for (int i = 0; i < pool.max; ++i) {
    names.push_back(fmt::format("{}{}", pool.prefix, pool.start_index + i));
  }
  return names;
}

std::vector<std::string> session_names(const Config& config) {
  std::vector<std::string> names;
  for (auto& session : watched_sessions(config)) names.push_back(std::move(session.name));
  return names;
}

std::vector<WatchedSession> watched_sessions(const Config& config) {
  std::vector<WatchedSession> sessions;
  visit_groups(config, [&](const Config& group) {
    for (auto& name : pool_sessions(group.pool)) sessions.push_back({std::move(name), true, pool_pack(group)});
    for (const auto& name : group.found) sessions.push_back({name, true, group.pack});
    for (const auto& name : group.dedicated) sessions.push_back({name, false, dedicated_pack(group, name)});
  });
  return sessions;
}

namespace {

// tmux replaces both in the names of sessions.
void check_characters(const std::string& name, const std::string& origin, std::size_t line) {
  if (name.find_first_of(":.") == std::string::npos) return;
  throw InputError(origin, line,
                   fmt::format("no session can be called {}: tmux allows no `:` and no `.` in the name of a session",
                               in_quotes(name)));
}

void check_patterns(const Config& config, const std::string& origin, std::size_t line) {
  std::set<std::string> seen;
  visit_groups(config, [&](const Config& group) {
    for (const auto& pattern : group.session_patterns) {
      check_characters(pattern, origin, line);
      if (seen.insert(pattern).second) continue;
      throw InputError(origin, line, fmt::format("the sessions {} are watched twice", in_quotes(pattern)));
    }
  });
}

}  // namespace

void check_sessions(const Config& config, const std::string& origin, std::size_t line) {
  check_patterns(config, origin, line);
  std::set<std::string> seen;
  for (const auto& [name, pool, pack] : watched_sessions(config)) {
    if (name.empty()) throw InputError(origin, line, "the name of a dedicated session is empty");
    check_characters(name, origin, line);
    if (!seen.insert(name).second) {
      throw InputError(origin, line,
                       fmt::format("the session {} is watched twice; name it once, in the pool or "
                                   "as dedicated",
                                   in_quotes(name)));
    }
  }
}

}  // namespace quotawatch
