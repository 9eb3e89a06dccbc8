// One line of the journal: a decision or an observation, with its reasons.
//
// Made by fold() and step(), written by a Journal, compared with expectations by
// replay, held against the invariants by sim/. Production, replay and simulation
// write the same.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/time.h"

namespace quotawatch {

enum class EventKind {
  // decisions
  suspect,
  clear,
  switch_,
  switch_done,
  switch_failed,
  switch_resumed,
  exhausted_everywhere,
  // observations
  verdict,
  skip,
  stale,
  unrecognised,
  reset,    // a known limit has ended
  account,  // the operator said something about one by hand
  tmux_down,
  tmux_up,
};

std::string_view event_name(EventKind kind);
std::optional<EventKind> find_event(std::string_view name);
bool is_decision(EventKind kind);
std::vector<std::string> event_names();

// A field is written where it is set. What each event carries: docs/transcripts.md.
struct Event {
  WallTime at;
  EventKind kind = EventKind::verdict;
  std::optional<std::string> session;
  std::vector<std::string> sessions;  // of `reset`; an array in JSON, joined by commas as a text
  std::optional<std::string> verdict;
  std::optional<std::string> rule;
  std::optional<std::string> snippet;  // see make_snippet()
  std::optional<std::string> reset_text;
  std::optional<WallTime> reset_at;
  std::optional<std::string> id;
  std::optional<std::string> from;
  std::optional<std::string> to;
  std::optional<std::string> account;  // whose limit has ended, or that the operator named
  std::optional<int> pool;             // pool sessions that show a hit
  std::optional<int> interactive;      // dedicated sessions that show a hit
  std::optional<bool> confirmed;
  std::optional<bool> dry_run;        // true where nobody will carry the switch out
  std::optional<std::string> why;     // in words, for people
  std::optional<std::string> reason;  // one word, for programs
  std::optional<WallTime> retry_at;

  bool operator==(const Event&) const = default;
};

// An event of this kind, its other fields still to be set.
Event make_event(EventKind kind, WallTime at);

// {"at": …, "event": …, …} on one line, fields always in the order above.
std::string to_json(const Event& event);

// The fields alone, added to an object that begins in another way (replay's does).
void add_fields(const Event& event, nlohmann::ordered_json& object);

// The value of one field as an expectation writes it; nothing if it is not set.
// Throws std::out_of_range for a name that is no field.
std::optional<std::string> field_text(const Event& event, std::string_view field);

// Every name field_text() knows.
std::vector<std::string> field_names();

}  // namespace quotawatch
