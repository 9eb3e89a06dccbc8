// Everything quotawatch remembers, as one value.
//
// step() and fold() take one and return the next; Monitor saves it through a
// StateStore whenever the saved part changed. `Run` is what a restart forgets.
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
  // The switch in flight or cooling down when it came; empty if there was none.
  std::string during_switch = {};
  // Shortly before, the session was seen without it: it is as new as it looks.
  bool seen_coming = false;

  bool operator==(const Sighting&) const = default;
};

// What is remembered of one watched session.
struct SessionMemory {
  // The limit message it shows; or showed before its program ended, or it did, in a conversation
  // that may be drawn again.
  std::optional<Sighting> sighting;
  // The limit message that it showed when the switch in flight was asked for, and when the last
  // one that was done was; forgotten once it is seen to show anything else.
  std::optional<Occurrence> shown_at_request;
  std::optional<Occurrence> shown_at_switch;
  bool stale_reported = false;

  bool operator==(const SessionMemory&) const = default;
};

// The last switch that was done.
struct DoneSwitch {
  std::string id;
  std::string from;
  std::string to;
  WallTime done_at;
  std::optional<WallTime> reset_at = std::nullopt;  // of `from`, where a screen named one

  bool operator==(const DoneSwitch&) const = default;
};

// A hit that waits to be seen again, or that found every account limited.
struct Suspicion {
  SteadyTime since;
  bool confirmed = false;
};

struct State {
  std::string active_account;
  std::vector<std::string> activation_order;  // longest ago first
  std::map<std::string, WallTime> limited_until;
  std::optional<DoneSwitch> last_switch;
  std::optional<SwitchRequest> in_flight;
  std::uint64_t switches_asked = 0;
  bool exhaustion_reported = false;  // exhausted_everywhere, once (rule A7)
  std::map<std::string, SessionMemory> sessions;

  // Not saved: what a restart forgets, and steady times, which mean nothing after it.
  struct Run {
    std::optional<Suspicion> suspicion;
    std::optional<SteadyTime> cooldown_since;
    std::optional<SteadyTime> retry_at;
    int failures_in_a_row = 0;
    // When the panes were last captured.
    SteadyTime last_poll;
    // With what limit message each session was last seen: of one whose capture fails at the moment
    // a switch is asked for, the best there is (A3). And when that was, unless at the last poll.
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

// True if `a` and `b` would be saved alike.
bool same_saved(const State& a, const State& b);

// A state written by a newer quotawatch: not damaged, and not to be overwritten.
class NewerStateError : public InputError {
 public:
  using InputError::InputError;
};

// The state as the file holds it, or on one line without a newline, and back from the file
// `origin`, on whose line `first_line` it starts. Throws InputError.
std::string to_json(const State& state);
std::string to_json_line(const State& state);
State parse_state(std::string_view text, const std::string& origin, std::size_t first_line = 1);

}  // namespace quotawatch
