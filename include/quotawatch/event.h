// One line of the journal: a decision or an observation, with its reasons.
//
// Created by fold() and step(), written by a Journal, compared with expectations by replay, and
// checked against the invariants by sim/. Production, replay and simulation write the same events.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/time.h"

namespace quotawatch {

enum class EventKind {
  // Decisions.
  suspect,
  clear,
  switch_,
  switch_done,
  switch_failed,
  switch_resumed,
  switch_ineffective,  // the sessions still show the limit of the account left (A9)
  switch_beaten,       // another host was quicker: this one makes its switch instead
  exhausted_everywhere,
  resume,         // a stopped session is asked to go on
  resumed,        // it did
  resume_held,    // something stands in the way
  resume_failed,  // it did not, and is not asked any more
  typed,          // in replays only: what reached a session's pane
  // Observations.
  verdict,
  skip,
  stale,
  unrecognised,
  reset,    // a known limit has ended
  account,  // an operator command about an account
  pause,    // by the operator: nothing is switched and nothing typed; or its end
  stopped,  // a session stands still without a limit
  tmux_down,
  tmux_up,
  disagree,    // a screen and the program's own record: see Testimony
  no_agent,    // the agent of a session has ended, and a shell is left in its pane
  found,       // a session that the config names by pattern is there
  lost,        // it is there no longer
  near_limit,  // a session's account comes near a limit
  store_down,  // what hosts share cannot be asked or told
  store_up,
};

std::string_view event_name(EventKind kind);
std::optional<EventKind> find_event(std::string_view name);
bool is_decision(EventKind kind);
bool is_about_resuming(EventKind kind);
std::vector<std::string> event_names();

// Fields that are not set are not written. docs/transcripts.md lists the fields of each event.
struct Event {
  WallTime at;
  EventKind kind = EventKind::verdict;
  std::optional<std::string> group;  // not set where the config has no groups
  std::optional<std::string> session;
  // Of `reset`, `switch_done` and `switch_ineffective`; an array in JSON, joined by commas as text.
  std::vector<std::string> sessions;
  std::optional<std::string> verdict;
  std::optional<std::string> rule;
  std::optional<std::string> snippet;  // see make_snippet()
  std::optional<std::string> reset_text;
  std::optional<WallTime> reset_at;
  std::optional<int> percent;         // of the limit that is used up
  std::optional<std::string> window;  // of that limit, as a duration: "5h"
  std::optional<std::string> id;
  std::optional<std::string> from;
  std::optional<std::string> to;
  std::optional<std::uint64_t> generation;  // of a switch of hosts that share accounts
  std::optional<std::string> host;          // that made it
  std::optional<std::string> account;       // whose limit it is or was, or named by the operator
  std::optional<int> pool;                  // pool sessions that show a hit
  std::optional<int> interactive;           // dedicated sessions that show a hit
  std::optional<bool> confirmed;
  std::optional<std::string> how;     // of `resume`: see ResumeHow; of `typed`: see Stroke
  std::optional<std::string> text;    // of `typed`
  std::optional<int> attempt;         // of `resume`, from 1
  std::optional<std::string> after;   // of `resumed`: how long after the last attempt
  std::optional<bool> dry_run;        // true if the switch is not carried out
  std::optional<std::string> why;     // in words, for people
  std::optional<std::string> reason;  // one word, for programs
  std::optional<WallTime> retry_at;

  bool operator==(const Event&) const = default;
};

// An event of this kind; the other fields are not set.
Event make_event(EventKind kind, WallTime at);

// {"at": …, "event": …, …} on one line, with the fields in the order above.
std::string to_json(const Event& event);

// Adds the fields to an object that begins differently (for replay).
void add_fields(const Event& event, nlohmann::ordered_json& object);

// The value of one field in the form of an expectation; empty if it is not set. Throws
// std::out_of_range if there is no such field.
std::optional<std::string> field_text(const Event& event, std::string_view field);

// All names that field_text() accepts.
std::vector<std::string> field_names();

}  // namespace quotawatch
