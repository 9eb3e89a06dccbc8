#include "quotawatch/step.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "quotawatch/duration.h"

namespace quotawatch {
namespace {

constexpr int suspicion_intervals = 3;  // A2

Event make_event(EventKind kind, Moment now) {
  Event event;
  event.at = now.wall;
  event.kind = kind;
  return event;
}

// This poll's evidence, counted against the thresholds (rules 3 and 4, A4).
struct Tally {
  int pool = 0;
  int interactive = 0;
  bool blocked = false;
  const Hit* trigger = nullptr;  // the first fresh hit
  const Hit* latest = nullptr;   // the fresh hit that resets last
};

Tally tally(const QuotaRules& quota, const Evidence& evidence) {
  Tally count;
  bool pool_fresh = false;
  bool interactive_fresh = false;
  for (const auto& hit : evidence.hits) {
    (hit.pool ? count.pool : count.interactive) += 1;
    if (hit.stale) continue;
    (hit.pool ? pool_fresh : interactive_fresh) = true;
    if (count.trigger == nullptr) count.trigger = &hit;
    const bool later =
        hit.reset_at && (count.latest == nullptr || *hit.reset_at > *count.latest->reset_at);
    if (later) count.latest = &hit;
  }
  count.blocked = (pool_fresh && count.pool >= quota.pool_threshold) ||
                  (interactive_fresh && count.interactive >= quota.interactive_threshold);
  return count;
}

void add_counts(Event& event, const Tally& count) {
  event.pool = count.pool;
  event.interactive = count.interactive;
}

void add_trigger(Event& event, const Tally& count) {
  event.session = count.trigger->session;
  event.rule = count.trigger->rule;
  event.snippet = count.trigger->snippet;
  if (count.latest != nullptr) {
    event.reset_text = count.latest->reset_text;
    event.reset_at = count.latest->reset_at;
  }
  add_counts(event, count);
}

// Rule 1: why nothing may be decided now; nothing if it may.
std::optional<Event> skip(const QuotaRules& quota, const State& state, Moment now) {
  Event event = make_event(EventKind::skip, now);
  if (state.in_flight) {
    event.reason = "pending";
    event.id = state.in_flight->id;
  } else if (state.run.retry_at && now.steady < *state.run.retry_at) {
    event.reason = "backoff";
    event.retry_at = now.wall + (*state.run.retry_at - now.steady);
  } else if (in_cooldown(quota, state, now.steady)) {
    event.reason = "cooldown";
    event.retry_at = now.wall + (*state.run.cooldown_since + quota.cooldown - now.steady);
  } else {
    return std::nullopt;
  }
  return event;
}

// A3: once a session, so that its owner can wake it.
void report_stale(State& state, const Evidence& evidence, Moment now, Decision& decision) {
  for (const auto& hit : evidence.hits) {
    SessionMemory& memory = state.sessions[hit.session];
    if (!hit.stale || memory.stale_reported) continue;
    memory.stale_reported = true;
    Event event = make_event(EventKind::stale, now);
    event.session = hit.session;
    event.rule = hit.rule;
    event.snippet = hit.snippet;
    event.reset_at = hit.reset_at;
    event.why = "shows a banner from before the last switch; wake the session";
    decision.events.push_back(std::move(event));
  }
}

void clear_suspicion(State& state, std::string reason, const Tally& count, Moment now,
                     Decision& decision) {
  Event event = make_event(EventKind::clear, now);
  event.reason = std::move(reason);
  add_counts(event, count);
  decision.events.push_back(std::move(event));
  state.run.suspicion.reset();
}

// A2: unknown is not clear, but suspicion must not wait for ever either. One that
// is confirmed and only waits for a free account stays (A7).
void forget_old_suspicion(const QuotaRules& quota, State& state, const Tally& count, Moment now,
                          Decision& decision) {
  const auto& suspicion = state.run.suspicion;
  if (!suspicion || suspicion->confirmed) return;
  if (now.steady - suspicion->since <= suspicion_intervals * quota.poll_interval) return;
  clear_suspicion(state, "too_old", count, now, decision);
}

// Below the thresholds: rule 3.
void calm_down(State& state, const Evidence& evidence, const Tally& count, Moment now,
               Decision& decision) {
  if (evidence.unknown > 0) return;
  if (state.run.suspicion) clear_suspicion(state, "below_thresholds", count, now, decision);
  state.exhaustion_reported = false;
}

// A7: the account never or longest ago active, then the config's order. Nothing
// if every other account is limited.
std::optional<std::string> choose_account(const DecisionRules& rules, const State& state,
                                          Moment now) {
  const auto& order = state.activation_order;
  std::optional<std::string> best;
  std::ptrdiff_t best_rank = 0;
  for (const auto& account : rules.accounts) {
    if (account == state.active_account) continue;
    const auto limited = state.limited_until.find(account);
    if (limited != state.limited_until.end() && now.wall < limited->second) continue;
    const auto active = std::find(order.begin(), order.end(), account);
    const std::ptrdiff_t rank = active == order.end() ? -1 : active - order.begin();
    if (!best || rank < best_rank) {
      best = account;
      best_rank = rank;
    }
  }
  return best;
}

// When the first account that a switch could go to is free again.
std::optional<WallTime> earliest_free(const DecisionRules& rules, const State& state) {
  std::optional<WallTime> earliest;
  for (const auto& [account, until] : state.limited_until) {
    const auto& known = rules.accounts;
    const bool other = account != state.active_account &&
                       std::find(known.begin(), known.end(), account) != known.end();
    if (other && (!earliest || until < *earliest)) earliest = until;
  }
  return earliest ? earliest : state.limited_until.at(state.active_account);
}

void wait_for_account(const DecisionRules& rules, State& state, const Tally& count, Moment now,
                      Decision& decision) {
  if (!state.run.suspicion) state.run.suspicion = Suspicion{now.steady, true};
  state.run.suspicion->confirmed = true;
  if (state.exhaustion_reported) return;
  state.exhaustion_reported = true;
  Event event = make_event(EventKind::exhausted_everywhere, now);
  add_trigger(event, count);
  event.from = state.active_account;
  event.retry_at = earliest_free(rules, state);
  event.why = "every other account is limited";
  decision.events.push_back(std::move(event));
}

// Unique even if the state is lost: hooks tell requests apart by it.
std::string make_id(const State& state, Moment now) {
  std::string id;
  for (const char character : format_wall_ms(now.wall)) {
    if (character != '-' && character != ':') id += character;
  }
  return fmt::format("{}-{}", id, state.switches_asked);
}

// What each session showed when the switch was asked for (A3).
void record_shown(State& state, const Evidence& evidence) {
  for (auto& [session, memory] : state.sessions) memory.shown_at_request.reset();
  for (const auto& [session, shown] : evidence.shown) {
    state.sessions[session].shown_at_request = shown;
  }
}

// Rule 5.
void ask_switch(State& state, const Evidence& evidence, const Tally& count, std::string to,
                Moment now, Decision& decision) {
  ++state.switches_asked;
  Event event = make_event(EventKind::switch_, now);
  add_trigger(event, count);
  event.id = make_id(state, now);
  event.from = state.active_account;
  event.to = to;
  event.confirmed = true;
  event.why = state.run.suspicion
                  ? fmt::format("seen again {} after it was suspected",
                                format_duration(now.steady - state.run.suspicion->since))
                  : "the screen names when the limit resets";
  decision.request = SwitchRequest{*event.id,
                                   state.active_account,
                                   std::move(to),
                                   count.trigger->session,
                                   event.reset_text.value_or(""),
                                   event.reset_at,
                                   now.wall};
  decision.events.push_back(std::move(event));
  state.in_flight = decision.request;
  state.run.suspicion.reset();
  state.exhaustion_reported = false;
  record_shown(state, evidence);
}

void suspect(State& state, const Tally& count, Moment now, Decision& decision) {
  state.run.suspicion = Suspicion{now.steady, false};
  Event event = make_event(EventKind::suspect, now);
  add_trigger(event, count);
  event.confirmed = false;
  event.why = "no reset time on the screen; the next poll must show it again";
  decision.events.push_back(std::move(event));
}

// A hit that is confirmed: the account is limited, and a switch follows if it can.
void act(const DecisionRules& rules, State& state, const Evidence& evidence, const Tally& count,
         Moment now, Decision& decision) {
  state.limited_until[state.active_account] =
      count.latest != nullptr ? *count.latest->reset_at : now.wall + rules.quota.unknown_reset;
  const bool hook_decides = rules.accounts.empty();
  if (const auto to =
          hook_decides ? std::optional(std::string()) : choose_account(rules, state, now)) {
    ask_switch(state, evidence, count, *to, now, decision);
  } else {
    wait_for_account(rules, state, count, now, decision);
  }
}

Event end_event(EventKind kind, const SwitchRequest& request, Moment now) {
  Event event = make_event(kind, now);
  event.id = request.id;
  event.from = request.from;
  event.to = request.to;
  return event;
}

// 1, 2, 4 … intervals, at most the cooldown (A1).
Milliseconds backoff(const QuotaRules& quota, int failures) {
  Milliseconds wait = quota.poll_interval;
  for (int i = 1; i < failures && wait < quota.cooldown; ++i) wait *= 2;
  return std::min(wait, quota.cooldown);
}

void finish(State& state, const SwitchRequest& request, Moment now) {
  state.last_switch = DoneSwitch{request.id, request.from, request.to, now.wall};
  state.run.cooldown_since = now.steady;
  state.run.failures_in_a_row = 0;
  state.run.retry_at.reset();
  state.active_account = request.to;
  if (!request.to.empty()) {
    std::erase(state.activation_order, request.to);
    state.activation_order.push_back(request.to);
  }
  for (auto& [session, memory] : state.sessions) {
    memory.shown_at_switch = std::exchange(memory.shown_at_request, std::nullopt);
    memory.stale_reported = false;
  }
}

void give_up(const QuotaRules& quota, State& state, Moment now, Event& event) {
  const auto wait = backoff(quota, ++state.run.failures_in_a_row);
  state.run.retry_at = now.steady + wait;
  event.retry_at = now.wall + wait;
  for (auto& [session, memory] : state.sessions) memory.shown_at_request.reset();
}

}  // namespace

State start_state(std::optional<State> saved, const std::string& active_account, Moment now) {
  State state;
  if (saved) {
    state = std::move(*saved);
  } else {
    state.active_account = active_account;
  }
  state.run = {};
  if (state.activation_order.empty() && !state.active_account.empty()) {
    state.activation_order.push_back(state.active_account);
  }
  if (state.last_switch) {
    const auto elapsed = std::max(now.wall - state.last_switch->done_at, Milliseconds{0});
    state.run.cooldown_since = now.steady - elapsed;
  }
  return state;
}

std::pair<State, Decision> step(const DecisionRules& rules, State state, const Evidence& evidence,
                                Moment now) {
  Decision decision;
  if (auto skipped = skip(rules.quota, state, now)) {
    decision.events.push_back(std::move(*skipped));
    return {std::move(state), std::move(decision)};
  }
  const Tally count = tally(rules.quota, evidence);
  report_stale(state, evidence, now, decision);
  forget_old_suspicion(rules.quota, state, count, now, decision);
  if (!count.blocked) {
    calm_down(state, evidence, count, now, decision);
  } else if (count.latest == nullptr && !state.run.suspicion) {
    suspect(state, count, now, decision);
  } else {
    act(rules, state, evidence, count, now, decision);
  }
  return {std::move(state), std::move(decision)};
}

std::pair<State, Decision> end_switch(const DecisionRules& rules, State state,
                                      const SwitchReport& report, Moment now) {
  Decision decision;
  if (!state.in_flight || state.in_flight->id != report.id) {
    return {std::move(state), std::move(decision)};
  }
  const SwitchRequest request = *std::exchange(state.in_flight, std::nullopt);
  Event event =
      end_event(report.done ? EventKind::switch_done : EventKind::switch_failed, request, now);
  if (report.done) {
    finish(state, request, now);
  } else {
    event.why = report.why;
    give_up(rules.quota, state, now, event);
  }
  decision.events.push_back(std::move(event));
  return {std::move(state), std::move(decision)};
}

Decision resume_switch(const State& state, Moment now) {
  Decision decision;
  if (!state.in_flight) return decision;
  Event event = end_event(EventKind::switch_resumed, *state.in_flight, now);
  event.reset_at = state.in_flight->reset_at;
  event.why = "the last run ended before this switch did";
  decision.events.push_back(std::move(event));
  decision.request = state.in_flight;
  return decision;
}

}  // namespace quotawatch
