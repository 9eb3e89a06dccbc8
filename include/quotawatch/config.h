// What the user decides: the strict config file, as values.
//
// Read by `run` at its start and on SIGHUP, and by the transcript loader, which
// carries a config on one line. Every default is the seed's; config_keys.h has the names, ranges
// and documentation of all keys.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/time.h"
#include "quotawatch/zone.h"

namespace quotawatch {

// The numbers of the decision rules (docs/design.md, "The rules").
struct QuotaRules {
  Milliseconds poll_interval{std::chrono::seconds{30}};
  Milliseconds cooldown{std::chrono::minutes{10}};
  Milliseconds unknown_reset{std::chrono::hours{1}};
  int pool_threshold = 2;
  int interactive_threshold = 1;
  bool count_throttled = true;
  bool count_model_limits = true;  // a limit on one model alone is a hit

  bool operator==(const QuotaRules&) const = default;
};

// The numbered sessions: prefix + i for start_index <= i < start_index + max.
struct PoolRange {
  std::string prefix = "ccl-auto-";
  int start_index = 0;
  int max = 0;
  std::string pack = {};  // of these sessions; empty: the config's

  bool operator==(const PoolRange&) const = default;
};

// Where the journal of a run goes, and how much of it is kept.
struct JournalRules {
  std::string path = {};                             // empty: stdout, of which nothing is kept
  std::int64_t max_bytes = std::int64_t{64} << 20U;  // of one file; 0: it grows without end
  int keep = 4;                                      // full files beside it: path.1 is the newest

  bool operator==(const JournalRules&) const = default;
};

// Events for people: which of them a program of the user's is told.
struct EventRules {
  std::vector<std::string> command;  // empty: none
  // Names of events, and `auth`: a verdict that is one.
  std::vector<std::string> on{"exhausted_everywhere", "stale", "unrecognised", "auth", "reset"};
  Milliseconds timeout{std::chrono::seconds{30}};

  bool operator==(const EventRules&) const = default;
};

struct Config {
  QuotaRules quota;
  PoolRange pool;
  std::vector<std::string> dedicated;
  std::map<std::string, std::string> dedicated_packs;  // by session, where one has its own

  std::vector<std::string> accounts;  // in order of preference; may be empty
  std::string active_account;         // at the first start; later the state knows
  std::string pack = "auto";          // a built-in pack's name or a file

  std::string tmux_socket_name = "default";
  Milliseconds tmux_timeout{std::chrono::seconds{5}};
  std::optional<bool> tmux_keep_connection;  // unset: where the server survives that

  std::vector<std::string> switch_command;  // empty: no hook, the journal is all
  Milliseconds switch_timeout{std::chrono::minutes{2}};

  EventRules events;

  // Of reset times that name none; unset: the host's.
  std::optional<Zone> timezone;

  std::string state_path = "state.json";
  JournalRules journal;

  // What a run keeps of itself for `record --from-run`; 0 bytes: nothing.
  Milliseconds recorder_keep{std::chrono::minutes{30}};
  std::size_t recorder_max_bytes = std::size_t{1} << 20U;

  bool operator==(const Config&) const = default;
};

// The pack that judges the pool's sessions, and a dedicated one.
const std::string& pool_pack(const Config& config);
const std::string& dedicated_pack(const Config& config, const std::string& session);

// Every pack that the config names for a session.
std::vector<std::string> packs_of(const Config& config);

// The zone of reset times that name none, on a host whose zone is `host`.
Zone zone_of(const Config& config, const Zone& host);

// The names of the pool's sessions, in order.
std::vector<std::string> pool_sessions(const PoolRange& pool);

struct WatchedSession {
  std::string name;
  bool pool = false;  // else dedicated: what the journal counts as interactive
};

// Every session that the config names, in the order in which they are polled and judged: the
// pool's, then the dedicated ones.
std::vector<WatchedSession> watched_sessions(const Config& config);

// Their names alone.
std::vector<std::string> session_names(const Config& config);

// Parses `text` from the file `origin`, on whose line `first_line` it starts.
// Relative paths in it (state, journal, pack) are taken from that file's folder. Throws InputError
// with file, line, key and the nearest known key.
Config parse_config(std::string_view text, const std::string& origin, std::size_t first_line = 1);

// Reads a file whole and parses it. Throws InputError.
Config load_config(const std::string& path);

// Throws InputError if a session is watched twice or has no possible name.
// For callers that changed a config after loading it (command line options).
void check_sessions(const Config& config, const std::string& origin, std::size_t line);

}  // namespace quotawatch
