// The content of `quotawatch status`, as one value.
//
// A running monitor creates one for clients of its socket (report_run) and sends it as JSON. The
// command parses that, or creates one from the saved state if no monitor answers (report_saved),
// and prints it as the same JSON or as status_table().
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/config.h"
#include "quotawatch/monitor.h"
#include "quotawatch/state.h"
#include "quotawatch/time.h"
#include "quotawatch/verdict.h"

namespace quotawatch {

// How one group stands.
struct GroupStatus {
  struct Account {
    std::string name;
    bool active = false;
    std::optional<WallTime> limited_until = {};
    bool reserve = false;                  // used only while no other is free
    std::optional<int> used_percent = {};  // with quota.switch_at, as last known

    bool operator==(const Account&) const = default;
  };

  struct Suspected {
    WallTime since;
    bool confirmed = false;

    bool operator==(const Suspected&) const = default;
  };

  // The counts of the last poll, and the thresholds of rule 3.
  struct Hits {
    int pool = 0;
    int pool_threshold = 0;
    int interactive = 0;
    int interactive_threshold = 0;

    bool operator==(const Hits&) const = default;
  };

  // Without a verdict, the session does not exist, or has not been polled yet (no polled_at).
  struct Session {
    std::string name;
    bool pool = true;
    std::optional<Verdict> verdict = {};
    std::string rule = {};
    std::string snippet = {};
    std::string reset_text = {};
    std::optional<WallTime> reset_at = {};
    std::string why = {};
    std::optional<WallTime> since = {};          // when the verdict last changed
    std::optional<WallTime> message_since = {};  // when its limit message appeared, across restarts
    bool unchanged_since_switch = false;         // still shows what it showed at the last switch
    HitStatus hit = HitStatus::none;             // how the last poll counted it
    std::string why_uncounted = {};
    std::string account = {};                 // its program's (A8)
    std::string pane = {};                    // tmux's id of the pane that is watched
    std::string window_pane = {};             // its place in the session: "1.0"
    std::string program = {};                 // in its foreground
    bool no_agent = false;                    // an agent ran in it, and its shell is left
    bool stand_in = false;                    // no agent was recognised in it: its active pane is watched
    std::string witness = {};                 // what its program itself says of the last turn, see testimony_name()
    std::optional<WallTime> witness_at = {};  // when it said that
    std::string waits_for = {};               // in words: "going on, asked 1 of 3 times"
    std::optional<WallTime> waits_since = {};
    std::string evidence = {};  // where it shows a hit: "pool 1 of 2, dedicated 0 of 1"
    int attempts = 0;           // how often it was asked to go on since it stopped

    bool operator==(const Session&) const = default;
  };

  std::string group = {};  // its name
  std::string active_account = {};
  std::vector<Account> accounts = {};
  std::optional<WallTime> cooldown_until = {};
  std::optional<Suspected> suspicion = {};
  std::optional<SwitchRequest> in_flight = {};
  std::optional<DoneSwitch> last_switch = {};
  std::optional<Hits> hits = {};
  // Of switches, and no decision before this time. Without groups these are the monitor's.
  int failures_in_a_row = 0;
  std::optional<WallTime> retry_at = {};
  std::vector<Session> sessions = {};

  bool operator==(const GroupStatus&) const = default;
};

// Where the config has no groups, it says itself what else each group says.
struct StatusReport : GroupStatus {
  // Whether a monitor runs; and how it polls, if it answers.
  struct MonitorHealth {
    bool running = false;
    bool answers = false;  // the rest is the monitor's own answer; else it is from the saved state
    int process = 0;
    std::string why = {};  // why it does not answer, if known
    std::optional<WallTime> since = {};
    bool dry_run = false;  // switches are not carried out
    std::optional<Milliseconds> poll_interval = {};
    std::optional<WallTime> polled_at = {};
    std::optional<WallTime> next_poll_at = {};
    int failures_in_a_row = 0;              // of switches
    std::optional<WallTime> retry_at = {};  // after a failure: no decision before this time
    bool paused = false;                    // by the operator
    std::optional<WallTime> paused_until = {};
    int poll_took_ms = 0;  // the last one
    int tmux_took_ms = 0;  // of it

    bool operator==(const MonitorHealth&) const = default;
  };

  struct TmuxHealth {
    bool up = true;
    WallTime since;
    std::string why = {};       // why it is down
    std::string asked_by = {};  // the transport, in words

    bool operator==(const TmuxHealth&) const = default;
  };

  // What several hosts share.
  struct StoreHealth {
    bool up = true;
    std::optional<WallTime> down_since = {};
    std::string why = {};  // why it is down

    bool operator==(const StoreHealth&) const = default;
  };

  // Applies to reset times without a zone, and to the times in the table.
  struct Timezone {
    std::string name = {};  // empty: unknown
    std::string why = {};   // "from TZ"

    bool operator==(const Timezone&) const = default;
  };

  WallTime at;
  Timezone timezone = {};
  MonitorHealth monitor = {};
  std::optional<TmuxHealth> tmux = {};
  std::optional<StoreHealth> store = {};  // with `store` in the config
  std::vector<GroupStatus> groups = {};  // in the config's order
  std::vector<std::string> notes = {};   // other messages for people: a damaged state

  bool operator==(const StatusReport&) const = default;
};

// What the process knows and the monitor does not.
struct RunFacts {
  int process = 0;
  WallTime since;
  bool dry_run = false;
  std::string tmux_asked_by;
  StatusReport::Timezone timezone = {};
};

StatusReport report_run(const Config& config, const Monitor& monitor, const RunFacts& run, Moment now);

// `saved`: empty if no state was ever saved.
StatusReport report_saved(const Config& config, std::optional<State> saved, WallTime now);

// One line of JSON, and its parser. parse_status() throws InputError naming `origin`, also for an
// error reply.
std::string to_json(const StatusReport& report);
StatusReport parse_status(std::string_view text, const std::string& origin);

}  // namespace quotawatch
