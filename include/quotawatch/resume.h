// Which stopped sessions are due to be asked to go on, and whether they did.
//
// Pure, beside step(): called by Monitor's Resumer with what each poll shows. Whether something
// stands in the way at that very moment is Resumer's to judge; what is remembered is the state's.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "quotawatch/event.h"
#include "quotawatch/evidence.h"
#include "quotawatch/posture.h"
#include "quotawatch/resume_rules.h"
#include "quotawatch/state.h"

namespace quotawatch {

// How often a session is asked for one cause.
inline constexpr int most_resume_attempts = 3;

// What a poll shows of one session.
struct ResumeLook {
  std::string session;
  enum class Shows {
    nothing,  // unknown: the capture failed, or the screen is no agent's
    gone,     // there is no such session
    work,     // an agent, and no limit
    idle,     // the same, at its prompt
    asks,     // an agent that asks its user something: a menu or dialog; a login notice, if we have asked it
    limit,    // a limit that counts against the active account
    stale,    // a limit of the account before the last switch
    passed,   // a limit of the active account, which has passed
  };
  Shows shows = Shows::nothing;
  std::optional<WallTime> reset_at = std::nullopt;  // as shown
  bool waits = false;                               // it says that it will go on by itself
  bool works = false;                               // it shows that it works at this moment

  bool operator==(const ResumeLook&) const = default;
};

// `verdict` is that of this poll, `hit` the session's hit at it or null; `went_on`: see Observation.
ResumeLook look_at(const State& state, const DatedVerdict& verdict, const Hit* hit, const Posture& posture,
                   bool went_on);

struct NotedLooks {
  State state;
  std::vector<Event> events;
  std::vector<std::string> due;  // sessions that may be asked now, in the order of the looks
};

// A poll: notes who is due, who went on and who did not.
NotedLooks note_looks(const DecisionRules& rules, State state, const std::vector<ResumeLook>& looks, Moment now);

// Why nobody may be asked now; empty if somebody may.
std::string_view why_nobody(const DecisionRules& rules, const State& state, Moment now);

// Another attempt: to be saved before anything is typed.
std::pair<State, Event> begin_attempt(const DecisionRules& rules, State state, const std::string& session, Moment now);

// Whether the program has been started again and has still to be asked by typing, once it stands at its
// prompt: it is the same attempt. To be saved before anything is typed.
State set_to_type(State state, const std::string& session, bool to_type);

// Whether another attempt may begin, as far as those before it say.
bool may_try_again(const DecisionRules& rules, const State& state, const std::string& session, Moment now);

// Something stands in the way: an event if that is news.
std::pair<State, std::optional<Event>> hold(State state, const std::string& session, std::string_view why, Moment now);

// The operator asks for this session, whatever it shows.
State ask_by_hand(State state, const std::string& session, Moment now);

}  // namespace quotawatch
