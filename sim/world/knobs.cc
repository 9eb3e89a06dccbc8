#include "sim/world/knobs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <stdexcept>

#include "base/text.h"
#include "quotawatch/config_keys.h"
#include "sim/screens/random.h"
#include "sim/world/zones.h"

namespace quotawatch::sim {
namespace {

constexpr int second = 1000;
constexpr int minute = 60 * second;

// How a knob is drawn: from a list, or evenly between two bounds.
struct Knob {
  std::string_view name;
  int Knobs::*value;
  int least;
  int most;
  bool fault = false;  // off in every other world
  // Drawn separately, so that older knobs keep their values for each seed: the number of the stream.
  std::size_t stream = 1;

  // For a number in the config: its key, and the unit of a duration in milliseconds.
  std::string_view section = {};
  std::string_view key = {};
  int unit = 1;
};

constexpr Knob of_config(Knob knob, std::string_view section, std::string_view key, int unit = 1) {
  knob.section = section;
  knob.key = key;
  knob.unit = unit;
  return knob;
}

constexpr int most_zone = static_cast<int>(zone_names.size()) - 1;

constexpr auto knob_list = std::to_array<Knob>({
    {"pool_sessions", &Knobs::pool_sessions, 0, 12},
    {"dedicated_sessions", &Knobs::dedicated_sessions, 0, 3},
    {"accounts", &Knobs::accounts, 0, 6},
    {"claude_percent", &Knobs::claude_percent, 0, 100},
    {"narrowest_columns", &Knobs::narrowest_columns, 60, 120},
    {"widest_columns", &Knobs::widest_columns, 60, 220},
    of_config({"poll_interval_s", &Knobs::poll_interval_s, 1, 300}, "quota", "poll_interval", second),
    of_config({"cooldown_s", &Knobs::cooldown_s, 1, 7200}, "quota", "reactivate_cooldown", second),
    of_config({"pool_threshold", &Knobs::pool_threshold, 1, 12}, "quota", "pool_threshold"),
    of_config({"interactive_threshold", &Knobs::interactive_threshold, 1, 3}, "quota", "interactive_threshold"),
    of_config({"count_throttled", &Knobs::count_throttled, 0, 1}, "quota", "count_throttled"),
    of_config({"unknown_reset_min", &Knobs::unknown_reset_min, 10, 300}, "quota", "unknown_reset", minute),
    of_config({"switch_timeout_s", &Knobs::switch_timeout_s, 5, 600}, "switch", "timeout", second),
    {"zone", &Knobs::zone, 0, most_zone},
    {"start_day", &Knobs::start_day, 0, 364},
    {"start_hour", &Knobs::start_hour, 0, 23},
    {"busy_percent", &Knobs::busy_percent, 1, 90},
    {"window_work_h", &Knobs::window_work_h, 1, 100},
    {"week_work_h", &Knobs::week_work_h, 1, 2000},
    {"unnamed_percent", &Knobs::unnamed_percent, 0, 100},
    {"wake_percent", &Knobs::wake_percent, 0, 100},
    {"talk_percent", &Knobs::talk_percent, 0, 60},
    {"server_error_percent", &Knobs::server_error_percent, 0, 20, true},
    {"throttle_percent", &Knobs::throttle_percent, 0, 20, true},
    {"auth_percent", &Knobs::auth_percent, 0, 10, true},
    {"warning_percent", &Knobs::warning_percent, 0, 60},
    {"vetoed_percent", &Knobs::vetoed_percent, 0, 30, true},
    {"late_banner_percent", &Knobs::late_banner_percent, 0, 40, true},
    {"redraw_percent", &Knobs::redraw_percent, 0, 100},
    {"half_drawn_percent", &Knobs::half_drawn_percent, 0, 50, true},
    {"operator_percent", &Knobs::operator_percent, 0, 30},
    {"snap_percent", &Knobs::snap_percent, 0, 60},
    {"hook_slow_percent", &Knobs::hook_slow_percent, 0, 50, true},
    {"hook_fail_percent", &Knobs::hook_fail_percent, 0, 40, true},
    {"hook_hang_percent", &Knobs::hook_hang_percent, 0, 20, true},
    {"hook_half_percent", &Knobs::hook_half_percent, 0, 20, true},
    {"tmux_down", &Knobs::tmux_down, 0, 20, true},
    {"tmux_slow", &Knobs::tmux_slow, 0, 20, true},
    {"tmux_hung", &Knobs::tmux_hung, 0, 20, true},
    {"tmux_garbled", &Knobs::tmux_garbled, 0, 20, true},
    {"capture_fails", &Knobs::capture_fails, 0, 100, true},
    {"clock_steps", &Knobs::clock_steps, 0, 10, true},
    {"clock_slews", &Knobs::clock_slews, 0, 10, true},
    {"suspends", &Knobs::suspends, 0, 10, true},
    {"stalls", &Knobs::stalls, 0, 40, true},
    {"restarts", &Knobs::restarts, 0, 60, true},
    {"crashes", &Knobs::crashes, 0, 100, true},
    {"state_damages", &Knobs::state_damages, 0, 10, true},
    {"disk_full", &Knobs::disk_full, 0, 10, true},
    {"same_time_percent", &Knobs::same_time_percent, 0, 100},
    {"server_lag_percent", &Knobs::server_lag_percent, 0, 60, true},
    {"forged_percent", &Knobs::forged_percent, 0, 10, true},
    {"shell_percent", &Knobs::shell_percent, 0, 100},
    {"host_zone_off", &Knobs::host_zone_off, 0, most_zone, true},
    {"account_commands", &Knobs::account_commands, 0, 20, true, 3},
    {"restarted_only", &Knobs::restarted_only, 0, 1, true, 4},
    of_config({"lone_after_min", &Knobs::lone_after_min, 0, 60, false, 4}, "quota", "lone_after", minute),
    {"idle_pool", &Knobs::idle_pool, 0, 1, true, 4},
    {"restart_percent", &Knobs::restart_percent, 0, 100, false, 4},
    {"straggler_percent", &Knobs::straggler_percent, 0, 20, true, 4},
    {"hook_lie_percent", &Knobs::hook_lie_percent, 0, 40, true, 4},
    {"last_moment_percent", &Knobs::last_moment_percent, 0, 50, true, 4},
    {"clock_back_percent", &Knobs::clock_back_percent, 0, 30, true, 4},
    {"resume", &Knobs::resume, 0, 2, false, 7},
    {"keys_lost_percent", &Knobs::keys_lost_percent, 0, 40, true, 7},
    {"person_percent", &Knobs::person_percent, 0, 40, true, 7},
    {"own_waiting_percent", &Knobs::own_waiting_percent, 0, 100, true, 9},
    {"second_group", &Knobs::second_group, 0, 3, true, 10},
    {"record_percent", &Knobs::record_percent, 0, 100, true, 11},
    {"record_lag_ms", &Knobs::record_lag_ms, 0, 5000, true, 11},
    {"record_lost_percent", &Knobs::record_lost_percent, 0, 20, true, 11},
    {"strange_percent", &Knobs::strange_percent, 0, 60, true, 11},
    {"drain", &Knobs::drain, 0, 1, true, 13},
    {"reserve_accounts", &Knobs::reserve_accounts, 0, 2, true, 13},
    of_config({"switch_at_percent", &Knobs::switch_at_percent, 0, 100, true, 14}, "quota", "switch_at"),
    {"by_pattern", &Knobs::by_pattern, 0, 1, true, 13},
    {"new_wording_after_h", &Knobs::new_wording_after_h, 0, 96, true, 8},
    {"hosts", &Knobs::hosts, 0, 5, false, 15},
    {"pauses", &Knobs::pauses, 0, 20, true, 16},
});

// Numbers that occur in practice, so that most seeds are realistic.
void draw_rules(Knobs& knobs, Random& random) {
  knobs.poll_interval_s = random.pick(std::vector{30, 30, 30, 5, 10, 60, 120});
  knobs.cooldown_s = random.pick(std::vector{600, 600, 600, 60, 120, 300, 1800, 3600});
  knobs.cooldown_s = std::max(knobs.cooldown_s, 2 * knobs.poll_interval_s);
  knobs.pool_threshold = random.pick(std::vector{2, 2, 2, 1, 3});
  knobs.interactive_threshold = random.pick(std::vector{1, 1, 1, 2});
  knobs.unknown_reset_min = random.pick(std::vector{60, 60, 15, 30, 300});
  knobs.switch_timeout_s = random.pick(std::vector{120, 120, 10, 30, 600});
}

void draw_fleet(Knobs& knobs, Random& random) {
  knobs.pool_sessions = random.pick(std::vector{0, 1, 2, 3, 4, 6, 8, 10, 12});
  knobs.dedicated_sessions = random.pick(std::vector{0, 1, 1, 2, 3});
  if (knobs.pool_sessions + knobs.dedicated_sessions == 0) knobs.dedicated_sessions = 1;
  knobs.accounts = random.pick(std::vector{0, 1, 2, 2, 3, 3, 4, 6});
  knobs.claude_percent = random.pick(std::vector{100, 100, 70, 30, 0});
  knobs.window_work_h = random.pick(std::vector{2, 4, 8, 16, 32});
  knobs.week_work_h = random.pick(std::vector{20, 60, 200, 2000});
  knobs.widest_columns = std::max(knobs.widest_columns, knobs.narrowest_columns);
}

// In every other world, around a day on which clocks change.
void draw_start(Knobs& knobs, Random& random) {
  static const std::vector<int> changes{66, 85, 92, 275, 297, 304};
  if (random.chance(1, 2)) knobs.start_day = random.pick(changes);
}

}  // namespace

Config config_numbers(const Knobs& knobs) {
  Config config;
  for (const auto& knob : knob_list) {
    if (knob.key.empty()) continue;
    const std::int64_t number = std::int64_t{knobs.*knob.value} * knob.unit;
    set_number(number_key(knob.section, knob.key), number, config);
  }
  return config;
}

Knobs draw_second_group(std::uint64_t seed, const Knobs& first) {
  constexpr std::size_t part = 11;
  Knobs knobs = draw_knobs(seed_of_part(seed, part));
  for (const auto& knob : knob_list) {
    if (knob.section == "quota") knobs.*knob.value = first.*knob.value;
  }
  for (int Knobs::*shared :
       {&Knobs::lone_after_min, &Knobs::zone, &Knobs::host_zone_off, &Knobs::start_day, &Knobs::start_hour}) {
    knobs.*shared = first.*shared;
  }
  knobs.second_group = 0;
  knobs.clock_back_percent = 0;
  return knobs;
}

Knobs draw_knobs(std::uint64_t seed) {
  std::map<std::size_t, Random> streams;
  for (const std::size_t stream : {1U, 3U, 4U, 7U, 8U, 9U, 10U, 11U, 13U, 14U, 15U, 16U})
    streams.emplace(stream, Random(seed_of_part(seed, stream)));
  Random& random = streams.at(1);
  Knobs knobs;
  for (const auto& knob : knob_list) {
    Random& source = streams.at(knob.stream);
    const auto least = static_cast<std::size_t>(knob.least);
    const int drawn = static_cast<int>(source.between(least, static_cast<std::size_t>(knob.most)));
    const bool off = knob.fault && source.chance(1, 2);
    knobs.*knob.value = off ? 0 : drawn;
  }
  knobs.lone_after_min = streams.at(4).pick(std::vector{10, 10, 10, 0, 1, 30});
  if (knobs.switch_at_percent > 0) knobs.switch_at_percent = streams.at(14).pick(std::vector{80, 90, 95, 95, 98, 50});
  knobs.hosts = 0;
  if (!streams.at(16).chance(1, 4)) knobs.pauses = 0;
  draw_rules(knobs, random);
  draw_fleet(knobs, random);
  draw_start(knobs, random);
  return knobs;
}

std::string format_knobs(const Knobs& knobs) {
  std::string text;
  for (const auto& knob : knob_list) {
    if (!text.empty()) text += ' ';
    text += fmt::format("{}={}", knob.name, knobs.*knob.value);
  }
  return text;
}

KnobSetting parse_knob(std::string_view text) {
  const auto equals = std::min(text.find('='), text.size());
  const std::string name(text.substr(0, equals));
  const auto* const knob =
      std::find_if(knob_list.begin(), knob_list.end(), [&](const auto& known) { return known.name == name; });
  if (knob == knob_list.end()) {
    std::vector<std::string> names;
    names.reserve(knob_list.size());
    for (const auto& known : knob_list) names.emplace_back(known.name);
    throw std::invalid_argument(fmt::format("{} is no knob{}", in_quotes(name), suggest(name, names)));
  }
  int value = 0;
  const std::string_view number = equals < text.size() ? text.substr(equals + 1) : "";
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  const bool whole = error == std::errc{} && end == number.data() + number.size();
  if (!whole || value < knob->least || value > knob->most) {
    throw std::invalid_argument(
        fmt::format("{}: should be {}=NUMBER, from {} to {}", in_quotes(text), name, knob->least, knob->most));
  }
  return {name, value};
}

void set_knobs(Knobs& knobs, const std::vector<KnobSetting>& settings) {
  for (const auto& setting : settings) {
    for (const auto& knob : knob_list) {
      if (knob.name == setting.name) knobs.*knob.value = setting.value;
    }
  }
  // At least one session must be watched: if one kind is set to 0, the other is not.
  if (knobs.pool_sessions + knobs.dedicated_sessions == 0) knobs.dedicated_sessions = 1;
}

void check_settings(const std::vector<KnobSetting>& settings) {
  const auto is_none = [&](std::string_view name) {
    return std::any_of(settings.begin(), settings.end(),
                       [&](const auto& setting) { return setting.name == name && setting.value == 0; });
  };
  if (is_none("pool_sessions") && is_none("dedicated_sessions")) {
    throw std::invalid_argument("pool_sessions and dedicated_sessions are both 0; one should not be");
  }
}

std::uint64_t parse_seed(std::string_view text) {
  std::uint64_t seed = 0;
  const char* const last = text.data() + text.size();
  const auto decimal = std::from_chars(text.data(), last, seed);
  if (!text.empty() && decimal.ec == std::errc{} && decimal.ptr == last) return seed;
  const bool hash =
      !text.empty() && text.size() <= 64 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
  if (!hash) {
    throw std::invalid_argument(fmt::format("{} is no seed; write a number, or a commit hash", in_quotes(text)));
  }
  // The first sixteen digits fill a seed and suffice to distinguish commits.
  seed = 0;
  const auto digits = text.substr(0, 16);
  std::from_chars(digits.data(), digits.data() + digits.size(), seed, 16);
  return seed;
}

}  // namespace quotawatch::sim
