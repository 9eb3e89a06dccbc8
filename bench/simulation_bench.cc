// Simulated years per second on one core, and how the time is spent.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "quotawatch/event.h"
#include "sim/world/simulation.h"

namespace quotawatch::bench {
namespace {

constexpr Milliseconds year = std::chrono::hours{24 * 365};
constexpr Milliseconds stretch = year / 12;

enum class Fleet { asleep, faultless, usual };

// Twelve sessions, polls every 30 s. `asleep`: almost no work, so only polls count.
sim::Knobs knobs_of(Fleet fleet) {
  sim::Knobs knobs = sim::usual_knobs();
  if (fleet == Fleet::asleep) knobs.busy_percent = 1;
  if (fleet == Fleet::usual) return knobs;
  for (int* fault : {&knobs.tmux_down, &knobs.tmux_slow, &knobs.tmux_hung, &knobs.tmux_garbled, &knobs.capture_fails,
                     &knobs.clock_steps, &knobs.clock_slews, &knobs.suspends, &knobs.stalls, &knobs.restarts,
                     &knobs.crashes, &knobs.state_damages, &knobs.disk_full}) {
    *fault = 0;
  }
  return knobs;
}

void simulate_fleet(benchmark::State& state, Fleet fleet) {
  spdlog::set_level(spdlog::level::off);  // full disks are part of the world
  sim::SimulationTools tools;
  sim::SimulationOptions options;
  options.settings = sim::settings_of(knobs_of(fleet));
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
