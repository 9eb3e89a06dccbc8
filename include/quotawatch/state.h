// Everything quotawatch remembers, as one value.
//
// step() and fold() take one and return the next; Monitor saves it through a StateStore whenever
// the saved part changed. `Run` is the part that a restart forgets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/input_error.h"
#include "quotawatch/pool_store.h"
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
  // The account whose limit it is, if that was not the active one at some time (A8, A9): it then says
  // nothing of any other account for as long as it stands. Empty: it was always the active one.
  std::string charged_to = {};
  bool charged = false;  // that account counts as limited since
  bool again = false;    // it came after the last switch, in a session that stood then (A9)

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
  // It showed a limit when the last finished switch was requested, or one of the account left since (A9).
  bool stopped_at_switch = false;

  bool operator==(const SessionMemory&) const = default;
};

// A stopped session that is to go on (rules of docs/design.md, "Sessions go on").
struct Resumption {
  std::string cause;                                // the switch, the reset or the command that made it due
  std::string reason;                               // "switch", "reset" or "operator"
  std::string account;                              // on which it is to go on
  int attempts = 0;                                 // begun; each is saved before anything is typed
  std::optional<WallTime> tried_at = std::nullopt;  // the last of them
  bool failed = false;                              // reported; nothing more is tried
  bool went_on = false;                             // seen to; kept so that the attempts count on
  bool to_type = false;                             // its program was started again, and has still to be asked
  std::vector<std::string> held = {};               // what stood in the way and was reported
  bool text_left = false;                           // typed for another cause before, and may still stand at its prompt
  bool text_sent = false;                           // of the attempt, and its Enter was held back

  bool operator==(const Resumption&) const = default;
};

// The program in a session's pane, where a switch reaches only restarted ones (A8).
struct Program {
  std::string account;              // it runs on
  std::optional<WallTime> started;  // empty: not known

  bool operator==(const Program&) const = default;
};

// `to` became the active account instead of `from`. Programs started since then run on it (A8).
struct Activation {
  std::string from;
  std::string to;
  // When the switch was requested: a program started while the hook ran may run on either account,
  // and sessions that count for the old one by mistake would wait for ever.
  WallTime since;

  bool operator==(const Activation&) const = default;
};

// The last finished switch.
struct DoneSwitch {
  std::string id;
  std::string from;
  std::string to;
  WallTime done_at;
  std::optional<WallTime> reset_at = std::nullopt;  // of `from`, if a screen named one
  bool took = false;                                // a session has gone on since (A9)
  bool ineffective = false;                         // it was reported not to have taken (A9)

  bool operator==(const DoneSwitch&) const = default;
};

// A switch that was done and did not take: `from` is the active account again (A9).
struct UntakenSwitch {
  std::string from;
  std::string to;                // what is requested once more
  WallTime reset_at;             // of `from`
  bool requested_again = false;  // and done, for the second time
  bool given_up = false;         // it did not take either
  // Since when `to` had seemed to be the active account: what holds again if the switch took after all.
  std::optional<WallTime> activated_at = {};

  bool operator==(const UntakenSwitch&) const = default;
};

// A hit that waits for confirmation, or for which every account was limited.
struct Suspicion {
  SteadyTime since;
  bool confirmed = false;
};

// The operator has paused the monitor: it judges, but asks for no switch and types nothing.
struct Pause {
  std::optional<WallTime> until;  // empty: until the operator ends it

  bool operator==(const Pause&) const = default;
};

// How much of a limit of an account was used up when that was last known; only with quota.switch_at.
struct KnownUse {
  Milliseconds window{0};  // how long it is; 0: not known, the account was refused
  int percent = 0;
  std::optional<WallTime> reset_at;
  WallTime at;  // when that was said
  // The account was left with so much used, and is not again for windows that end then, whatever is said of others
  // meanwhile.
  std::set<WallTime> left_until = {};

  bool operator==(const KnownUse&) const = default;
};

// The last warning on a session's screen; only with quota.switch_at.
struct SeenWarning {
  int percent = 0;
  Milliseconds window{0};  // 0: it names none
  WallTime first_seen;

  bool operator==(const SeenWarning&) const = default;
};

// What a group shares with other hosts: see shared.h.
struct Shared {
  PoolRow row;                   // as last known
  std::uint64_t generation = 0;  // of the switch that was last done here
  bool unpublished = false;      // one was made here without the store

  bool operator==(const Shared&) const = default;
};

struct State {
  std::string group;  // whose it is; empty where the config has no groups. Saved as the key under which it is found
  std::string active_account;
  std::vector<std::string> activation_order;  // least recently used first
  std::map<std::string, WallTime> limited_until;
  std::vector<Activation> activations;  // the last few, the latest last
  std::optional<DoneSwitch> last_switch;
  std::optional<UntakenSwitch> untaken;
  std::optional<SwitchRequest> in_flight;
  std::uint64_t switches_asked = 0;
  bool exhaustion_reported = false;  // exhausted_everywhere, once (rule A7)
  std::map<std::string, SessionMemory> sessions;
  std::map<std::string, Resumption> resumptions;  // by session
  std::map<std::string, Program> programs;        // by session; empty where a switch reaches running ones
  std::optional<Pause> pause;
  std::map<std::string, std::vector<KnownUse>> use;  // by account
  std::map<std::string, SeenWarning> warnings;       // by session
  std::optional<Shared> shared;                      // empty where the config has no store

  // Only in what is saved, and only at its top: the states of named groups (see group_states.h).
  std::map<std::string, State> groups;

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
      // When it was last seen to go on, or first seen in this run (A10).
      std::optional<SteadyTime> active_at = std::nullopt;
      // Since when it has shown its limit message without a break in this run (A10).
      std::optional<SteadyTime> stands_since = std::nullopt;
    };
    std::map<std::string, Look> last_looks;
    // The sessions that showed a hit at the last poll, for `switch_done`.
    std::vector<std::string> hits;
    // When each session was last asked to go on; after a restart: not before the restart.
    std::map<std::string, SteadyTime> resumed_at;
    // The store is there, and no answer has been lost since its row was read.
    bool row_is_current = false;
    // The last switch of another host that was asked for here (H1).
    struct Followed {
      std::string id;
      SteadyTime asked_at;
    };
    std::optional<Followed> followed;
  };
  Run run;
};

// What holds of every state of a run: asserted wherever one is made or changed. A saved one may say
// anything, so only what start_state() makes of it has to be so.
bool is_consistent(const State& state);

// True while the account is known to be at its limit.
bool is_limited(const State& state, const std::string& account, WallTime now);

// How much of the limit that is nearest is used, in percent; empty if nothing is known of the account.
std::optional<int> known_use(const State& state, const std::string& account, WallTime now);

bool is_paused(const State& state, WallTime now);

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
