#include "quotawatch/step.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/mutant.h"
#include "base/text.h"
#include "decide/accounts/choice.h"
#include "decide/accounts/untaken.h"
#include "decide/accounts/use.h"
#include "decide/switches.h"
#include "quotawatch/duration.h"
#include "quotawatch/shared.h"

namespace quotawatch {
namespace {

constexpr int suspicion_intervals = 3;  // A2

// The evidence of a poll, counted against the thresholds (rules 3 and 4, A4).
struct Tally {
  HitCounts hits;
  bool blocked = false;
  const Hit* trigger = nullptr;           // the first fresh hit
  const Hit* latest = nullptr;            // the fresh hit that resets last
  bool sure = false;                      // a fresh hit names its reset in words that are known
  const Hit* lone = nullptr;              // the fresh hit that blocks an idle pool alone (A10)
  bool witnessed = false;                 // a fresh hit is confirmed by its program's own record (W1)
  std::optional<WallTime> charged_until;  // what charged hits of the active account say of it (A8)
};

// A8: what is charged counts nowhere, but what it says of its account stays.
void note_charged(const State& state, const Hit& hit, Tally& count) {
  if (hit.account != state.active_account || !hit.reset_at) return;
  const auto memory = state.sessions.find(hit.session);
  if (memory == state.sessions.end() || !memory->second.sighting || !memory->second.sighting->charged) return;
  count.charged_until = std::max(count.charged_until, std::optional(hit.retry_at.value_or(*hit.reset_at)));
}

Tally tally(const QuotaRules& quota, const State& state, const Evidence& evidence) {
  Tally count;
  HitCounts& hits = count.hits;
  for (const auto& hit : evidence.hits) {
    if (hit.stale && mutant("only fresh hits are counted")) continue;
    if (hit.charged && !counts_again(state, hit)) {
      note_charged(state, hit, count);
      continue;
    }
    (hit.pool ? hits.pool : hits.interactive) += 1;
    if (hit.stale) continue;
    (hit.pool ? hits.pool_fresh : hits.interactive_fresh) = true;
    if (count.trigger == nullptr) count.trigger = &hit;
    if (hit.lone && count.lone == nullptr) count.lone = &hit;
    count.witnessed = count.witnessed || hit.witnessed;
    if (!hit.reset_at) continue;
    count.sure = count.sure || !hit.unknown_wording || mutant("unknown wording is believed at once");
    const bool later = count.latest == nullptr || *hit.reset_at > *count.latest->reset_at;
    if (later || mutant("the last reset seen wins")) count.latest = &hit;
  }
  const int lacking = mutant("thresholds are one session too low") ? 1 : 0;
  count.blocked = (hits.pool_fresh && hits.pool + lacking >= quota.pool_threshold) ||
                  (hits.interactive_fresh && hits.interactive >= quota.interactive_threshold);
  hits.lone = !count.blocked && count.lone != nullptr;
  if (hits.lone) {
    count.blocked = true;
    count.trigger = count.lone;
  }
  assert(!count.blocked || count.trigger != nullptr);
  assert((hits.pool_fresh || hits.interactive_fresh) == (count.trigger != nullptr));
  return count;
}

void add_counts(Event& event, const Tally& count) {
  event.pool = count.hits.pool;
  event.interactive = count.hits.interactive;
  if (count.hits.lone) event.reason = "lone";
}

void add_trigger(Event& event, const Tally& count) {
  assert(count.trigger != nullptr && !count.trigger->stale);
  event.session = count.trigger->session;
  event.rule = count.trigger->rule;
  event.snippet = count.trigger->snippet;
  if (count.latest != nullptr) {
    event.reset_text = count.latest->reset_text;
    event.reset_at = count.latest->reset_at;
  }
  add_counts(event, count);
}

// Rule 1: why nothing may be decided now; empty if it may.
std::optional<Event> skip(const DecisionRules& rules, const State& state, Moment now) {
  const QuotaRules& quota = rules.quota;
  Event event = make_event(EventKind::skip, now.wall);
  if (state.in_flight && !mutant("a switch in flight does not block another")) {
    event.reason = "pending";
    event.id = state.in_flight->id;
  } else if (is_paused(state, now.wall) && !mutant("a paused monitor switches")) {
    event.reason = "paused";
    event.retry_at = state.pause->until;
  } else if (state.run.retry_at && now.steady < *state.run.retry_at) {
    event.reason = "backoff";
    event.retry_at = now.wall + (*state.run.retry_at - now.steady);
  } else if (is_behind(state)) {
    const std::string& account = state.shared->row.active_account;
    if (std::ranges::find(rules.accounts, account) != rules.accounts.end()) return std::nullopt;  // to be followed
    event.reason = "unknown_account";
    event.account = account;
  } else if (waits_for_store(rules, state)) {
    event.reason = "store";
  } else if (state.untaken && state.untaken->given_up) {
    event.reason = "ineffective";
    event.retry_at = state.untaken->reset_at;
  } else if (in_cooldown(quota, state, now.steady)) {
    event.reason = "cooldown";
    event.retry_at = now.wall + (*state.run.cooldown_since + quota.cooldown - now.steady);
  } else {
    return std::nullopt;
  }
  return event;
}

// A3: once per session, so that its owner can continue it.
void report_stale(State& state, const Evidence& evidence, Moment now, Decision& decision) {
  for (const auto& hit : evidence.hits) {
    SessionMemory& memory = state.sessions[hit.session];
    if (!hit.stale || memory.stale_reported) continue;
    memory.stale_reported = true;
    Event event = make_event(EventKind::stale, now.wall);
    event.session = hit.session;
    event.rule = hit.rule;
    event.snippet = hit.snippet;
    event.reset_at = hit.reset_at;
    event.why = "shows a banner from before the last switch; wake the session";
    decision.events.push_back(std::move(event));
  }
}

void clear_suspicion(State& state, std::string reason, const Tally& count, Moment now, Decision& decision) {
  Event event = make_event(EventKind::clear, now.wall);
  add_counts(event, count);
  event.reason = std::move(reason);
  decision.events.push_back(std::move(event));
  state.run.suspicion.reset();
}

// A2: unknown is not clear, but suspicion must not wait forever either. A confirmed suspicion that
// only waits for a free account stays (A7).
void forget_old_suspicion(const QuotaRules& quota, State& state, const Tally& count, Moment now, Decision& decision) {
  const auto& suspicion = state.run.suspicion;
  if (!suspicion || suspicion->confirmed) return;
  assert(suspicion->since <= now.steady);
  if (now.steady - suspicion->since <= suspicion_intervals * quota.poll_interval) return;
  clear_suspicion(state, "too_old", count, now, decision);
}

// Rule 3, below the thresholds.
void calm_down(State& state, const Evidence& evidence, const Tally& count, Moment now, Decision& decision) {
  assert(!count.blocked);
  if (evidence.unknown > 0) return;
  state.exhaustion_reported = false;
  if (state.untaken && !state.untaken->requested_again) state.untaken.reset();
  if (!state.run.suspicion || mutant("a poll without hits keeps the suspicion")) return;
  clear_suspicion(state, "below_thresholds", count, now, decision);
}

void wait_for_account(const DecisionRules& rules, State& state, const Tally& count, Moment now, Decision& decision) {
  assert(!rules.accounts.empty());
  if (!state.run.suspicion) state.run.suspicion = Suspicion{now.steady, true};
  state.run.suspicion->confirmed = true;
  if (state.exhaustion_reported) return;
  state.exhaustion_reported = true;
  Event event = make_event(EventKind::exhausted_everywhere, now.wall);
  add_trigger(event, count);
  event.from = state.active_account;
  event.retry_at = earliest_free(rules, state);
  event.why = "every other account is limited";
  decision.events.push_back(std::move(event));
}

std::string why_confirmed(const State& state, const Tally& count, Moment now) {
  const auto& suspicion = state.run.suspicion;
  if (state.untaken) return "the switch before did not take";
  if (count.hits.lone) return "the other sessions of the pool have been idle for as long as this one stands";
  if (!suspicion && count.witnessed) return "the program's own record says that it was refused";
  if (!suspicion) return "the screen names when the limit resets";
  if (suspicion->confirmed) return "an account is free again";
  return fmt::format("seen again {} after it was suspected", format_duration(now.steady - suspicion->since));
}

// What each session showed when the switch was requested (A3).
void record_shown(State& state, const Evidence& evidence) {
  for (auto& [session, memory] : state.sessions) memory.shown_at_request.reset();
  for (const auto& [session, shown] : evidence.shown) {
    if (mutant("a banner that was out of sight is new") && state.run.last_looks[session].ended) continue;
    state.sessions[session].shown_at_request = shown;
  }
}

// Rule 5. `event` says for which session, and why.
void ask_switch(State& state, const Evidence& evidence, Event event, std::string to, Moment now, Decision& decision) {
  assert(!state.in_flight && !decision.request);
  assert(to.empty() || to != state.active_account);
  ++state.switches_asked;
  event.id = mutant("ids are reused") ? "switch" : make_switch_id(state, now);
  event.from = state.active_account;
  event.to = mutant("the account just left is requested") ? state.active_account : to;
  event.confirmed = true;
  const Fence fence = event.generation ? Fence{*event.generation, false} : fence_of(state, to);
  if (fence.generation > 0) event.generation = fence.generation;
  decision.request = SwitchRequest{*event.id,
                                   state.active_account,
                                   std::move(to),
                                   event.session.value_or(""),
                                   event.reset_text.value_or(""),
                                   event.reset_at,
                                   now.wall,
                                   state.group,
                                   fence.generation,
                                   fence.proposed};
  decision.events.push_back(std::move(event));
  state.in_flight = decision.request;
  if (fence.proposed) decision.request.reset();
  state.run.suspicion.reset();
  state.exhaustion_reported = false;
  record_shown(state, evidence);
}

void suspect(State& state, const Tally& count, Moment now, Decision& decision) {
  assert(!state.run.suspicion);
  if (!mutant("a suspicion is never remembered")) state.run.suspicion = {now.steady, false};
  Event event = make_event(EventKind::suspect, now.wall);
  add_trigger(event, count);
  event.confirmed = false;
  event.why = count.latest != nullptr ? "in words that no rule knows; the next poll must show it again"
                                      : "no reset time on the screen; the next poll must show it again";
  decision.events.push_back(std::move(event));
}

WallTime limit_end(const QuotaRules& quota, const Tally& count, Moment now) {
  assert(count.latest == nullptr || count.latest->reset_at);
  const WallTime end = count.latest == nullptr ? now.wall + quota.unknown_reset
                                               : count.latest->retry_at.value_or(*count.latest->reset_at);
  return std::max(end, count.charged_until.value_or(end));
}

// The switch before is asked for again if it did not take (A9); else A7 chooses.
std::optional<std::string> target(const DecisionRules& rules, const State& state, Moment now) {
  if (rules.accounts.empty()) return "";
  const auto& untaken = state.untaken;
  const bool again = untaken && untaken->to != state.active_account && !is_limited(state, untaken->to, now.wall);
  if (!again || mutant("a switch that did not take goes elsewhere")) return choose_account(rules, state, now.wall);
  return untaken->to;
}

// A confirmed hit: the account is limited, and a switch follows if possible.
void act(const DecisionRules& rules, State& state, const Evidence& evidence, const Tally& count, Moment now,
         Decision& decision) {
  assert(count.blocked);
  const WallTime until = limit_end(rules.quota, count, now);
  state.limited_until[state.active_account] = until;
  note_used_up(rules, state, state.active_account, until, now.wall);
  if (auto to = target(rules, state, now)) {
    Event event = make_event(EventKind::switch_, now.wall);
    add_trigger(event, count);
    event.why = why_confirmed(state, count, now);
    ask_switch(state, evidence, std::move(event), std::move(*to), now, decision);
  } else {
    wait_for_account(rules, state, count, now, decision);
  }
}

// quota.switch_at: before the wall.
void switch_early(const DecisionRules& rules, State& state, const Evidence& evidence, const Tally& count, Moment now,
                  Decision& decision) {
  auto early = find_early_switch(rules, state, evidence, now.wall);
  if (!early) return;
  const Nearing& near = *early->near;
  Event event = make_event(EventKind::switch_, now.wall);
  add_near(event, near);
  add_counts(event, count);
  event.reason = "near_limit";
  const auto use = known_use(state, early->to, now.wall);
  event.why = fmt::format("{}% of a limit are used, and {} is known to be at {}%", *near.percent, in_quotes(early->to),
                          use.value_or(0));
  ask_switch(state, evidence, std::move(event), std::move(early->to), now, decision);
}

// H1: the switch of another host is made here, too. H4: or this host's own, whose hook has failed.
void follow(const DecisionRules& rules, State& state, const Evidence& evidence, const Tally& count, Moment now,
            Decision& decision) {
  const PoolRow& row = state.shared->row;
  Event event = make_event(EventKind::switch_, now.wall);
  event.generation = row.generation;
  event.host = row.switched_by;
  event.reason = "shared";
  const bool own = row.switched_by == rules.store->host;
  event.why = own ? "what the hosts have agreed on is not done here yet" : in_quotes(row.switched_by) + " has switched";
  // What this host sees of the account that is left: late banners will name the same reset (A3), and others should
  // know.
  if (count.blocked && (count.sure || count.witnessed)) {
    state.limited_until[state.active_account] = limit_end(rules.quota, count, now);
  }
  if (count.latest != nullptr) {
    event.reset_at = count.latest->reset_at;
  } else if (is_limited(state, state.active_account, now.wall)) {
    event.reset_at = state.limited_until.at(state.active_account);
  }
  ask_switch(state, evidence, std::move(event), row.active_account, now, decision);
  state.run.followed = State::Run::Followed{state.in_flight->id, now.steady};
}

// A host that may act alone does so once the store is away, even if the answer to a proposal was lost.
bool go_alone(const DecisionRules& rules, State& state, Decision& decision) {
  const bool waits = state.in_flight && state.in_flight->proposed && !state.run.row_is_current;
  if (!waits || !rules.store || !rules.store->alone) return false;
  state.in_flight->generation = 0;
  state.in_flight->proposed = false;
  decision.request = state.in_flight;
  return true;
}

// A9: true if the hits say that the last switch did not take.
bool is_untaken(const DecisionRules& rules, State& state, const Evidence& evidence, Moment now, Decision& decision) {
  const auto hits = find_untaken(state, evidence, now);
  if (hits.empty()) return false;
  Event event = report_untaken(state, hits, now);
  event.retry_at = state.untaken->given_up ? state.untaken->reset_at : begin_backoff(rules.quota, state, now);
  decision.events.push_back(std::move(event));
  return true;
}

// A switch is asked for once, and what is remembered of it is what was asked for.
[[maybe_unused]] bool is_consistent(const Decision& decision, const State& state) {
  const auto asked = std::ranges::count(decision.events, EventKind::switch_, &Event::kind);
  const bool proposed = state.in_flight && state.in_flight->proposed;
  if (!decision.request) return asked == (proposed ? 1 : 0);
  return asked == 1 && decision.request == state.in_flight;
}

}  // namespace

std::pair<State, Decision> step(const DecisionRules& rules, State state, const Evidence& evidence, Moment now) {
  assert(is_consistent(state));
  Decision decision;
  forget_untaken(state, now.wall);
  keep_limits_of_others(state);
  const Tally count = tally(rules.quota, state, evidence);
  decision.counted = count.hits;
  if (go_alone(rules, state, decision)) return {std::move(state), std::move(decision)};
  if (auto skipped = skip(rules, state, now)) {
    decision.events.push_back(std::move(*skipped));
    return {std::move(state), std::move(decision)};
  }
  if (is_behind(state)) {
    follow(rules, state, evidence, count, now, decision);
    return {std::move(state), std::move(decision)};
  }
  report_stale(state, evidence, now, decision);
  forget_old_suspicion(rules.quota, state, count, now, decision);
  if (!count.blocked) {
    calm_down(state, evidence, count, now, decision);
    switch_early(rules, state, evidence, count, now, decision);
  } else if (is_untaken(rules, state, evidence, now, decision)) {
    // nothing else at this poll
  } else if (!count.sure && !count.witnessed && !state.run.suspicion && !mutant("one poll is enough")) {
    suspect(state, count, now, decision);
  } else {
    act(rules, state, evidence, count, now, decision);
  }
  assert(is_consistent(state));
  assert(is_consistent(decision, state));
  return {std::move(state), std::move(decision)};
}

}  // namespace quotawatch
