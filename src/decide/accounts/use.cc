#include "decide/accounts/use.h"

#include <algorithm>
#include <cassert>

#include "base/mutant.h"
#include "decide/accounts/choice.h"
#include "quotawatch/duration.h"
#include "quotawatch/step.h"
#include "quotawatch/testimony.h"

namespace quotawatch {
namespace {

// So much lower must the other account be than what makes one be left: two that are near their limits are not
// exchanged for one another.
constexpr int hysteresis = 10;

bool is_watched(const DecisionRules& rules) { return rules.quota.switch_at.value > 0 && !rules.accounts.empty(); }

// What was said then is about the account that the session runs on now. Where a switch reaches running programs, late
// answers to requests of before still come during the cooldown, and idle screens stand for ever.
bool is_of_account_now(const DecisionRules& rules, const State& state, WallTime said) {
  if (rules.reaches == SwitchReach::restarted) return true;
  if (state.in_flight) return false;
  return !state.last_switch || said >= state.last_switch->done_at + rules.quota.cooldown;
}

bool is_over(const KnownUse& use, WallTime now) {
  if (use.reset_at) return *use.reset_at <= now;
  return use.window > Milliseconds{0} && use.at + use.window <= now;
}

// The windows for which the account stays left, if `use` is what was said after `known`. Without resets, less used
// means another window.
std::set<WallTime> still_left(const KnownUse& known, const KnownUse& use) {
  if ((!known.reset_at || !use.reset_at) && use.percent < known.percent) return {};
  std::set<WallTime> left = known.left_until;
  std::erase_if(left, [&](WallTime end) { return end <= use.at; });
  if (!left.empty() && !known.reset_at && use.reset_at) left.insert(*use.reset_at);
  return left;
}

// Of several words the latest counts: sessions that have been idle say what was true before.
void learn(std::vector<KnownUse>& windows, KnownUse use) {
  const auto known = std::ranges::find(windows, use.window, &KnownUse::window);
  if (known == windows.end()) {
    windows.push_back(std::move(use));
    return;
  }
  if (use.at < known->at) return;
  use.left_until = still_left(*known, use);
  *known = std::move(use);
}

// When the warning came to the screen; the same words may come and go.
WallTime first_seen(State& state, const Nearing& shown, WallTime now) {
  SeenWarning& seen = state.warnings[shown.session];
  const SeenWarning is{*shown.percent, shown.window.value_or(Milliseconds{0}), now};
  const bool same = seen.percent == is.percent && seen.window == is.window && now - seen.first_seen <= longest_limit;
  if (!same || seen.first_seen > now) seen = is;
  return seen.first_seen;
}

bool was_left(const State& state, const Nearing& near) {
  const auto known = state.use.find(near.account);
  if (known == state.use.end() || mutant("an account is left again and again")) return false;
  return std::ranges::any_of(known->second, [&](const KnownUse& use) {
    if (use.left_until.empty() || use.window != near.window.value_or(Milliseconds{0})) return false;
    const auto is_that = [&](WallTime end) { return is_same_reset(*near.reset_at, end); };
    return !near.reset_at || std::ranges::any_of(use.left_until, is_that);
  });
}

}  // namespace

void add_near(Event& event, const Nearing& near) {
  event.session = near.session;
  event.rule = near.rule;
  if (!near.snippet.empty()) event.snippet = near.snippet;
  if (!near.reset_text.empty()) event.reset_text = near.reset_text;
  event.reset_at = near.reset_at;
  event.percent = near.percent;
  if (near.window) event.window = format_duration(*near.window);
}

void note_use(const DecisionRules& rules, State& state, const Observation& observation, Moment now,
              std::vector<Nearing>& near) {
  if (!is_watched(rules) || observation.reading == nullptr || !observation.same_pane_as.empty()) return;
  auto& windows = state.use[account_of(rules, state, observation.session)];
  const auto& testimony = observation.testimony;
  const bool witnessed = testimony && !testimony->use.empty() && is_of_account_now(rules, state, testimony->use_at);
  if (witnessed) {
    for (const auto& one : testimony->use) learn(windows, {one.window, one.percent, one.reset_at, testimony->use_at});
  }
  for (auto& one : near) {
    if (one.session != observation.session || !one.percent) continue;
    if (one.rule == witness_rule) {
      one.counts = witnessed;
      continue;
    }
    const WallTime since = first_seen(state, one, now.wall);
    one.counts = since < now.wall && is_of_account_now(rules, state, since);
    if (one.counts) learn(windows, {one.window.value_or(Milliseconds{0}), *one.percent, one.reset_at, since});
  }
  if (windows.empty()) state.use.erase(account_of(rules, state, observation.session));
}

void note_used_up(const DecisionRules& rules, State& state, const std::string& account, WallTime until, WallTime now) {
  if (is_watched(rules)) learn(state.use[account], {Milliseconds{0}, 100, until, now});
}

void note_left(const DecisionRules& rules, State& state, const std::string& account) {
  const auto known = state.use.find(account);
  if (!is_watched(rules) || known == state.use.end()) return;
  for (auto& use : known->second) {
    const Milliseconds window = use.window > Milliseconds{0} ? use.window : longest_limit;
    if (use.percent >= rules.quota.switch_at.value) use.left_until.insert(use.reset_at.value_or(use.at + window));
  }
}

std::optional<int> known_use(const State& state, const std::string& account, WallTime now) {
  const auto known = state.use.find(account);
  if (known == state.use.end()) return std::nullopt;
  std::optional<int> most;
  for (const auto& use : known->second) most = std::max(most.value_or(0), is_over(use, now) ? 0 : use.percent);
  return most;
}

std::optional<EarlySwitch> find_early_switch(const DecisionRules& rules, const State& state, const Evidence& evidence,
                                             WallTime now) {
  if (!is_watched(rules) || state.untaken || state.run.suspicion) return std::nullopt;
  const Nearing* worst = nullptr;
  for (const auto& near : evidence.near) {
    const bool counts = near.counts && near.account == state.active_account && near.percent && !was_left(state, near);
    if (!counts || *near.percent < rules.quota.switch_at.value) continue;
    if (worst == nullptr || *near.percent > *worst->percent) worst = &near;
  }
  if (worst == nullptr) return std::nullopt;
  const int most = std::max(rules.quota.switch_at.value - hysteresis, 0);
  const auto is_lower = [&](const std::string& account) {
    if (std::ranges::find(rules.reserve, account) != rules.reserve.end()) return false;
    const auto use = known_use(state, account, now);
    if (mutant("an account of which nothing is known is taken for lower")) return !use || *use <= most;
    return use && *use <= most;
  };
  const auto to = choose_account(rules, state, now, is_lower);
  if (!to) return std::nullopt;
  return EarlySwitch{worst, *to};
}

}  // namespace quotawatch
