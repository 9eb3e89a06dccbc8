// Everything quotawatch remembers, as one value.
//
// step() and fold() take one and return the next; Monitor saves it through a StateStore whenever
// the saved part changed. `Run` is the part that a restart forgets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/input_error.h"
#include "quotawatch/switcher.h"
#include "quotawatch/time.h"
#include "quotawatch/verdict.h"

namespace quotawatch {

// A limit message that a session shows, and since when (rule A3).
struct Sighting {
  Occurrence what;
  WallTime first_seen;
  // The switch in flight or cooling down when it appeared; empty if there was none.
  std::string during_switch = {};
  // The session was seen without it shortly before, so `first_seen` is accurate.
  bool seen_coming = false;

  bool operator==(const Sighting&) const = default;
};

// What is remembered of one watched session.
struct SessionMemory {
  // The limit message it shows; or the one it showed before the session or its program ended, in a
  // conversation that may be redrawn.
  std::optional<Sighting> sighting;
  // The limit messages that it showed when the switch in flight was requested, and when the last
  // finished switch was; forgotten once it is seen to show anything else.
  std::optional<Occurrence> shown_at_request;
  std::optional<Occurrence> shown_at_switch;
  bool stale_reported = false;

  bool operator==(const SessionMemory&) const = default;
};

// The last finished switch.
struct DoneSwitch {
  std::string id;
  std::string from;
  std::string to;
  WallTime done_at;
  std::optional<WallTime> reset_at = std::nullopt;  // of `from`, if a screen named one

  bool operator==(const DoneSwitch&) const = default;
};

// A hit that waits for confirmation, or for which every account was limited.
struct Suspicion {
  SteadyTime since;
  bool confirmed = false;
};

struct State {
  std::string active_account;
  std::vector<std::string> activation_order;  // least recently used first
  std::map<std::string, WallTime> limited_until;
  std::optional<DoneSwitch> last_switch;
  std::optional<SwitchRequest> in_flight;
  std::uint64_t switches_asked = 0;
  bool exhaustion_reported = false;  // exhausted_everywhere, once (rule A7)
  std::map<std::string, SessionMemory> sessions;

  // Not saved: what a restart forgets, and steady times, which are meaningless after it.
  struct Run {
    std::optional<Suspicion> suspicion;
    std::optional<SteadyTime> cooldown_since;
    std::optional<SteadyTime> retry_at;
    int failures_in_a_row = 0;
    // When the panes were last captured.
    SteadyTime last_poll;
    // The limit message that each session showed when last seen: the best substitute if its capture
    // fails when a switch is requested (A3). And when it was last seen, unless at the last poll.
    struct Look {
      std::optional<Occurrence> shown;
      std::optional<SteadyTime> ended;
    };
    std::map<std::string, Look> last_looks;
  };
  Run run;
};

// What holds of every state of a run: asserted wherever one is made or changed. A saved one may say
// anything, so only what start_state() makes of it has to be so.
bool is_consistent(const State& state);

// What is remembered of a session is from now on remembered of its new name: a watched pane is called
// differently once a second agent runs in its session. `names`: new names by old ones, no two alike.
void rename_sessions(State& state, const std::map<std::string, std::string>& names);

// True if the saved parts of `a` and `b` are equal.
bool same_saved(const State& a, const State& b);

// A state written by a newer quotawatch: not damaged, and must not be overwritten.
class NewerStateError : public InputError {
 public:
  using InputError::InputError;
};

// The state as stored in the file, or on one line without a newline; and the parser of both, for
// text that starts on line `first_line` of the file `origin`. Throws InputError.
std::string to_json(const State& state);
std::string to_json_line(const State& state);
State parse_state(std::string_view text, const std::string& origin, std::size_t first_line = 1);

}  // namespace quotawatch
