#include "quotawatch/evidence.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <utility>

#include "base/mutant.h"
#include "decide/accounts/nearing.h"
#include "decide/accounts/programs.h"
#include "decide/accounts/untaken.h"
#include "decide/accounts/use.h"
#include "decide/evidence/dating.h"
#include "decide/evidence/lone.h"
#include "decide/evidence/sighting.h"
#include "decide/evidence/testimony.h"

namespace quotawatch {
namespace {

// The switch of which a message first seen now may be a late banner (A3).
std::string switch_under_way(const DecisionRules& rules, const State& state, Moment now) {
  if (state.in_flight) return state.in_flight->id;
  if (!in_cooldown(rules.quota, state, now.steady)) return "";
  assert(state.last_switch);
  return state.last_switch->id;
}

// H1: a switch of another host was made here while the session could not be seen. Its banner may have come before.
bool was_unseen_since_followed(const State& state, const State::Run::Look& look) {
  const auto& followed = state.run.followed;
  if (!followed || !state.last_switch || state.last_switch->id != followed->id) return false;
  return look.ended && *look.ended < followed->asked_at && !mutant("what a blind host sees first is new");
}

// It shows a limit of the account that the last switch left: asked again, it shows whether that switch took (A9).
bool is_of_account_left(const State& state, const Hit& hit) {
  if (!hit.charged) return hit.stale;
  const bool left = state.last_switch && state.last_switch->from == hit.account;
  return left && !mutant("a straggler that is started again says nothing of the switch");
}

// A3: shown since the last switch was requested, or a late banner of the previous account.
bool is_stale(const State& state, const SessionMemory& memory, std::optional<WallTime> reset_at) {
  assert(memory.sighting);
  if (!state.last_switch) return false;
  if (memory.shown_at_switch) return !mutant("old banners are fresh");
  if (mutant("late banners are fresh")) return false;
  const bool late = memory.sighting->during_switch == state.last_switch->id;
  return late && reset_at && reset_at == state.last_switch->reset_at;
}

// Why a session's limit is not a hit under this config; empty if it is one.
std::string_view why_not_counted(const QuotaRules& quota, const Reading& reading, Verdict verdict) {
  if (!reading.counts) return "its rule never counts";
  if (reading.scope == LimitScope::model && !quota.count_model_limits) {
    return "quota.count_model_limits is false";
  }
  const bool counts = quota.count_unknown_wording && !mutant("unknown wording is no limit");
  if (reading.rule == limit_by_shape && !counts) {
    return "quota.count_unknown_wording is false";
  }
  if (verdict == Verdict::throttled && !quota.count_throttled) {
    return "quota.count_throttled is false";
  }
  return "";
}

// Why a reset differs from the one on the screen.
std::string why_dated(const DatedReset& reset) {
  if (reset.expired) return "expired: its reset has passed";
  if (reset.retry_at) return "refused again at its reset";
  if (reset.too_far) return "its reset is further off than the limit can last";
  return "";
}

// A8: a hit of an account that is not the active one is that account's alone, for as long as it
// stands. Without a reset time, or in unknown words, it must be seen twice before the account counts as
// limited.
void charge(const DecisionRules& rules, State& state, Sighting& sighting, Moment now, Hit& hit) {
  if (sighting.charged_to.empty() && hit.account != state.active_account) sighting.charged_to = hit.account;
  if (sighting.charged_to.empty() || mutant("what is charged counts anyway")) return;
  hit.charged = true;
  hit.account = sighting.charged_to;
  const bool sure = hit.reset_at && !hit.unknown_wording;
  const bool confirmed = sure || sighting.first_seen < now.wall;
  if (sighting.charged || !confirmed || mutant("nothing is learnt of other accounts")) return;
  sighting.charged = true;
  const WallTime until = hit.retry_at   ? *hit.retry_at
                         : hit.reset_at ? *hit.reset_at
                                        : now.wall + rules.quota.unknown_reset;
  WallTime& limited_until = state.limited_until[hit.account];
  limited_until = std::max(limited_until, until);
}

void date_verdict(const DecisionRules& rules, const State& state, const Observation& observation, Moment now,
                  DatedVerdict& dated) {
  const Reading& reading = *observation.reading;
  dated.session = observation.session;
  dated.verdict = reading.verdict;
  dated.rule = reading.rule;
  dated.snippet = reading.snippet;
  if (!names_limit(reading.verdict)) return;
  assert(state.sessions.contains(observation.session));
  const auto& remembered = state.sessions.at(observation.session).sighting;
  assert(remembered && (remembered->what.message == reading.limit->message || reading.limit->refused_at));
  const Sighting& sighting = *remembered;
  const auto& testimony = observation.testimony;
  auto reset = date_reset(reading, rules.host_zone, {sighting.first_seen, sighting.seen_coming}, now.wall);
  dated.witnessed = confirms(testimony, reading);
  if (dated.witnessed) take_reset(*testimony, sighting.first_seen, now.wall, reset);
  dated.reset_at = reset.at;
  dated.retry_at = reset.retry_at;
  if (reading.reset) dated.reset_text = reading.reset->text;
  dated.expired = reset.expired;
  if (reset.expired) dated.verdict = Verdict::clear;
  dated.why = why_dated(reset);
  if (denies(testimony, reading.verdict, now.wall)) dispute(*testimony, dated);
}

// A failed capture, or a program that has ended: keeps what was known.
void fold_unknown(const Observation& observation, Evidence& evidence) {
  assert(!observation.why.empty());
  if (!observation.ended) ++evidence.unknown;
  DatedVerdict dated;
  dated.session = observation.session;
  dated.why = observation.why;
  evidence.verdicts.push_back(std::move(dated));
}

bool is_observed(const std::string& session, const std::vector<Observation>& observations) {
  return std::ranges::find(observations, session, &Observation::session) != observations.end();
}

// Collects the messages to be stored with a switch requested now. A hidden conversation would be
// redrawn if its program were started again, so its message is included. For plain screens: the
// messages of those seen now, and the last messages of those whose capture failed.
void add_shown(const State& state, const std::vector<Observation>& observations, Evidence& evidence) {
  for (const auto& [session, memory] : state.sessions) {
    if (!memory.sighting || memory.sighting->what.conversation.block) continue;
    evidence.shown.emplace_back(session, memory.sighting->what);
  }
  for (const auto& [session, look] : state.run.last_looks) {
    if (!look.shown || !look.shown->conversation.block) continue;
    if (is_observed(session, observations)) evidence.shown.emplace_back(session, *look.shown);
  }
}

// Until seen at this poll, sessions count as last seen at the previous one.
void end_looks(State& state) {
  for (auto& [session, look] : state.run.last_looks) {
    if (!look.ended) look.ended = state.run.last_poll;
  }
}

void fold_reading(const DecisionRules& rules, State& state, const Observation& observation,
                  const std::string& under_way, Moment now, Evidence& evidence) {
  assert(!observation.ended);
  const Reading& reading = *observation.reading;
  assert(is_consistent(reading));
  State::Run::Look& look = state.run.last_looks[observation.session];
  const bool just_seen = look.ended && now.steady - *look.ended <= refusal_window;
  bool is_new = false;
  if (reading.limit || state.sessions.contains(observation.session)) {
    SessionMemory& memory = state.sessions[observation.session];
    forget_if_refused_since(state, memory, observation);
    const bool unseen = under_way.empty() && was_unseen_since_followed(state, look);
    is_new = remember(memory, reading, unseen ? state.last_switch->id : under_way, {now.wall, just_seen});
  }
  look.shown = reading.limit;
  look.ended.reset();
  note_activity(look, observation, is_new, now);
  // A pane counts once. This session's screen is still remembered, because the session that
  // it is counted with may go away.
  DatedVerdict& dated = evidence.verdicts.emplace_back();
  if (!observation.same_pane_as.empty()) {
    dated.session = observation.session;
    dated.verdict = Verdict::clear;
    dated.why = "shows the pane of " + observation.same_pane_as + ", where it counts";
    return;
  }
  date_verdict(rules, state, observation, now, dated);
  const bool unvetoed = reading.limit && mutant("a server error does not veto");
  if (!names_limit(dated.verdict) && !unvetoed) return;
  assert(!dated.expired);
  // The record has no wording: what it calls refused counts in any (W1).
  const bool in_record = reading.limit && reading.limit->refused_at && dated.witnessed;
  const auto why_not = in_record ? "" : why_not_counted(rules.quota, reading, dated.verdict);
  if (!why_not.empty()) {
    evidence.uncounted.push_back({observation.session, std::string(why_not)});
    return;
  }
  SessionMemory& memory = state.sessions.at(observation.session);
  Hit& hit =
      evidence.hits.emplace_back(Hit{observation.session, observation.pool, is_stale(state, memory, dated.reset_at),
                                     dated.rule, dated.snippet, dated.reset_text, dated.reset_at, dated.retry_at});
  hit.unknown_wording = reading.rule == limit_by_shape && !dated.witnessed;
  hit.account = account_of(rules, state, observation.session);
  charge(rules, state, *memory.sighting, now, hit);
  if (hit.charged) dated.account = hit.account;
  hit.again = memory.sighting->again;
  hit.witnessed = dated.witnessed;
  memory.stopped_at_switch = memory.stopped_at_switch || is_of_account_left(state, hit);
}

// A session that is gone shows nothing. On a plain screen, what it shows when it is back is a new
// message; a program's conversation is recognised again.
void forget_gone(State& state, const std::vector<Observation>& observations) {
  for (auto& [session, memory] : state.sessions) {
    if (!memory.sighting || !memory.sighting->what.conversation.block) continue;
    if (!is_observed(session, observations)) memory.sighting.reset();
  }
  for (auto& [session, look] : state.run.last_looks) {
    if (look.shown && look.shown->conversation.block && !is_observed(session, observations)) look.shown.reset();
  }
}

// Whether these are of sessions that were observed, in the same order.
template <typename Found>
[[maybe_unused]] bool are_in_order(const std::vector<Found>& found, const std::vector<Observation>& observations) {
  auto at = observations.begin();
  for (const auto& one : found) {
    at = std::ranges::find(at, observations.end(), one.session, &Observation::session);
    if (at == observations.end()) return false;
    ++at;
  }
  return true;
}

}  // namespace

bool in_cooldown(const QuotaRules& quota, const State& state, SteadyTime now) {
  if (mutant("the cooldown ends a poll early")) now += quota.poll_interval;
  return state.run.cooldown_since && now - *state.run.cooldown_since < quota.cooldown;
}

bool heeds_progress(const DecisionRules& rules, const State& state, WallTime now) {
  if (awaits_proof(state, now)) return true;
  if (rules.quota.lone_after == Milliseconds{0}) return false;
  return std::ranges::any_of(state.sessions, [](const auto& session) { return session.second.sighting.has_value(); });
}

std::pair<State, Evidence> fold(const DecisionRules& rules, State state, const std::vector<Observation>& observations,
                                Moment now) {
  assert(is_consistent(state));
  assert(state.run.last_poll <= now.steady);
  Evidence evidence;
  evidence.group = state.group;
  evidence.verdicts.reserve(observations.size());
  const std::string under_way = switch_under_way(rules, state, now);
  forget_gone(state, observations);
  end_looks(state);
  forget_activity_of_gone(state, observations);
  update_programs(rules, state, observations);
  note_proof(rules, state, observations, now);
  for (const auto& observation : observations) {
    find_nearing(rules, state, observation, now, evidence.near);
    note_use(rules, state, observation, now, evidence.near);
    if (observation.reading == nullptr) {
      fold_unknown(observation, evidence);
    } else if (const auto reading = read_testimony(*observation.reading, observation.testimony)) {
      Observation witnessed = observation;
      witnessed.reading = &*reading;
      fold_reading(rules, state, witnessed, under_way, now, evidence);
    } else {
      fold_reading(rules, state, observation, under_way, now, evidence);
    }
  }
  find_lone(rules, state, observations, now, evidence);
  add_shown(state, observations, evidence);
  state.run.last_poll = now.steady;
  state.run.hits.clear();
  for (const auto& hit : evidence.hits) state.run.hits.push_back(hit.session);
  std::erase_if(state.warnings, [&](const auto& seen) { return now.wall - seen.second.first_seen > longest_limit; });
  std::erase_if(state.sessions, [](const auto& entry) { return entry.second == SessionMemory{}; });
  assert(std::ranges::equal(evidence.verdicts, observations, {}, &DatedVerdict::session, &Observation::session));
  assert(are_in_order(evidence.hits, observations));
  assert(are_in_order(evidence.uncounted, observations));
  assert(evidence.hits.size() + evidence.uncounted.size() + static_cast<std::size_t>(evidence.unknown) <=
         observations.size());
  assert(is_consistent(state));
  return {std::move(state), std::move(evidence)};
}

}  // namespace quotawatch
