// Judging a screen, compared with the original monitor's loop: lower-case a copy of the text, then
// search for each substring.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <re2/re2.h>

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
constexpr std::array<std::string_view, 4> error_patterns{"api_error", "overloaded_error", "internal server error",
                                                         "api error: 5"};

template <typename Patterns>
bool contains_any(std::string_view text, const Patterns& patterns) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char character) { return static_cast<char>(std::tolower(character)); });
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](std::string_view pattern) { return lower.find(pattern) != std::string::npos; });
}

bool seed_judges_exhausted(std::string_view text) {
  return contains_any(text, quota_patterns) && !contains_any(text, error_patterns);
}

void seed_loop(benchmark::State& state, const std::string& text) {
  for (auto _ : state) benchmark::DoNotOptimize(seed_judges_exhausted(text));
}

void judge_tail(benchmark::State& state, const std::string& text) {
  Judge judge(load_pack("seed"));
  for (auto _ : state) benchmark::DoNotOptimize(judge.read(text));
}

// More screens than the judge caches, different only in a number, so that each is judged.
void judge_screen(benchmark::State& state, const std::string& text) {
  constexpr int distinct = 8192;
  Judge judge(load_packs("auto"));
  std::vector<std::string> screens;
  for (int i = 0; i < distinct; ++i) screens.push_back(fmt::format("step {}\n{}", i, text));
  std::size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(judge.read(screens[next++ % distinct]));
}

// One pass of RE2 over the raw screen for all words of the packs.
void scan_once(benchmark::State& state, const std::string& text) {
  std::string words;
  for (const auto& pack : load_packs("auto")) {
    for (const auto& word : pack.words) words += (words.empty() ? "(?i)" : "|") + word;
  }
  const RE2 any(words);
  for (auto _ : state) benchmark::DoNotOptimize(RE2::PartialMatch(text, any));
}

template <typename Function>
void add(const std::string& name, Function function, const std::string& text) {
  benchmark::RegisterBenchmark(name.c_str(), function, text);
}

[[maybe_unused]] const bool registered = [] {
  const std::string loop = "/baseline: the seed's loop";
  for (const bool hit : {false, true}) {
    const std::string what = std::string("judge 3 lines, ") + (hit ? "a hit" : "no hit");
    add(what + "/quotawatch", judge_tail, tail(hit));
    add(what + loop, seed_loop, tail(hit));
  }
  const std::vector<std::pair<std::string, Scene>> scenes{
      {"nothing said", Scene::quiet}, {"talk of limits", Scene::talk}, {"a hit", Scene::hit}};
  for (const auto& [name, scene] : scenes) {
    add("judge 40x120, " + name + "/quotawatch", judge_screen, full_screen(scene));
    add("judge 40x120, " + name + loop, seed_loop, full_screen(scene));
  }
  add("judge 40x120, nothing said, again/quotawatch", judge_screen, full_screen(Scene::quiet));
  add("judge 40x120, nothing said, again/baseline: one RE2 pass", scan_once, full_screen(Scene::quiet));
  return true;
}();

}  // namespace
}  // namespace quotawatch::bench
