// How a run begins and how a switch ends: the decisions that do not belong to a poll (rules A1, A3
// and A6).
#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/mutant.h"
#include "decide/accounts/programs.h"
#include "decide/accounts/use.h"
#include "decide/switches.h"
#include "quotawatch/shared.h"
#include "quotawatch/step.h"

namespace quotawatch {
namespace {

Event end_event(EventKind kind, const SwitchRequest& request, Moment now) {
  Event event = make_event(kind, now.wall);
  event.id = request.id;
  event.from = request.from;
  event.to = request.to;
  if (request.generation > 0) event.generation = request.generation;
  return event;
}

// 1, 2, 4 … intervals, at most the cooldown (A1).
Milliseconds backoff(const QuotaRules& quota, int failures) {
  assert(failures > 0);
  assert(quota.poll_interval > Milliseconds{0});
  if (mutant("the backoff does not grow")) failures = 1;
  Milliseconds wait = quota.poll_interval;
  for (int i = 1; i < failures && wait < quota.cooldown; ++i) wait *= 2;
  return std::min(wait, quota.cooldown);
}

// Keeps what is known of a switch that did not take if this is the same one again (A9).
void note_again(State& state, const SwitchRequest& request) {
  auto& untaken = state.untaken;
  if (!untaken) return;
  const bool again = untaken->from == request.from && untaken->to == request.to;
  if (!again) return untaken.reset();
  untaken->requested_again = true;
}

void note_shared(State& state, std::uint64_t generation) {
  if (!state.shared) return;
  if (generation == 0) {
    state.shared->unpublished = true;
  } else {
    state.shared->generation = generation;
    state.shared->unpublished = false;
  }
  catch_up(state);
}

void finish(const DecisionRules& rules, State& state, const SwitchRequest& request, Moment now) {
  note_done(rules, state, {request.id, request.from, request.to, now.wall, request.reset_at}, request.asked_at, now);
  note_again(state, request);
  note_shared(state, request.generation);
  note_left(rules, state, request.from);
  for (auto& [session, memory] : state.sessions) {
    memory.stopped_at_switch = memory.shown_at_request.has_value();
    if (memory.sighting) memory.sighting->again = false;
    memory.shown_at_switch = std::exchange(memory.shown_at_request, std::nullopt);
    memory.stale_reported = false;
  }
}

void give_up(const QuotaRules& quota, State& state, Moment now, Event& event) {
  event.retry_at = begin_backoff(quota, state, now);
  if (mutant("a failed switch keeps what was shown")) return;
  for (auto& [session, memory] : state.sessions) memory.shown_at_request.reset();
}

}  // namespace

std::string make_switch_id(const State& state, Moment now) {
  assert(state.switches_asked > 0);
  std::string id;
  for (const char character : format_wall_ms(now.wall)) {
    if (character != '-' && character != ':') id += character;
  }
  // Groups decide at the same moments, and may share a hook.
  const std::string group = state.group.empty() ? "" : "-" + state.group;
  return fmt::format("{}-{}{}", id, state.switches_asked, group);
}

WallTime begin_backoff(const QuotaRules& quota, State& state, Moment now) {
  auto wait = backoff(quota, ++state.run.failures_in_a_row);
  if (mutant("no backoff after a failed switch")) wait = Milliseconds{0};
  state.run.retry_at = now.steady + wait;
  return now.wall + wait;
}

void activate(State& state, const std::string& account) {
  if (!mutant("a switch does not change the account in use")) state.active_account = account;
  if (account.empty()) return;  // the hook chose one
  std::erase(state.activation_order, account);
  state.activation_order.push_back(account);
}

void note_done(const DecisionRules& rules, State& state, DoneSwitch done, WallTime since, Moment now) {
  assert(!state.in_flight);
  assert(!done.id.empty());
  state.run.cooldown_since = now.steady;
  state.run.failures_in_a_row = 0;
  state.run.retry_at.reset();
  note_activation(rules, state, done.from, done.to, since);
  activate(state, done.to);
  state.last_switch = std::move(done);
}

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
  if (state.last_switch && !mutant("a restart forgets the cooldown")) {
    auto elapsed = std::max(now.wall - state.last_switch->done_at, Milliseconds{0});
    if (mutant("a last switch in the future is believed")) elapsed = now.wall - state.last_switch->done_at;
    state.run.cooldown_since = now.steady - elapsed;
  }
  assert(is_consistent(state));
  return state;
}

std::pair<State, Decision> end_switch(const DecisionRules& rules, State state, const SwitchReport& report, Moment now) {
  assert(is_consistent(state));
  assert(!report.done || report.why.empty());
  Decision decision;
  if (!state.in_flight || state.in_flight->id != report.id) {
    return {std::move(state), std::move(decision)};
  }
  const SwitchRequest request = *std::exchange(state.in_flight, std::nullopt);
  Event event = end_event(report.done ? EventKind::switch_done : EventKind::switch_failed, request, now);
  if (report.done) {
    event.sessions = state.run.hits;
    finish(rules, state, request, now);
  } else {
    event.why = report.why;
    give_up(rules.quota, state, now, event);
    if (state.shared && mutant("a hook that failed counts as done")) state.shared->generation = request.generation;
  }
  assert(is_consistent(state));
  decision.events.push_back(std::move(event));
  return {std::move(state), std::move(decision)};
}

Decision resume_switch(const State& state, Moment now) {
  assert(is_consistent(state));
  Decision decision;
  if (!state.in_flight) return decision;
  Event event = end_event(EventKind::switch_resumed, *state.in_flight, now);
  event.reset_at = state.in_flight->reset_at;
  event.why = "the last run ended before this switch did";
  decision.events.push_back(std::move(event));
  if (state.in_flight->proposed) return decision;  // once the store has said so
  decision.request = state.in_flight;
  if (mutant("a restart changes the id of a request")) decision.request->id += "-again";
  return decision;
}

}  // namespace quotawatch
