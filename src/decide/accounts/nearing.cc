#include "decide/accounts/nearing.h"

#include <algorithm>
#include <cassert>
#include <chrono>

#include "base/mutant.h"

namespace quotawatch {
namespace {

// False if the reset that a warning names has passed: its window has begun again.
bool take_reset(const NearLimit& shown, const Zone& zone, WallTime now, Nearing& near) {
  if (!shown.reset) return true;
  near.reset_text = shown.reset->text;
  near.reset_at = resolve_reset(*shown.reset, now, zone);
  if (!near.reset_at) return true;
  const Milliseconds longest = shown.window ? *shown.window + window_slack : longest_limit;
  if (*near.reset_at > now && *near.reset_at - now <= longest) return true;
  const bool passed = *near.reset_at <= now || shown.reset->at_clock;
  near.reset_at.reset();
  return !passed;
}

bool speaks_of(const std::vector<WindowUse>& use, const std::optional<Milliseconds>& window) {
  return !use.empty() && (!window || std::ranges::find(use, *window, &WindowUse::window) != use.end());
}

}  // namespace

void find_nearing(const DecisionRules& rules, const State& state, const Observation& observation, Moment now,
                  std::vector<Nearing>& near) {
  if (observation.reading == nullptr || !observation.same_pane_as.empty()) return;
  const std::string account = account_of(rules, state, observation.session);
  const int switch_at = rules.quota.switch_at.value;
  const int least = switch_at > 0 ? std::min(near_percent, switch_at) : near_percent;
  static const std::vector<WindowUse> none;
  const auto& use = observation.testimony ? observation.testimony->use : none;
  for (const auto& one : use) {
    if (one.percent < least || (one.reset_at && *one.reset_at <= now.wall)) continue;
    near.push_back(
        {observation.session, account, one.percent, one.window, "", one.reset_at, std::string(witness_rule), ""});
  }
  const Reading& reading = *observation.reading;
  if (!reading.near || speaks_of(use, reading.near->window)) return;
  Nearing shown{observation.session, account,      reading.near->percent, reading.near->window, "",
                std::nullopt,        reading.rule, reading.snippet};
  if (take_reset(*reading.near, rules.host_zone, now.wall, shown)) near.push_back(std::move(shown));
}

}  // namespace quotawatch
