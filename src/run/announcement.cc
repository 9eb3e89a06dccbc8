#include "run/announcement.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cassert>
#include <vector>

#include "base/text.h"
#include "quotawatch/duration.h"

namespace quotawatch {

void announce_run(const Config& config, const std::string& account, bool says_only) {
  if (account != config.active_account) {
    spdlog::info("{}active_account is {}, as the state says; the config's {} was for the first start",
                 config.group.empty() ? "" : "group " + config.group + ": ", in_quotes(account),
                 in_quotes(config.active_account));
  }
  const std::string group = config.group.empty() ? "" : "group " + config.group + ": ";
  spdlog::info("{}watching {} pool and {} dedicated sessions on tmux socket {} every {}{}{}", group, config.pool.max,
               config.dedicated.size(), escape_controls(config.tmux_socket_name),
               format_duration(config.quota.poll_interval),
               account.empty() ? "" : ", active account " + escape_controls(account),
               says_only ? "; no switch will be carried out" : "");
  if (!config.session_patterns.empty()) {
    spdlog::info("{}watching the sessions that are called {}", group,
                 escape_controls(fmt::format("{}", fmt::join(config.session_patterns, ", "))));
  } else if (config.pool.max > 0 && config.pool.max < config.quota.pool_threshold) {
    spdlog::warn("the pool has fewer sessions than pool_threshold {}: it can never count as blocked",
                 config.quota.pool_threshold);
  }
}

void announce_zone(const ZoneChoice& choice) {
  spdlog::info("timezone {}", describe_zone(choice.zone.name(), choice.why));
}

void name_missing_sessions(const Config& config, Tmux& tmux) {
  const auto names = session_names(config);
  const auto capture = tmux.capture(names);
  if (capture.interrupted) return;
  if (!capture.server_up) {
    spdlog::warn("no answer from tmux yet: {}", escape_controls(capture.why));
    return;
  }
  assert(capture.panes.size() == names.size());
  std::vector<std::string> missing;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (capture.panes[i].status == PaneCapture::Status::absent) missing.push_back(in_quotes(names[i]));
  }
  if (missing.empty()) return;
  constexpr std::size_t most_named = 10;
  const std::size_t more = missing.size() - std::min(missing.size(), most_named);
  missing.resize(missing.size() - more);
  spdlog::warn("no such session yet: {}{}", fmt::format("{}", fmt::join(missing, ", ")),
               more > 0 ? fmt::format(" and {} more", more) : "");
}

}  // namespace quotawatch
