// A failing run is minimised, still fails, and is saved so that replay fails on it by nothing else.
#include "sim/replay/minimise.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support.h"

namespace quotawatch::sim {
namespace {

using tests::options_of;
using tests::tools;

// A long run with one wrong truth: a session whose banner names another reset than the truth. No record knows better.
Transcript run_with_a_lie(std::uint64_t seed) {
  auto options = options_of(seed, 2);
  options.settings = {
      {"interactive_threshold", 1}, {"dedicated_sessions", 1}, {"record_percent", 0}, {"second_group", 0}};
  auto recording = *simulate(options, tools()).recording;
  const Milliseconds at = std::chrono::hours{30};
  const auto after = std::find_if(recording.events.begin(), recording.events.end(),
                                  [&](const auto& event) { return event.offset > at; });
  SetTruth wrong_truth{"desk-1", {}};
  wrong_truth.truth.says = Verdict::exhausted;
  wrong_truth.truth.conversation = "a lie";
  wrong_truth.truth.message = "a lie";
  wrong_truth.truth.resets_at = recording.start + at + std::chrono::hours{30};
  ShowScreen shown{"desk-1", 80, 24, {"❯ go on", "  ⎿  You've hit your limit · resets 8pm"}};
  recording.events.insert(after, {{at, wrong_truth, 0}, {at, shown, 0}});
  return recording;
}

// Of the first world in which the lie decides a switch: in others a cooldown or the like is in its way.
Transcript run_with_a_lie() {
  for (std::uint64_t seed = 1; seed < 100; ++seed) {
    auto run = run_with_a_lie(seed);
    const auto violations = replay(run, tools().judges).violations;
    if (std::ranges::find(violations, "reset", &Violation::invariant) != violations.end()) return run;
  }
  ADD_FAILURE() << "no world believes the lie";
  return run_with_a_lie(1);
}

TEST(Minimise, LeavesLittleThatStillFails) {
  const auto whole = run_with_a_lie();
  const auto small = minimise(whole, "reset", tools().judges, 3000);
  ASSERT_TRUE(small.fails);
  EXPECT_GT(whole.events.size(), 100U);
  EXPECT_LE(small.transcript.events.size(), 8U);
  EXPECT_LT(small.transcript.until, std::chrono::hours{1});
  EXPECT_LT(small.tries, 3000U);
}

TEST(Minimise, KeepsToItsTries) {
  const auto small = minimise(run_with_a_lie(), "reset", tools().judges, 5);
  EXPECT_TRUE(small.fails);
  EXPECT_LE(small.tries, 5U);
}

TEST(Minimise, WhatDoesNotFailIsLeftAlone) {
  const auto whole = *simulate(options_of(4, 1), tools()).recording;
  const auto same = minimise(whole, "false switch", tools().judges, 100);
  EXPECT_FALSE(same.fails);
  EXPECT_EQ(same.transcript.events.size(), whole.events.size());
}

TEST(FailingTranscript, FailsByTheInvariantAlone) {
  const auto small = minimise(run_with_a_lie(), "reset", tools().judges, 3000);
  const auto text = failing_transcript(small.transcript, tools().judges, {"why\nand how"});
  EXPECT_NE(text.find("\n# why\\nand how\n"), std::string::npos) << text.substr(0, 400);
  const auto result = replay(parse_transcript(text, "saved"), tools().judges);
  EXPECT_TRUE(result.mismatches.empty());
  ASSERT_EQ(result.violations.size(), 1U);
  EXPECT_EQ(result.violations.front().invariant, "reset");
}

}  // namespace
}  // namespace quotawatch::sim
