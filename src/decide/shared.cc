#include "quotawatch/shared.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "base/mutant.h"
#include "base/text.h"

namespace quotawatch {
namespace {

using Limits = std::map<std::string, WallTime>;
using Limit = std::optional<WallTime>;

Limit find(const Limits& limits, const std::string& account) {
  const auto found = limits.find(account);
  return found == limits.end() ? std::nullopt : Limit(found->second);
}

// An account without a named reset is limited a little longer at each poll: that is no news each time.
bool is_same(const Limit& one, const Limit& other) {
  return one && other ? is_same_reset(*one, *other) : !one && !other;
}

Limits future_of(const Limits& limits, WallTime now) {
  Limits future;
  for (const auto& [account, until] : limits) {
    if (until > now) future.emplace(account, until);
  }
  return future;
}

// H2: what this host has learnt since `before`, and what others have. One that an operator has freed is free.
Limits merge(const Limits& before, const Limits& here, const Limits& there, WallTime now) {
  Limits merged;
  for (const auto* known : {&here, &there}) {
    for (const auto& [account, until] : *known) {
      const Limit own = find(here, account);
      const Limit other = find(there, account);
      const bool unchanged = is_same(find(before, account), own);
      if (!own && !unchanged) continue;
      Limit limit = unchanged ? other : std::max(own, other);
      if (unchanged && !other && own && *own <= now) limit = own;  // over, and remembered
      if (limit) merged.insert_or_assign(account, *limit);
    }
  }
  return merged;
}

// What the row should say of limits. What others have seen stays, whatever is seen here; only an operator frees.
Limits limits_to_tell(const State& state, WallTime now) {
  Limits limits;
  for (const auto& [account, own] : state.limited_until) {
    const Limit told = find(state.shared->row.limited_until, account);
    limits.emplace(account, is_same(told, own) ? *told : std::max(told.value_or(own), own));
  }
  return future_of(limits, now);
}

}  // namespace

void keep_limits_of_others(State& state) {
  if (!state.shared) return;
  for (const auto& [account, until] : state.shared->row.limited_until) {
    const auto own = state.limited_until.find(account);
    if (own != state.limited_until.end()) own->second = std::max(own->second, until);
  }
}

namespace {

std::uint64_t next_generation(const Shared& shared) { return std::max(shared.row.generation, shared.generation) + 1; }

void take_row(State& state, const PoolRow& row, WallTime now) {
  Shared& shared = *state.shared;
  // An older one: it may come from a backup, and all that is known here counts as news.
  const bool older = row.generation < shared.row.generation;
  if (!mutant("what others know of limits is not taken")) {
    state.limited_until =
        merge(older ? Limits{} : shared.row.limited_until, state.limited_until, row.limited_until, now);
  }
  shared.row = row;
  state.run.row_is_current = true;
  if (row.generation > shared.generation) shared.unpublished = false;
  if (!state.in_flight) catch_up(state);
}

void acknowledge(State& state, Decision& decision) {
  state.in_flight->proposed = false;
  decision.request = state.in_flight;
}

// Nothing was asked of any hook. Decided again at once: by then the other host's switch is made here, or another account
// is chosen.
void withdraw(State& state, std::string why, Moment now, Decision& decision) {
  const SwitchRequest request = *std::exchange(state.in_flight, std::nullopt);
  Event event = make_event(EventKind::switch_beaten, now.wall);
  event.id = request.id;
  event.from = request.from;
  event.to = request.to;
  event.generation = state.shared->row.generation;
  event.host = state.shared->row.switched_by;
  event.why = std::move(why);
  decision.events.push_back(std::move(event));
  decision.look_again = true;
  for (auto& [session, memory] : state.sessions) memory.shown_at_request.reset();
  catch_up(state);
  if (!is_behind(state)) state.run.suspicion = Suspicion{now.steady, true};
}

// How the proposal came out, by what is stored now.
void settle(const DecisionRules& rules, State& state, Moment now, Decision& decision) {
  const auto& row = state.shared->row;
  const SwitchRequest& request = *state.in_flight;
  assert(request.proposed);
  const bool same = row.generation == request.generation && row.active_account == request.to;
  // Of a host with our name, too: it made the same switch.
  if (same && row.switched_by == rules.store->host) return acknowledge(state, decision);
  if (mutant("a host that was beaten switches anyway")) return acknowledge(state, decision);
  if (row.generation >= request.generation) {
    return withdraw(state, fmt::format("{} was quicker", in_quotes(row.switched_by)), now, decision);
  }
  if (is_limited(state, request.to, now.wall)) {
    withdraw(state, fmt::format("another host knows that {} is limited", in_quotes(request.to)), now, decision);
  }
}

}  // namespace

void share(State& state, bool with_store) {
  if (with_store) {
    if (!state.shared) state.shared.emplace();
    return;
  }
  state.shared.reset();
  if (!state.in_flight) return;
  state.in_flight->generation = 0;
  state.in_flight->proposed = false;
}

bool is_behind(const State& state) {
  const auto& shared = state.shared;
  return shared && shared->row.generation > shared->generation && shared->row.active_account != state.active_account;
}

void catch_up(State& state) {
  if (!state.shared) return;
  Shared& shared = *state.shared;
  if (shared.row.active_account != state.active_account || shared.row.generation < shared.generation) return;
  shared.generation = shared.row.generation;
  shared.unpublished = false;
}

bool waits_for_store(const DecisionRules& rules, const State& state) {
  if (!state.shared || rules.store->alone || mutant("hosts decide while the store is away")) return false;
  return !state.run.row_is_current || state.shared->row.generation == 0;
}

Fence fence_of(const State& state, const std::string& to) {
  if (!state.shared) return {};
  const Shared& shared = *state.shared;
  if (!state.run.row_is_current || shared.row.generation == 0) return {};
  // All others are there already: this host's own switch did not take (A9).
  if (to == shared.row.active_account) return {shared.row.generation, false};
  return {next_generation(shared), !mutant("hooks start before the store knows")};
}

void note_store_away(State& state) {
  if (state.shared) state.run.row_is_current = false;
}

std::pair<State, Decision> heed(const DecisionRules& rules, State state, const StoreAnswer& answer, Moment now) {
  assert(state.shared && rules.store);
  Decision decision;
  if (answer.kind == StoreAnswer::Kind::lost) {
    note_store_away(state);
    return {std::move(state), std::move(decision)};
  }
  const bool news = answer.row.generation > state.shared->row.generation;
  take_row(state, answer.row, now.wall);
  if (state.in_flight && state.in_flight->proposed) settle(rules, state, now, decision);
  if (news && is_behind(state) && !state.in_flight) decision.look_again = true;
  assert(is_consistent(state));
  return {std::move(state), std::move(decision)};
}

std::optional<PoolWrite> next_write(const DecisionRules& rules, const State& state, WallTime now) {
  if (!state.shared || !state.run.row_is_current) return std::nullopt;
  const Shared& shared = *state.shared;
  PoolRow row = shared.row;
  row.limited_until = limits_to_tell(state, now);
  row.switched_by = rules.store->host;
  if (const auto& request = state.in_flight; request && request->proposed) {
    row.generation = request->generation;
    row.active_account = request->to;
    return PoolWrite{shared.row, std::move(row)};
  }
  const bool lost = shared.row.generation < shared.generation;
  if (!state.in_flight && !is_behind(state) && (shared.row.generation == 0 || shared.unpublished || lost)) {
    row.generation = next_generation(shared);
    row.active_account = state.active_account;
    return PoolWrite{shared.row, std::move(row)};
  }
  if (shared.row.generation == 0 || mutant("what is learnt of limits is kept")) return std::nullopt;
  if (row.limited_until == future_of(shared.row.limited_until, now)) return std::nullopt;
  row.switched_by = shared.row.switched_by;
  return PoolWrite{shared.row, std::move(row)};
}

}  // namespace quotawatch
