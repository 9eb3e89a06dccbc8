#include "decide/accounts/choice.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/mutant.h"

namespace quotawatch {
namespace {

// The smaller is chosen: no reserve before a reserve, and then the one longest ago active.
std::pair<bool, std::ptrdiff_t> rank_of(const DecisionRules& rules, const State& state, const std::string& account) {
  const bool reserve = std::ranges::find(rules.reserve, account) != rules.reserve.end();
  const bool drain = rules.order == AccountOrder::drain && !mutant("accounts are not drained in order");
  const auto& order = state.activation_order;
  const auto active = std::ranges::find(order, account);
  const std::ptrdiff_t rank = drain || active == order.end() ? -1 : active - order.begin();
  return {reserve && !mutant("a reserve is an account like the others"), rank};
}

}  // namespace

std::optional<std::string> choose_account(const DecisionRules& rules, const State& state, WallTime now,
                                          const std::function<bool(const std::string&)>& may) {
  assert(!rules.accounts.empty());
  std::optional<std::string> best;
  std::pair<bool, std::ptrdiff_t> best_rank;
  for (const auto& account : rules.accounts) {
    if (account == state.active_account || (may && !may(account))) continue;
    if (is_limited(state, account, now) && !mutant("limited accounts are chosen")) continue;
    const auto rank = rank_of(rules, state, account);
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
