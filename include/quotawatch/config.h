// The user's settings: the strictly parsed config file, as values.
//
// Read by `run` at its start and on SIGHUP, and by the transcript loader, because a transcript has
// its config on one line. The defaults are those of the original monitor. config_keys.h has the
// names, ranges and documentation of all keys.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/resume_rules.h"
#include "quotawatch/time.h"
#include "quotawatch/zone.h"

namespace quotawatch {

// Of a whole, from 0 to 100.
struct Percent {
  int value = 0;

  bool operator==(const Percent&) const = default;
};

// The numbers of the decision rules (docs/design.md, "The rules").
struct QuotaRules {
  Milliseconds poll_interval{std::chrono::seconds{30}};
  Milliseconds cooldown{std::chrono::minutes{10}};
  Milliseconds unknown_reset{std::chrono::hours{1}};
  int pool_threshold = 2;
  int interactive_threshold = 1;
  bool count_throttled = true;
  bool count_model_limits = true;     // a limit on a single model is a hit
  bool count_unknown_wording = true;  // so is a banner that is known by its shape only
  // How long the only hit of an otherwise idle pool must stand to block it; 0: it never does.
  Milliseconds lone_after{std::chrono::minutes{10}};
  // How much of a limit may be used up before a switch is asked for; 0: the limit itself is waited for.
  Percent switch_at;

  bool operator==(const QuotaRules&) const = default;
};

// Which programs use the new account after a switch.
enum class SwitchReach {
  running,    // all, from their next request on
  restarted,  // those that are started after it
};

// Which of the free accounts a switch goes to (A7).
enum class AccountOrder {
  least_recent,  // the one never or longest ago active
  drain,         // the first in the config's order: each is used up before the next
};

// The numbered sessions: prefix + i for start_index <= i < start_index + max.
struct PoolRange {
  std::string prefix = "ccl-auto-";
  int start_index = 0;
  int max = 0;
  std::string pack = {};  // of these sessions; empty: the config's

  bool operator==(const PoolRange&) const = default;
};

// Where the journal of a run is written, and how much of it is kept.
struct JournalRules {
  std::string path = {};                             // empty: stdout, of which nothing is kept
  std::int64_t max_bytes = std::int64_t{64} << 20U;  // of one file; 0: unlimited
  int keep = 4;                                      // rotated files: path.1 is the newest

  bool operator==(const JournalRules&) const = default;
};

// The user's program for events, and which events it gets.
struct EventRules {
  std::vector<std::string> command;  // empty: none
  // Names of events, and `auth` for verdicts of that kind.
  std::vector<std::string> on{"exhausted_everywhere",
                              "switch_failed",
                              "switch_ineffective",
                              "resume_failed",
                              "stale",
                              "stopped",
                              "no_agent",
                              "unrecognised",
                              "auth",
                              "reset",
                              "tmux_down",
                              "store_down",
                              "store_up"};
  Milliseconds timeout{std::chrono::seconds{30}};
  bool redact = true;

  bool operator==(const EventRules&) const = default;
};

// The database in which several hosts share what they know of their accounts.
struct StoreRules {
  std::string postgresql = {};  // a connection string, as libpq takes it; empty: there is none
  std::string fleet = "default";
  std::string host = {};  // what this host is called; empty: its host name
  bool alone = false;
  Milliseconds timeout{std::chrono::seconds{5}};

  bool operator==(const StoreRules&) const = default;
};

// The whole config, or that of one group: see groups_of().
struct Config {
  std::string group;           // its name; empty: the config has no groups
  std::vector<Config> groups;  // each with all that it shares with the others; empty: there are none

  QuotaRules quota;
  PoolRange pool;
  std::vector<std::string> session_patterns;  // further sessions of the pool: "ccl-*"
  std::vector<std::string> found;             // those that are there: see session_patterns.h. In no file
  std::vector<std::string> dedicated;
  std::map<std::string, std::string> dedicated_packs;  // by session, if it has its own

  std::vector<std::string> accounts;  // in order of preference; may be empty
  std::vector<std::string> reserve;   // of these, used only while no other is free
  AccountOrder order = AccountOrder::least_recent;
  std::string active_account;  // at the first start; afterwards the state has it
  std::string pack = "auto";   // name of a built-in pack, or a file

  std::string tmux_socket_name;  // empty: see choose_socket()
  Milliseconds tmux_timeout{std::chrono::seconds{5}};
  std::optional<bool> tmux_keep_connection;  // not set: if the server survives connections

  std::vector<std::string> switch_command;  // empty: no hook, switches are only journalled
  Milliseconds switch_timeout{std::chrono::minutes{2}};
  SwitchReach switch_reaches = SwitchReach::running;

  StoreRules store;

  EventRules events;
  std::string metrics_path = {};  // empty: none are written

  ResumeRules resume;

  std::vector<std::string> witness;  // programs whose own records are read: "claude-code", "codex"

  // Applies to reset times without a zone; not set: the host's.
  std::optional<Zone> timezone;

  std::string state_path = "state.json";
  JournalRules journal;

  // How much a run records for `record --from-run`; 0 bytes: nothing.
  Milliseconds recorder_keep{std::chrono::minutes{30}};
  std::size_t recorder_max_bytes = std::size_t{1} << 20U;

  bool operator==(const Config&) const = default;
};

// "least_recent" and so on, as the config has it.
std::string_view account_order_name(AccountOrder order);

// The groups' configs in order: the config itself where it has no groups. Never empty.
std::vector<Config> groups_of(const Config& config);

// The pack for the pool's sessions, and for a dedicated one.
const std::string& pool_pack(const Config& config);
const std::string& dedicated_pack(const Config& config, const std::string& session);

// All packs that the config uses for sessions.
std::vector<std::string> packs_of(const Config& config);

// The zone of reset times without one, on a host whose zone is `host`.
Zone zone_of(const Config& config, const Zone& host);

// The names of the pool's sessions, in order.
std::vector<std::string> pool_sessions(const PoolRange& pool);

// Of one group.
struct WatchedSession {
  std::string name;
  bool pool = false;  // else dedicated: called `interactive` in the journal
  std::string pack = {};
};

// All sessions of the config, in the order in which they are polled and judged: group after group, of
// each the pool's (numbered ones, then those found by pattern), then the dedicated ones.
std::vector<WatchedSession> watched_sessions(const Config& config);

// Their names.
std::vector<std::string> session_names(const Config& config);

// Parses `text`, which starts on line `first_line` of the file `origin`. Relative paths in it
// (state, journal, pack) start from that file's folder. Throws InputError with file, line, key and
// the nearest known key.
Config parse_config(std::string_view text, const std::string& origin, std::size_t first_line = 1);

// Reads and parses a whole file. Throws InputError.
Config load_config(const std::string& path);

// Throws InputError if a session is watched twice or has an impossible name. For callers that
// change a config after loading it (command line options).
void check_sessions(const Config& config, const std::string& origin, std::size_t line);

}  // namespace quotawatch
