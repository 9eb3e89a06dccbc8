// Simulated years per second on one core, and how the time is spent.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <sstream>

#include "quotawatch/event.h"
#include "sim/world/simulation.h"

namespace quotawatch::bench {
namespace {

constexpr Milliseconds year = std::chrono::hours{24 * 365};
constexpr Milliseconds stretch = year / 12;

enum class Fleet { asleep, faultless, usual };

// Every knob is set, so that only the seed differs between runs. Faults are at a tenth of their maximum,
// as in a bad year.
constexpr const char* fleet_knobs =
    "pool_sessions=10 dedicated_sessions=2 accounts=3 claude_percent=80 narrowest_columns=90 widest_columns=140 "
    "poll_interval_s=30 cooldown_s=600 pool_threshold=2 interactive_threshold=1 count_throttled=1 "
    "unknown_reset_min=60 switch_timeout_s=120 zone=3 host_zone_off=1 start_day=182 start_hour=11 busy_percent=25 "
    "window_work_h=16 week_work_h=200 unnamed_percent=50 wake_percent=50 talk_percent=10 server_error_percent=2 "
    "throttle_percent=2 auth_percent=1 warning_percent=10 vetoed_percent=3 late_banner_percent=4 redraw_percent=20 "
    "half_drawn_percent=5 operator_percent=2 snap_percent=30 hook_slow_percent=5 hook_fail_percent=4 "
    "hook_hang_percent=2 hook_half_percent=2 same_time_percent=50 server_lag_percent=6 forged_percent=1 "
    "shell_percent=50 account_commands=2";
constexpr const char* fault_knobs =
    "tmux_down=2 tmux_slow=2 tmux_hung=2 tmux_garbled=2 capture_fails=10 clock_steps=1 clock_slews=1 suspends=1 "
    "stalls=4 restarts=6 crashes=10 state_damages=1 disk_full=1";

void add_settings(const char* text, std::vector<sim::KnobSetting>& settings) {
  std::istringstream words(text);
  for (std::string word; words >> word;) settings.push_back(sim::parse_knob(word));
}

// `asleep`: almost no work, so only polls count.
std::vector<sim::KnobSetting> settings_of(Fleet fleet) {
  std::vector<sim::KnobSetting> settings;
  add_settings(fleet_knobs, settings);
  add_settings(fault_knobs, settings);
  if (fleet == Fleet::asleep) settings.push_back({"busy_percent", 1});
  if (fleet == Fleet::usual) return settings;
  const std::size_t first_fault = settings.size();
  add_settings(fault_knobs, settings);
  for (std::size_t i = first_fault; i < settings.size(); ++i) settings[i].value = 0;
  return settings;
}

void simulate_fleet(benchmark::State& state, Fleet fleet) {
  spdlog::set_level(spdlog::level::off);  // full disks are part of the world
  sim::SimulationTools tools;
  sim::SimulationOptions options;
  options.settings = settings_of(fleet);
  options.duration = stretch;
  for (auto _ : state) {
    ++options.seed;
    const auto result = sim::simulate(options, tools);
    if (!result.violations.empty()) state.SkipWithError("an invariant broke");
  }
  const double years = static_cast<double>(stretch / Milliseconds{1}) / static_cast<double>(year / Milliseconds{1});
  state.counters["years_a_second"] = benchmark::Counter(years, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK_CAPTURE(simulate_fleet, asleep, Fleet::asleep)
    ->Name("a month of 12 sessions, asleep/quotawatch")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(simulate_fleet, faultless, Fleet::faultless)
    ->Name("a month of 12 sessions, no faults/quotawatch")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(simulate_fleet, usual, Fleet::usual)
    ->Name("a month of 12 sessions/quotawatch")
    ->Unit(benchmark::kMillisecond);

sim::ScreenRecipe banner() {
  sim::ScreenRecipe recipe;
  recipe.program = ScreenKind::claude_code;
  recipe.place = sim::Place::result;
  recipe.text = "You've hit your 5-hour limit · resets 12am (Europe/Paris)";
  recipe.talk = true;
  recipe.earlier_turns = 1;
  return recipe;
}

void draw(benchmark::State& state) {
  const auto recipe = banner();
  for (auto _ : state) benchmark::DoNotOptimize(sim::draw_screen(recipe));
}
BENCHMARK(draw)->Name("drawing a banner's screen/quotawatch");

void judge(benchmark::State& state) {
  constexpr std::size_t distinct = 8192;  // more than the judge caches
  Judge judge(load_packs("auto"));
  std::vector<std::string> screens;
  auto recipe = banner();
  for (std::size_t i = 0; i < distinct; ++i) {
    recipe.ask = fmt::format("go on with step {}", i);
    screens.push_back(sim::draw_screen(recipe));
  }
  std::size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(judge.read(screens[next++ % distinct]));
}
BENCHMARK(judge)->Name("judging it/quotawatch");

void write_line(benchmark::State& state) {
  Event event = make_event(EventKind::verdict, *parse_wall("2026-11-23T19:51:05Z"));
  event.session = "ccl-auto-1";
  event.verdict = "exhausted";
  event.rule = "session-limit";
  event.snippet = banner().text;
  event.reset_at = event.at;
  for (auto _ : state) benchmark::DoNotOptimize(to_json(event));
}
BENCHMARK(write_line)->Name("writing it to a journal/quotawatch");

}  // namespace
}  // namespace quotawatch::bench
