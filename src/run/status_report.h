// What `quotawatch status` tells, as one value.
//
// A monitor that runs makes one for whoever asks on its socket (report_run) and sends
// it as JSON; the command reads that, or makes one of what is saved where no monitor
// answers (report_saved), and prints it: as the same JSON, or as status_table().
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

struct StatusReport {
  // Whether one runs; how it polls, where it says so itself.
  struct MonitorHealth {
    bool running = false;
    bool answers = false;  // all the rest is its own word; else it is from the saved state
    int process = 0;
    std::string why = {};  // where it does not answer, and something can be said
    std::optional<WallTime> since = {};
    bool dry_run = false;  // nobody carries a switch out
    std::optional<Milliseconds> poll_interval = {};
    std::optional<WallTime> polled_at = {};
    std::optional<WallTime> next_poll_at = {};
    int failures_in_a_row = 0;              // of switches
    std::optional<WallTime> retry_at = {};  // nothing is decided before, after a failure

    bool operator==(const MonitorHealth&) const = default;
  };

  struct Account {
    std::string name;
    bool active = false;
    std::optional<WallTime> limited_until = {};

    bool operator==(const Account&) const = default;
  };

  struct Suspected {
    WallTime since;
    bool confirmed = false;

    bool operator==(const Suspected&) const = default;
  };

  struct TmuxHealth {
    bool up = true;
    WallTime since;
    std::string why = {};       // where it is down
    std::string asked_by = {};  // in words

    bool operator==(const TmuxHealth&) const = default;
  };

  // What the last poll counted, and what rule 3 wants.
  struct Hits {
    int pool = 0;
    int pool_threshold = 0;
    int interactive = 0;
    int interactive_threshold = 0;

    bool operator==(const Hits&) const = default;
  };

  // Without a verdict: it does not exist, or nobody has looked (no polled_at).
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
    std::optional<WallTime> message_since = {};  // when its limit message came, over restarts
    bool unchanged_since_switch = false;         // shows what it showed at the last switch
    HitStatus hit = HitStatus::none;             // what the last poll took it for
    std::string why_uncounted = {};

    bool operator==(const Session&) const = default;
  };

  // Of reset times that name none, and of the times in the table.
  struct Timezone {
    std::string name = {};  // empty: not told
    std::string why = {};   // "from TZ"

    bool operator==(const Timezone&) const = default;
  };

  WallTime at;
  Timezone timezone = {};
  MonitorHealth monitor = {};
  std::string active_account = {};
  std::vector<Account> accounts = {};
  std::optional<WallTime> cooldown_until = {};
  std::optional<Suspected> suspicion = {};
  std::optional<SwitchRequest> in_flight = {};
  std::optional<DoneSwitch> last_switch = {};
  std::optional<Hits> hits = {};
  std::optional<TmuxHealth> tmux = {};
  std::vector<Session> sessions = {};
  std::vector<std::string> notes = {};  // what else people should know: a damaged state

  bool operator==(const StatusReport&) const = default;
};

// What a run knows of itself that its monitor does not.
struct RunFacts {
  int process = 0;
  WallTime since;
  bool dry_run = false;
  std::string tmux_asked_by;
  StatusReport::Timezone timezone = {};
};

StatusReport report_run(const Config& config, const Monitor& monitor, const RunFacts& run,
                        Moment now);

// `saved`: nothing if nothing ever was.
StatusReport report_saved(const Config& config, std::optional<State> saved, WallTime now);

// One line, and back. Throws InputError naming `origin`, also for a reply that is an error.
std::string to_json(const StatusReport& report);
StatusReport parse_status(std::string_view text, const std::string& origin);

}  // namespace quotawatch
