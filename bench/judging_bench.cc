// Judging a screen, against the loop the original monitor used: lower-case a copy
// of the text, then look for each substring.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "bench/screens.h"
#include "quotawatch/judge.h"

namespace quotawatch::bench {
namespace {

constexpr std::array<std::string_view, 7> quota_patterns{
    "you've hit your limit", "rate_limit_error",  "quota exceeded", "usage limit reached",
    "claude pro usage",      "too many requests", "5-hour limit"};
constexpr std::array<std::string_view, 4> error_patterns{"api_error", "overloaded_error",
                                                         "internal server error", "api error: 5"};

template <typename Patterns>
bool contains_any(std::string_view text, const Patterns& patterns) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char character) {
    return static_cast<char>(std::tolower(character));
  });
  return std::any_of(patterns.begin(), patterns.end(), [&](std::string_view pattern) {
    return lower.find(pattern) != std::string::npos;
  });
}

bool seed_judges_exhausted(std::string_view text) {
  return contains_any(text, quota_patterns) && !contains_any(text, error_patterns);
}

void seed_loop(benchmark::State& state, const std::string& text) {
  for (auto _ : state) benchmark::DoNotOptimize(seed_judges_exhausted(text));
}

void judge(benchmark::State& state, const std::string& text, std::size_t tail_lines) {
  Pack pack = load_pack("seed");
  pack.tail = tail_lines;
  Judge judge(std::move(pack));
  for (auto _ : state) benchmark::DoNotOptimize(judge.read(text));
}

[[maybe_unused]] const bool registered = [] {
  constexpr std::size_t whole_screen = 40;
  for (const bool hit : {false, true}) {
    const std::string what = hit ? ", a hit" : ", no hit";
    const auto add = [](const std::string& name, auto function, auto... arguments) {
      benchmark::RegisterBenchmark(name.c_str(), function, arguments...);
    };
    add("judge 3 lines" + what + "/quotawatch", judge, tail(hit), std::size_t{3});
    add("judge 3 lines" + what + "/baseline: the seed's loop", seed_loop, tail(hit));
    add("judge 40x120" + what + "/quotawatch", judge, full_screen(hit), whole_screen);
    add("judge 40x120" + what + "/baseline: the seed's loop", seed_loop, full_screen(hit));
  }
  return true;
}();

}  // namespace
}  // namespace quotawatch::bench
