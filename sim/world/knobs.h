// All parameters of a simulated fleet and its faults: numbers, drawn from the seed and printed with
// it.
//
// Each seed switches off some kinds of faults (swarm testing: varied worlds find more than similar
// ones). `simulate --set NAME=VALUE` overrides drawn values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/config.h"

namespace quotawatch::sim {

struct Knobs {
  // The fleet.
  int pool_sessions = 0;
  int dedicated_sessions = 0;
  int accounts = 0;
  int claude_percent = 0;  // of the sessions; the others run Codex and Gemini CLI
  int narrowest_columns = 0;
  int widest_columns = 0;

  int by_pattern = 0;  // 1: the pool's sessions are named by pattern

  // The monitor.
  int poll_interval_s = 0;
  int cooldown_s = 0;
  int pool_threshold = 0;
  int interactive_threshold = 0;
  int count_throttled = 0;
  int unknown_reset_min = 0;
  int switch_timeout_s = 0;

  // Place and time.
  int zone = 0;  // of the programs
  // offset of the host's zone in the list; if not 0, the config names the programs' zone
  int host_zone_off = 0;
  int start_day = 0;  // days since 2026-01-01
  int start_hour = 0;

  // Agents and their users.
  int busy_percent = 0;          // of an hour that a session works
  int window_work_h = 0;         // hours of one session's work that a 5-hour window allows
  int week_work_h = 0;           // the same for a week
  int unnamed_percent = 0;       // of banners that name no reset
  int wake_percent = 0;          // of blocked sessions that are continued once they can work
  int talk_percent = 0;          // of work that talks about limits
  int server_error_percent = 0;  // of requests
  int throttle_percent = 0;
  int auth_percent = 0;
  int warning_percent = 0;
  int vetoed_percent = 0;       // of banners followed by a server error
  int late_banner_percent = 0;  // of sessions with a request in flight at a switch
  // of days on which an account runs out at the same time as the day before
  int same_time_percent = 0;
  int server_lag_percent = 0;  // of limits that last minutes longer than announced
  int forged_percent = 0;      // of answers that are a banner with an impossible date
  int redraw_percent = 0;      // of the hours in which a blocked session's decoration changes
  int half_drawn_percent = 0;  // of redraws that can be captured half-way
  int operator_percent = 0;    // of the hours in which the user clears, ends or restarts a session
  int shell_percent = 0;       // of ended sessions whose shell remains
  int snap_percent = 0;        // of moments moved onto the poll grid or one millisecond beside it

  // Sessions that are asked to go on.
  int resume = 0;             // 1: by typing; 2: by a restart where a switch reaches only that
  int keys_lost_percent = 0;  // of keys that the program does not get
  // Of sessions that somebody uses, scrolls, continues or ends when a switch is made.
  int person_percent = 0;
  int own_waiting_percent = 0;  // of blocked sessions of Claude Code that say they will go on by themselves

  int second_group = 0;  // 1: a group of its own beside this one, on the same tmux server

  // What programs write about themselves.
  int record_percent = 0;       // of sessions whose program writes down how its turns end
  int record_lag_ms = 0;        // at most, after the screen shows it
  int record_lost_percent = 0;  // of turns from which on nothing is written for a while
  int strange_percent = 0;      // of refusals, in words that only the record explains

  // After how many hours all banners change their words; 0: never.
  int new_wording_after_h = 0;

  // Never drawn: hosts that share the accounts through a store, each with a fleet like this. 1: from 2 to 5.
  int hosts = 0;

  // The hook.
  int hook_slow_percent = 0;
  int hook_fail_percent = 0;
  int hook_hang_percent = 0;
  int hook_half_percent = 0;  // reports success or failure, and the opposite is true

  // Faults in ten days.
  int tmux_down = 0;
  int tmux_slow = 0;
  int tmux_hung = 0;
  int tmux_garbled = 0;
  int capture_fails = 0;
  int clock_steps = 0;
  int clock_slews = 0;
  int suspends = 0;
  int stalls = 0;
  int restarts = 0;
  int crashes = 0;
  int state_damages = 0;
  int disk_full = 0;
  int account_commands = 0;  // by an operator: `account use`, `account free`
  int pauses = 0;            // by an operator: `pause`

  int switch_at_percent = 0;  // 0: never

  // Which account it goes to.
  int drain = 0;             // accounts are used up in order
  int reserve_accounts = 0;  // of those behind the first: used only while no other is free

  // Whom a switch reaches, and what that leads to.
  int restarted_only = 0;       // a switch reaches only programs that are restarted
  int lone_after_min = 0;       // 0: never
  int idle_pool = 0;            // one session of the pool works, the others are idle
  int restart_percent = 0;      // of stopped sessions whose program is restarted after a switch
  int straggler_percent = 0;    // of work that takes hours, with the account of its beginning
  int hook_lie_percent = 0;     // says that it is done, and nothing has changed
  int last_moment_percent = 0;  // of limits at whose very end somebody is refused
  int clock_back_percent = 0;   // of switches after which the clock is set back before a restart

  bool operator==(const Knobs&) const = default;
};

Knobs draw_knobs(std::uint64_t seed);

// Of the group beside the first: what a config says once is the same, and faults of the machine come from the
// first group's knobs.
Knobs draw_second_group(std::uint64_t seed, const Knobs& first);

// A config with only the numbers that knobs set.
Config config_numbers(const Knobs& knobs);

// "pool_sessions=3 dedicated_sessions=1 …": every knob.
std::string format_knobs(const Knobs& knobs);

struct KnobSetting {
  std::string name;
  int value = 0;
};

// Parses NAME=VALUE. Throws std::invalid_argument saying what is wrong and what would be right.
KnobSetting parse_knob(std::string_view text);
void set_knobs(Knobs& knobs, const std::vector<KnobSetting>& settings);

// Throws std::invalid_argument if these settings allow no world: one without sessions.
void check_settings(const std::vector<KnobSetting>& settings);

// Parses a decimal number, or a commit hash or other hexadecimal text. Throws std::invalid_argument
// likewise.
std::uint64_t parse_seed(std::string_view text);

}  // namespace quotawatch::sim
