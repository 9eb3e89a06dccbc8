// One decision, and a whole virtual day of a fleet.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <string>

#include "bench/screens.h"
#include "quotawatch/step.h"
#include "sim/replay/replay.h"

namespace quotawatch::bench {
namespace {

constexpr int sessions = 12;

void decide(benchmark::State& state) {
  const DecisionRules rules{{}, {"a", "b"}, Zone::utc()};
  Evidence evidence;
  for (int i = 0; i < sessions; ++i) {
    evidence.hits.push_back({fmt::format("s-{}", i), true, true, "rule", "a banner", "", {}, {}});
  }
  State now_state = start_state(std::nullopt, "a", {});
  for (auto _ : state) {
    auto [next, decision] = step(rules, std::move(now_state), evidence, {});
    benchmark::DoNotOptimize(decision);
    now_state = std::move(next);
  }
}
BENCHMARK(decide)->Name("step, 12 sessions/quotawatch");

// 2,880 polls of 12 panes at 30 s; each pane shows something new every ten minutes.
std::string day_transcript() {
  std::string text =
      "quotawatch-transcript 1\nstart 2026-11-23T00:00:00Z\nconfig "
      "{\"pool\":{\"autonomous\":{\"max\":12}},\"pack\":\"seed\"}\nuntil 24h\n\n";
  for (int minute = 0; minute < 24 * 60; minute += 10) {
    for (int session = 0; session < sessions; ++session) {
      text += fmt::format("@{}m screen ccl-auto-{} 120x40\n|minute {}\n", minute, session, minute);
      const std::string screen = full_screen(Scene::quiet);
      for (std::size_t at = 0; at < screen.size();) {
        const auto end = screen.find('\n', at);
        if (end - at > 100) text += "|" + screen.substr(at, end - at) + "\n";
        at = end + 1;
      }
    }
  }
  return text;
}

void replay_day(benchmark::State& state) {
  const auto transcript = parse_transcript(day_transcript(), "day");
  JudgeCache judges;
  judges.find(transcript.config.pack);
  for (auto _ : state) benchmark::DoNotOptimize(sim::play(transcript, judges));
}
BENCHMARK(replay_day)->Name("replay a day, 2880 polls of 12 panes/quotawatch")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace quotawatch::bench
