// A seed gives one run: repeated, in parts, in several threads, recorded and replayed, killed
// anywhere.
#include "sim/world/simulation.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sim/world/seed_run.h"
#include "support.h"

namespace quotawatch::sim {
namespace {

using tests::lines_of;
using tests::options_of;
using tests::tools;

constexpr std::uint64_t seeds = 12;

TEST(Simulation, TheSameSeedIsTheSameRun) {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    SimulationTools others;
    const auto once = simulate(options_of(seed), tools());
    const auto again = simulate(options_of(seed), others);
    EXPECT_EQ(lines_of(once.journal), lines_of(again.journal)) << seed;
    EXPECT_EQ(once.digest, again.digest) << seed;
  }
}

TEST(Simulation, OtherSeedsAreOtherRuns) {
  EXPECT_NE(simulate(options_of(1), tools()).digest, simulate(options_of(2), tools()).digest);
}

// A recording that is written and read back replays to the same journal.
TEST(Simulation, ARecordingReplaysToTheSameJournal) {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const auto run = simulate(options_of(seed), tools());
    ASSERT_TRUE(run.recording);
    const auto text = write_transcript(*run.recording);
    const auto read_back = parse_transcript(text, "recording");
    ASSERT_EQ(read_back.events.size(), run.recording->events.size()) << seed;
    EXPECT_EQ(lines_of(play(read_back, tools().judges)), lines_of(run.journal)) << seed;
  }
}

TEST(Simulation, RecordingChangesNothing) {
  auto options = options_of(5);
  const auto recorded = simulate(options, tools());
  options.record = false;
  const auto plain = simulate(options, tools());
  EXPECT_EQ(plain.digest, recorded.digest);
  EXPECT_FALSE(plain.recording);
}

TEST(Simulation, SettingsOverrideWhatTheSeedDraws) {
  auto options = options_of(5, 1);
  options.settings = {{"poll_interval_s", 60}, {"restarts", 0},         {"crashes", 0},       {"stalls", 0},
                      {"tmux_slow", 0},        {"tmux_hung", 0},        {"state_damages", 0}, {"resume", 0},
                      {"by_pattern", 0},       {"switch_at_percent", 0}};
  EXPECT_EQ(simulate(options, tools()).quality.polls, 24U * 60U);
}

std::vector<std::string> digests(std::vector<std::uint64_t> of, std::size_t jobs) {
  SeedRun run;
  run.seeds = std::move(of);
  run.options = options_of(0, 1);
  run.jobs = jobs;
  std::vector<std::string> found;
  run_seeds(run, [&](const auto& result) { found.push_back(fmt::format("{} {}", result.seed, result.digest)); }, {});
  return found;
}

TEST(SeedRun, AnyNumberOfJobsGivesTheSameResultsInTheSameOrder) {
  const std::vector<std::uint64_t> all{9, 3, 4, 1, 5, 12, 6, 2};
  const auto one = digests(all, 1);
  ASSERT_EQ(one.size(), all.size());
  EXPECT_EQ(digests(all, 2), one);
  EXPECT_EQ(digests(all, 20), one);
}

TEST(SeedRun, TheCallbackMayEndTheRun) {
  SeedRun run;
  run.seeds = {1, 2, 3, 4, 5, 6, 7, 8};
  run.options = options_of(0, 1);
  run.jobs = 2;
  const auto end = [](const auto&) { throw std::runtime_error("enough"); };
  EXPECT_THROW(run_seeds(run, end, {}), std::runtime_error);
}

// A kill at each crash moment breaks nothing, whatever else happens; and a recording of such a run
// is killed at the same moment.
// `simulate --every-crash` tries every moment; here their recordings are played, too.
TEST(EveryCrash, BreaksNothing) {
  for (const std::uint64_t seed : {7U, 8U}) {
    auto options = options_of(seed, 1);
    options.duration = std::chrono::hours{7};
    const std::size_t moments = simulate(options, tools()).crash_moments;
    ASSERT_GT(moments, 20U);
    for (std::size_t moment = 0; moment < moments; moment += 24) {
      options.crash_moment = moment;
      const auto run = simulate(options, tools());
      ASSERT_TRUE(run.violations.empty()) << seed << " at " << moment << ": " << run.violations.front().what;
      ASSERT_EQ(lines_of(play(*run.recording, tools().judges)), lines_of(run.journal)) << moment;
    }
  }
}

}  // namespace
}  // namespace quotawatch::sim
