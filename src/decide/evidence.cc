#include "quotawatch/evidence.h"

#include <chrono>
#include <utility>

namespace quotawatch {
namespace {

// How much longer than its window a limit may seem to last before its time must
// be yesterday's: banners round, and a screen can be looked at late.
constexpr Milliseconds window_slack = std::chrono::minutes{30};

// The switch that a message seen first now may be a late banner of (A3).
std::string switch_under_way(const DecisionRules& rules, const State& state, Moment now) {
  if (state.in_flight) return state.in_flight->id;
  if (in_cooldown(rules.quota, state, now.steady)) return state.last_switch->id;
  return "";
}

void forget_if_changed(std::optional<Fingerprint>& shown, Fingerprint now_showing) {
  if (shown && *shown != now_showing) shown.reset();
}

// Keeps book of one session's screen: what it has gone on showing, and since when.
void remember(SessionMemory& memory, const Reading& reading, const std::string& under_way,
              WallTime now) {
  forget_if_changed(memory.shown_at_request, reading.shown);
  forget_if_changed(memory.shown_at_switch, reading.shown);
  if (reading.message.empty()) {
    memory.sighting.reset();
  } else if (!memory.sighting || memory.sighting->message != reading.message) {
    memory.sighting = Sighting{reading.message, now, under_way};
  }
}

// A3: still shown since the last switch was asked for, or a late banner of the
// account that was left.
bool is_stale(const State& state, const SessionMemory& memory, std::optional<WallTime> reset_at) {
  if (!state.last_switch) return false;
  if (memory.shown_at_switch) return true;
  const bool late = memory.sighting->during_switch == state.last_switch->id;
  return late && reset_at && reset_at == state.last_switch->reset_at;
}

// A hit, as the config has it: `verdict` is the reading's, or clear if it has expired.
bool counts(const QuotaRules& quota, const Reading& reading, Verdict verdict) {
  if (!reading.counts) return false;
  if (reading.scope == LimitScope::model && !quota.count_model_limits) return false;
  return verdict == Verdict::exhausted || (verdict == Verdict::throttled && quota.count_throttled);
}

DatedVerdict date_verdict(const DecisionRules& rules, const Observation& observation,
                          const SessionMemory& memory, Moment now) {
  const Reading& reading = *observation.reading;
  DatedVerdict dated;
  dated.session = observation.session;
  dated.verdict = reading.verdict;
  dated.rule = reading.rule;
  dated.snippet = reading.snippet;
  if (!names_limit(reading.verdict)) return dated;
  const auto reset = date_reset(reading, rules.host_zone, memory.sighting->first_seen, now.wall);
  dated.reset_at = reset.at;
  if (reading.reset) dated.reset_text = reading.reset->text;
  if (reset.expired) {
    dated.verdict = Verdict::clear;
    dated.expired = true;
    dated.why = "expired: its reset has passed";
  }
  return dated;
}

// A failed capture, or a program that has ended: nothing is learnt, and what was known stays.
void fold_unknown(const State& state, const Observation& observation, Evidence& evidence) {
  if (!observation.ended) ++evidence.unknown;
  DatedVerdict dated;
  dated.session = observation.session;
  dated.why = observation.why;
  evidence.verdicts.push_back(std::move(dated));
  const auto last = state.run.last_shown.find(observation.session);
  if (last != state.run.last_shown.end()) evidence.shown.emplace_back(last->first, last->second);
}

void fold_reading(const DecisionRules& rules, State& state, const Observation& observation,
                  const std::string& under_way, Moment now, Evidence& evidence) {
  SessionMemory& memory = state.sessions[observation.session];
  remember(memory, *observation.reading, under_way, now.wall);
  state.run.last_shown[observation.session] = observation.reading->shown;
  evidence.shown.emplace_back(observation.session, observation.reading->shown);
  // A pane is evidence once. It is remembered all the same, for the session that it counts
  // for may go and leave it here.
  if (!observation.same_pane_as.empty()) {
    DatedVerdict& dated = evidence.verdicts.emplace_back();
    dated.session = observation.session;
    dated.verdict = Verdict::clear;
    dated.why = "shows the pane of " + observation.same_pane_as + ", where it counts";
    return;
  }
  evidence.verdicts.push_back(date_verdict(rules, observation, memory, now));
  const DatedVerdict& dated = evidence.verdicts.back();
  if (!counts(rules.quota, *observation.reading, dated.verdict)) return;
  evidence.hits.push_back({observation.session, observation.pool,
                           is_stale(state, memory, dated.reset_at), dated.rule, dated.snippet,
                           dated.reset_text, dated.reset_at});
}

}  // namespace

bool in_cooldown(const QuotaRules& quota, const State& state, SteadyTime now) {
  return state.run.cooldown_since && now - *state.run.cooldown_since < quota.cooldown;
}

DatedReset date_reset(const Reading& reading, const Zone& host_zone, WallTime first_seen,
                      WallTime now) {
  if (!reading.reset) return {};
  DatedReset dated{resolve_reset(*reading.reset, first_seen, host_zone), false};
  if (!dated.at) return dated;
  const bool beyond_window =
      reading.window && *dated.at - first_seen > *reading.window + window_slack;
  dated.expired = *dated.at <= now || beyond_window;
  return dated;
}

std::pair<State, Evidence> fold(const DecisionRules& rules, State state,
                                const std::vector<Observation>& observations, Moment now) {
  Evidence evidence;
  evidence.verdicts.reserve(observations.size());
  evidence.shown.reserve(observations.size());
  const std::string under_way = switch_under_way(rules, state, now);
  for (const auto& observation : observations) {
    if (observation.reading == nullptr) {
      fold_unknown(state, observation, evidence);
    } else {
      fold_reading(rules, state, observation, under_way, now, evidence);
    }
  }
  std::erase_if(state.sessions, [](const auto& entry) { return entry.second == SessionMemory{}; });
  return {std::move(state), std::move(evidence)};
}

}  // namespace quotawatch
