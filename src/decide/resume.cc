#include "quotawatch/resume.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/enum_names.h"
#include "base/mutant.h"
#include "quotawatch/duration.h"

namespace quotawatch {
namespace {

// How long after the reset a session is left to go on by itself where it says that it will.
constexpr Milliseconds own_waiting = std::chrono::minutes{5};

constexpr EnumNames<ResumeHow::command> how_names{"off", "type", "restart", "command"};

constexpr std::string_view by_operator = "operator";

bool is_wanted(const DecisionRules& rules, const std::string& session) {
  return rules.resume.way_of(session).how != ResumeHow::off;
}

// A text typed into a program that runs on another account would only be refused again (A8).
bool can_help(const DecisionRules& rules, const State& state, const std::string& session) {
  if (rules.reaches == SwitchReach::running) return true;
  const bool types = rules.resume.way_of(session).how == ResumeHow::type;
  return !types || account_of(rules, state, session) == state.active_account;
}

Event resume_event(EventKind kind, const std::string& session, const Resumption& resumption, Moment now) {
  Event event = make_event(kind, now.wall);
  event.session = session;
  if (!resumption.account.empty()) event.account = resumption.account;
  event.reason = resumption.reason;
  return event;
}

// What makes a session due that shows this; empty if it is not.
std::string cause_of(const State& state, const ResumeLook& look, const Resumption* known, Moment now) {
  if (look.shows == ResumeLook::Shows::stale) {
    assert(state.last_switch);
    return state.last_switch->id;
  }
  if (look.shows != ResumeLook::Shows::passed) return "";
  const bool left_alone = look.waits && (!look.reset_at || now.wall < *look.reset_at + own_waiting);
  if (left_alone && !mutant("a session that goes on by itself is asked")) return "";
  // The message may have given way to the program's own "has reset", which names no time.
  if (known != nullptr && known->reason == "reset" && !known->went_on) return known->cause;
  return "reset " + format_wall(look.reset_at.value_or(now.wall));
}

Milliseconds since_attempt(const State& state, const std::string& session, Moment now) {
  const auto tried = state.run.resumed_at.find(session);
  assert(tried != state.run.resumed_at.end());
  return now.steady - tried->second;
}

// Within the patience it may still go on; then 1, 2 polls pass.
bool has_waited(const DecisionRules& rules, const State& state, const std::string& session, int attempts, Moment now) {
  if (attempts == 0 || mutant("a session is asked again at once")) return true;
  return since_attempt(state, session, now) >= rules.resume.patience + attempts * rules.quota.poll_interval;
}

// What was typed for this cause, or one before it, may stand at the session's prompt without its Enter.
bool may_have_text(const State& state, const std::string& session) {
  const auto found = state.resumptions.find(session);
  if (found == state.resumptions.end() || found->second.went_on) return false;
  return found->second.attempts > 0 || found->second.text_left;
}

// The program was started again and waits to be asked.
bool awaits_prompt(const State& state, const std::string& session) {
  const auto found = state.resumptions.find(session);
  return found != state.resumptions.end() && found->second.to_type;
}

// The session shows an agent that is not stopped.
void note_work(State& state, const ResumeLook& look, Moment now, std::vector<Event>& events) {
  const auto found = state.resumptions.find(look.session);
  if (found == state.resumptions.end()) return;
  Resumption& resumption = found->second;
  if (resumption.reason == by_operator && resumption.attempts == 0) return;
  if (resumption.to_type && !look.works) return;  // the program has just been started again
  resumption.to_type = false;
  const bool asked = resumption.attempts > 0 && !resumption.failed;
  if (asked && !resumption.went_on) {
    Event event = resume_event(EventKind::resumed, look.session, resumption, now);
    event.after = format_duration(since_attempt(state, look.session, now));
    events.push_back(std::move(event));
    resumption.went_on = true;
  }
  // The attempts of a switch count on: a session that stops again at its old banner may not be asked for ever.
  if (asked && state.last_switch && resumption.cause == state.last_switch->id) return;
  state.resumptions.erase(found);
}

void give_up(State& state, const ResumeLook& look, std::string why, Moment now, std::vector<Event>& events) {
  Resumption& resumption = state.resumptions.at(look.session);
  if (mutant("a session is asked for ever")) {
    resumption.attempts = 1;
    return;
  }
  resumption.failed = true;
  Event event = resume_event(EventKind::resume_failed, look.session, resumption, now);
  event.why = std::move(why);
  events.push_back(std::move(event));
}

// A program that was started again and does not reach its prompt: reported as failed, and asked once it does.
void note_slow_start(const DecisionRules& rules, State& state, const ResumeLook& look, Moment now,
                     std::vector<Event>& events) {
  const Resumption& resumption = state.resumptions.at(look.session);
  if (resumption.failed || !has_waited(rules, state, look.session, resumption.attempts, now)) return;
  give_up(state, look, "its program was started again, and is not at its prompt", now, events);
}

// The session is stopped, and the account is not. True if it is due.
bool note_stop(const DecisionRules& rules, State& state, const ResumeLook& look, Moment now,
               std::vector<Event>& events) {
  auto found = state.resumptions.find(look.session);
  const bool by_hand = found != state.resumptions.end() && found->second.reason == by_operator;
  const bool goes_on_being = look.shows == ResumeLook::Shows::asks || look.shows == ResumeLook::Shows::idle;
  if (mutant("stopped sessions are not asked")) return false;
  if (!by_hand && !goes_on_being) {
    if (!is_wanted(rules, look.session) || !can_help(rules, state, look.session)) return false;
    const Resumption* known = found == state.resumptions.end() ? nullptr : &found->second;
    const std::string cause = cause_of(state, look, known, now);
    if (cause.empty()) return false;
    if (known == nullptr || known->cause != cause) {
      const bool by_switch = look.shows == ResumeLook::Shows::stale;
      Resumption made{cause, by_switch ? "switch" : "reset", ""};
      made.text_left = may_have_text(state, look.session);
      found = state.resumptions.insert_or_assign(look.session, std::move(made)).first;
    }
  }
  Resumption& resumption = found->second;
  resumption.account = state.active_account;
  resumption.went_on = false;
  if (resumption.failed) return resumption.to_type;
  const bool asked_enough =
      resumption.attempts >= most_resume_attempts && (!resumption.to_type || resumption.text_sent);
  if (asked_enough && since_attempt(state, look.session, now) >= rules.resume.patience)
    give_up(state, look, fmt::format("asked {} times, and it did not go on", resumption.attempts), now, events);
  return resumption.to_type || may_try_again(rules, state, look.session, now);
}

// Refused before the switch was done, whether or not A3 knows the message for one of the account just left.
bool stood_at_switch(const State& state, const SessionMemory& memory) {
  const auto& last = state.last_switch;
  if (!last || !memory.sighting) return false;
  return memory.sighting->during_switch == last->id && memory.sighting->first_seen <= last->done_at;
}

}  // namespace

std::string_view resume_how_name(ResumeHow how) { return how_names.name(how); }

std::optional<ResumeHow> find_resume_how(std::string_view name) { return how_names.find(name); }

std::vector<std::string> resume_how_names() { return how_names.all(); }

ResumeLook look_at(const State& state, const DatedVerdict& verdict, const Hit* hit, const Posture& posture,
                   bool went_on) {
  using Shows = ResumeLook::Shows;
  ResumeLook look{verdict.session};
  look.reset_at = verdict.reset_at;
  look.waits = posture.waits;
  look.works = posture.works;
  if (!posture.recognised || verdict.verdict == Verdict::unknown) return look;
  const auto known = state.resumptions.find(verdict.session);
  const bool asked = known != state.resumptions.end() && known->second.attempts > 0;
  const auto memory = state.sessions.find(verdict.session);
  const bool before_switch = memory != state.sessions.end() && memory->second.shown_at_switch && state.last_switch;
  if (hit != nullptr) {
    const bool stood = memory != state.sessions.end() && stood_at_switch(state, memory->second);
    const bool of_another = state.last_switch && (hit->stale || hit->charged || stood);
    look.shows = of_another ? Shows::stale : Shows::limit;
  } else if (verdict.expired && !posture.works) {
    look.shows = before_switch ? Shows::stale : Shows::passed;
  } else if (posture.may_continue && !posture.works) {
    look.shows = Shows::passed;
  } else if ((posture.menu || (verdict.verdict == Verdict::auth && asked)) && !went_on) {
    look.shows = Shows::asks;
  } else {
    look.shows = posture.prompt && !posture.works ? Shows::idle : Shows::work;
  }
  return look;
}

std::string_view why_nobody(const DecisionRules& rules, const State& state, Moment now) {
  if (state.in_flight && !mutant("sessions are asked before the switch is done")) return "a switch is under way";
  if (rules.accounts.empty() || !is_limited(state, state.active_account, now.wall)) return "";
  return mutant("sessions are asked while no account is free") ? "" : "the active account is limited";
}

bool may_try_again(const DecisionRules& rules, const State& state, const std::string& session, Moment now) {
  const int attempts = state.resumptions.at(session).attempts;
  return attempts < most_resume_attempts && has_waited(rules, state, session, attempts, now);
}

NotedLooks note_looks(const DecisionRules& rules, State state, const std::vector<ResumeLook>& looks, Moment now) {
  using Shows = ResumeLook::Shows;
  NotedLooks noted{std::move(state), {}, {}};
  State& next = noted.state;
  for (const auto& [session, resumption] : next.resumptions) {
    if (resumption.attempts > 0) next.run.resumed_at.try_emplace(session, now.steady);
  }
  const bool nobody = !why_nobody(rules, next, now).empty();
  for (const auto& look : looks) {
    if (look.shows == Shows::gone) next.resumptions.erase(look.session);
    const bool awaited = awaits_prompt(next, look.session);
    const bool rests = look.shows == Shows::idle && awaited;
    const bool no_prompt = look.shows == Shows::nothing || look.shows == Shows::asks;
    if (awaited && no_prompt) note_slow_start(rules, next, look, now, noted.events);
    if (look.shows == Shows::work || (look.shows == Shows::idle && !rests)) note_work(next, look, now, noted.events);
    const auto known = next.resumptions.find(look.session);
    const bool by_hand = known != next.resumptions.end() && known->second.reason == by_operator;
    // A menu or dialog may be what came of asking; where nobody asked, it is the user's.
    const bool asks = look.shows == Shows::asks && known != next.resumptions.end() && !known->second.went_on;
    const bool stopped = look.shows == Shows::stale || look.shows == Shows::passed || rests || asks || by_hand;
    if (!stopped || look.shows == Shows::nothing || (nobody && !by_hand)) continue;
    if (note_stop(rules, next, look, now, noted.events)) noted.due.push_back(look.session);
  }
  return noted;
}

std::pair<State, Event> begin_attempt(const DecisionRules& rules, State state, const std::string& session, Moment now) {
  Resumption& resumption = state.resumptions.at(session);
  assert(!resumption.failed);
  const bool is_started = resumption.to_type;
  ++resumption.attempts;
  resumption.tried_at = now.wall;
  resumption.went_on = false;
  resumption.to_type = false;
  resumption.text_sent = false;
  state.run.resumed_at[session] = now.steady;
  Event event = resume_event(EventKind::resume, session, resumption, now);
  const ResumeHow how = rules.resume.way_of(session).how;
  event.how = resume_how_name(how == ResumeHow::off || is_started ? ResumeHow::type : how);
  event.attempt = resumption.attempts;
  return {std::move(state), std::move(event)};
}

State set_to_type(State state, const std::string& session, bool to_type) {
  Resumption& resumption = state.resumptions.at(session);
  resumption.to_type = to_type;
  if (!to_type) resumption.failed = false;
  return state;
}

std::pair<State, std::optional<Event>> hold(State state, const std::string& session, std::string_view why, Moment now) {
  const auto found = state.resumptions.find(session);
  if (found == state.resumptions.end()) return {std::move(state), std::nullopt};
  Resumption& resumption = found->second;
  if (std::ranges::find(resumption.held, why) != resumption.held.end()) return {std::move(state), std::nullopt};
  resumption.held.emplace_back(why);
  Event event = resume_event(EventKind::resume_held, session, resumption, now);
  event.why = why;
  return {std::move(state), std::move(event)};
}

State ask_by_hand(State state, const std::string& session, Moment now) {
  Resumption made{"by hand " + format_wall_ms(now.wall), std::string(by_operator), state.active_account};
  made.text_left = may_have_text(state, session);
  state.resumptions[session] = std::move(made);
  state.run.resumed_at.erase(session);
  return state;
}

}  // namespace quotawatch
