// Everything about a simulated fleet and its troubles that can be set: numbers, each
// drawn from the seed and printed beside it.
//
// A seed turns some kinds of trouble off altogether (a swarm of different worlds finds
// more than many alike). `simulate --set NAME=VALUE` overrides what was drawn.
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

  // The monitor.
  int poll_interval_s = 0;
  int cooldown_s = 0;
  int pool_threshold = 0;
  int interactive_threshold = 0;
  int count_throttled = 0;
  int unknown_reset_min = 0;
  int switch_timeout_s = 0;

  // The place and the time.
  int zone = 0;           // in which the programs run
  int host_zone_off = 0;  // the host's is so many further; not 0: the config names the programs'
  int start_day = 0;      // since 2026-01-01
  int start_hour = 0;

  // What agents and people do.
  int busy_percent = 0;          // of an hour that a session works
  int window_work_h = 0;         // hours of one session's work that a 5-hour window allows
  int week_work_h = 0;           // that a week allows
  int unnamed_percent = 0;       // of banners that name no reset
  int wake_percent = 0;          // of blocked sessions that somebody wakes once they can work
  int talk_percent = 0;          // of work that speaks about limits
  int server_error_percent = 0;  // of requests
  int throttle_percent = 0;
  int auth_percent = 0;
  int warning_percent = 0;
  int vetoed_percent = 0;       // of banners below which a server error comes
  int late_banner_percent = 0;  // of sessions that a switch finds with a request under way
  int same_time_percent = 0;   // of days on which an account runs out at the time of the day before
  int server_lag_percent = 0;  // of limits that last minutes longer than they say
  int forged_percent = 0;      // of answers that are a banner with a date nobody's limit can have
  int redraw_percent = 0;      // of the hours in which a blocked session's decoration changes
  int half_drawn_percent = 0;  // of redraws that can be caught half-way
  int operator_percent = 0;    // of the hours in which somebody clears, ends or restarts a session
  int shell_percent = 0;       // of sessions left, of which only the program ends
  int snap_percent = 0;  // of moments that lie on the grid of polls or a millisecond beside it

  // The hook.
  int hook_slow_percent = 0;
  int hook_fail_percent = 0;
  int hook_hang_percent = 0;
  int hook_half_percent = 0;  // says that it is done, or that it failed, and it is not so

  // Troubles in ten days.
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

  bool operator==(const Knobs&) const = default;
};

Knobs draw_knobs(std::uint64_t seed);

// The fleet that speed is measured with: twelve sessions, every 30 s, every trouble on.
Knobs usual_knobs();

// A config with the numbers that knobs set; nothing else is in it.
Config config_numbers(const Knobs& knobs);

// "pool_sessions=3 dedicated_sessions=1 …": every knob.
std::string format_knobs(const Knobs& knobs);

struct KnobSetting {
  std::string name;
  int value = 0;
};

// Every knob as it is set here, for a run in which nothing is left to the seed.
std::vector<KnobSetting> settings_of(const Knobs& knobs);

// Reads NAME=VALUE. Throws std::invalid_argument saying what is wrong and what would be
// right.
KnobSetting parse_knob(std::string_view text);
void set_knobs(Knobs& knobs, const std::vector<KnobSetting>& settings);

// Throws std::invalid_argument if no world can be so: one without sessions.
void check_settings(const std::vector<KnobSetting>& settings);

// A decimal number, or a commit hash or any other text of hexadecimal digits. Throws
// std::invalid_argument likewise.
std::uint64_t parse_seed(std::string_view text);

}  // namespace quotawatch::sim
