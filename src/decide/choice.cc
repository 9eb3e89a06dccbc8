#include "decide/choice.h"

#include <algorithm>
#include <cassert>

#include "base/mutant.h"

namespace quotawatch {

std::optional<std::string> choose_account(const DecisionRules& rules, const State& state, WallTime now) {
  assert(!rules.accounts.empty());
  const auto& order = state.activation_order;
  std::optional<std::string> best;
  std::ptrdiff_t best_rank = 0;
  for (const auto& account : rules.accounts) {
    if (account == state.active_account) continue;
    if (is_limited(state, account, now) && !mutant("limited accounts are chosen")) continue;
    const auto active = std::find(order.begin(), order.end(), account);
    const std::ptrdiff_t rank = active == order.end() ? -1 : active - order.begin();
    if (!best || rank < best_rank) {
      best = account;
      best_rank = rank;
    }
  }
  return best;
}

WallTime earliest_free(const DecisionRules& rules, const State& state) {
  assert(state.limited_until.contains(state.active_account));
  std::optional<WallTime> earliest;
  for (const auto& [account, until] : state.limited_until) {
    const auto& known = rules.accounts;
    const bool other = account != state.active_account && std::find(known.begin(), known.end(), account) != known.end();
    if (other && (!earliest || until < *earliest)) earliest = until;
  }
  return earliest.value_or(state.limited_until.at(state.active_account));
}

}  // namespace quotawatch
