#include "decide/accounts/untaken.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/mutant.h"
#include "base/text.h"
#include "decide/accounts/programs.h"
#include "decide/evidence/testimony.h"
#include "decide/switches.h"

namespace quotawatch {
namespace {

bool names_reset_left(const DoneSwitch& last, const Hit& hit) {
  return hit.reset_at && last.reset_at && is_same_reset(*hit.reset_at, *last.reset_at);
}

// The switch took: a limit that was seen since was not that of the account left.
void correct_limit(State& state, const UntakenSwitch& untaken) {
  const auto known = state.limited_until.find(untaken.from);
  if (known == state.limited_until.end()) return;
  known->second = std::min(known->second, untaken.reset_at);
}

// Only a program started since the last switch was asked for shows whether it took (A8): one that is on its target
// since an earlier switch was not reached by this one, nor was one that is older than a switch thought not to have
// taken.
bool is_reached(const DecisionRules& rules, const State& state, const std::string& session) {
  if (account_of(rules, state, session) != state.active_account) return false;
  const auto program = state.programs.find(session);
  if (program == state.programs.end()) return true;
  const auto& untaken = state.untaken;
  const auto& started = program->second.started;
  const bool undone = untaken && untaken->activated_at && untaken->from == state.active_account;
  if (undone) return started && *started >= *untaken->activated_at;
  return !started || state.activations.empty() || *started >= state.activations.back().since;
}

}  // namespace

bool awaits_proof(const State& state, WallTime now) {
  if (!state.last_switch || state.last_switch->took || state.last_switch->to.empty()) return false;
  const auto& reset = state.last_switch->reset_at;
  return reset && now < *reset;
}

void note_proof(const DecisionRules& rules, State& state, const std::vector<Observation>& observations, Moment now) {
  if (!awaits_proof(state, now.wall)) return;
  const auto proves = [&](const Observation& seen) {
    if (seen.reading == nullptr || !seen.went_on || seen.reading->limit) return false;
    if (proves_nothing(seen.testimony)) return false;
    return is_reached(rules, state, seen.session);
  };
  if (std::ranges::none_of(observations, proves) || mutant("no session proves that a switch took")) return;
  state.last_switch->took = true;
  if (!state.untaken) return;
  correct_limit(state, *state.untaken);
  if (state.active_account != state.last_switch->to && !state.in_flight) {
    note_activation(rules, state, state.active_account, state.last_switch->to,
                    state.untaken->activated_at.value_or(state.last_switch->done_at));
    activate(state, state.last_switch->to);
  }
  state.untaken.reset();
}

bool counts_again(const State& state, const Hit& hit) {
  const auto& untaken = state.untaken;
  return untaken && !untaken->requested_again && !untaken->given_up && hit.account == untaken->from;
}

std::vector<const Hit*> find_untaken(const State& state, const Evidence& evidence, Moment now) {
  const auto& last = state.last_switch;
  if (!awaits_proof(state, now.wall) || last->ineffective || state.active_account != last->to) return {};
  std::vector<const Hit*> found;
  for (const auto& hit : evidence.hits) {
    if (hit.stale || (hit.charged && !mutant("what is charged says whether a switch took"))) continue;
    const bool left = !hit.retry_at && names_reset_left(*last, hit);
    if (!left && hit.reset_at) return {};  // a limit of another account: that one was reached
    // In words that no rule knows, it must be seen twice.
    if (!left || !hit.again || (hit.unknown_wording && !state.run.suspicion)) continue;
    found.push_back(&hit);
  }
  if (mutant("a switch that did not take is believed")) return {};
  return found;
}

Event report_untaken(State& state, const std::vector<const Hit*>& hits, Moment now) {
  assert(!hits.empty() && state.last_switch && !state.in_flight);
  DoneSwitch& last = *state.last_switch;
  const bool second = state.untaken && state.untaken->from == last.from && state.untaken->to == last.to &&
                      !mutant("a switch that did not take twice is asked for again");
  last.ineffective = true;
  Event event = make_event(EventKind::switch_ineffective, now.wall);
  event.id = last.id;
  event.from = last.from;
  event.to = last.to;
  event.account = last.from;
  event.reset_at = last.reset_at;
  for (const Hit* hit : hits) {
    event.sessions.push_back(hit->session);
    auto& sighting = state.sessions.at(hit->session).sighting;
    assert(sighting);
    sighting->charged_to = last.from;
    sighting->charged = true;
    event.reset_at = std::max(*event.reset_at, *hit->reset_at);
  }
  WallTime& limited_until = state.limited_until[last.from];
  limited_until = std::max(limited_until, *event.reset_at);
  event.why = fmt::format("asked again, they show the limit of {} again, and no session has gone on; {}",
                          in_quotes(last.from), second ? "nothing more is asked for" : "asking once more");
  assert(!state.activations.empty());
  state.untaken = UntakenSwitch{last.from, last.to, *event.reset_at, false, second, state.activations.back().since};
  undo_activation(state);
  activate(state, last.from);
  state.run.suspicion.reset();
  state.exhaustion_reported = false;
  return event;
}

void forget_untaken(State& state, WallTime now) {
  if (state.untaken && state.untaken->reset_at <= now) state.untaken.reset();
}

}  // namespace quotawatch
