#include "decide/evidence/lone.h"

#include <algorithm>
#include <optional>
#include <string>

#include "base/mutant.h"
#include "decide/accounts/untaken.h"

namespace quotawatch {
namespace {

// Since when the hit stands and no other session of the pool has gone on; empty if one of these
// could not be seen. Only sessions on the same account can tell that it still works (A8).
std::optional<SteadyTime> quiet_since(const DecisionRules& rules, const State& state,
                                      const std::vector<Observation>& observations, const Hit& hit) {
  const auto& looks = state.run.last_looks;
  SteadyTime since = looks.at(hit.session).stands_since.value();
  if (mutant("a lone hit heeds no other session")) return since;
  for (const auto& other : observations) {
    const bool counts = other.pool && other.session != hit.session && !other.ended && other.same_pane_as.empty();
    if (!counts || account_of(rules, state, other.session) != hit.account) continue;
    if (other.reading == nullptr) return std::nullopt;
    since = std::max(since, looks.at(other.session).active_at.value());
  }
  return since;
}

}  // namespace

void note_activity(State::Run::Look& look, const Observation& observation, bool is_new, Moment now) {
  if (observation.went_on || !look.active_at) look.active_at = now.steady;
  if (!observation.reading->limit) {
    look.stands_since.reset();
  } else if (is_new || !look.stands_since) {
    look.stands_since = now.steady;
  }
}

void forget_activity_of_gone(State& state, const std::vector<Observation>& observations) {
  for (auto& [session, look] : state.run.last_looks) {
    const auto observed = std::ranges::find(observations, session, &Observation::session);
    if (observed != observations.end() && !observed->ended) continue;
    look.active_at.reset();
    look.stands_since.reset();
  }
}

void find_lone(const DecisionRules& rules, const State& state, const std::vector<Observation>& observations, Moment now,
               Evidence& evidence) {
  const Milliseconds least = rules.quota.lone_after;
  if (least == Milliseconds{0}) return;
  for (auto& hit : evidence.hits) {
    if (!hit.pool || hit.stale || !hit.reset_at || (hit.charged && !counts_again(state, hit))) continue;
    if (mutant("a lone hit never counts")) continue;
    // A screen of no known program may hold anything, a log or a search among others.
    if (state.sessions.at(hit.session).sighting->what.conversation.block) continue;
    const auto since = quiet_since(rules, state, observations, hit);
    hit.lone = since && now.steady - *since >= least;
  }
}

}  // namespace quotawatch
