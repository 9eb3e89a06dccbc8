// `simulate` as a user runs it: what it prints, refuses and saves; and with a bug in the program,
// which it must find, minimise and save.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/end_to_end/program.h"
#include "tests/os/support.h"

namespace quotawatch::testing_support {
namespace {

namespace fs = std::filesystem;
using os::testing_support::read_file;
using os::testing_support::run_program;
using os::testing_support::TemporaryFolder;
using os::testing_support::write_file;

std::vector<nlohmann::json> seeds_of(const std::string& output) { return parse_journal(output); }

// Runs the program with this mutant.
os::testing_support::ProgramResult run_with_bug(const std::string& bug, std::vector<std::string> arguments) {
  const char* program = std::getenv("CANARY_QUOTAWATCH");  // NOLINT(concurrency-mt-unsafe)
  std::vector<std::string> command{"env", "QUOTAWATCH_MUTANT=" + bug, program == nullptr ? "no-program" : program};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run_program(std::move(command));
}

TEST(SimulateTest, PrintsOneObjectPerSeedAndTheTotalsSeparately) {
  const auto result = run_quotawatch({"simulate", "--seeds", "3..6", "--days", "2", "--json"});
  EXPECT_EQ(result.exit_status, 0) << result.error_output;
  const auto seeds = seeds_of(result.output);
  ASSERT_EQ(seeds.size(), 4U);
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    EXPECT_EQ(seeds[i]["seed"], 3 + i);
    EXPECT_EQ(seeds[i]["digest"].get<std::string>().size(), 32U);
    EXPECT_GT(seeds[i]["polls"], 0);
    EXPECT_EQ(seeds[i]["false_switches"], 0);
    EXPECT_EQ(seeds[i]["missed"], 0);
    EXPECT_TRUE(seeds[i].contains("switches"));
    EXPECT_TRUE(seeds[i]["failure"].is_null());
  }
  EXPECT_NE(result.error_output.find("4 seeds, "), std::string::npos) << result.error_output;
  EXPECT_NE(result.error_output.find("0 failed on safety, 0 on liveness"), std::string::npos);
}

TEST(SimulateTest, ShardsAreAllSeedsOnce) {
  std::string whole;
  std::vector<nlohmann::json> parts;
  for (const char* shard : {"1/3", "2/3", "3/3"}) {
    const auto result = run_quotawatch({"simulate", "--seeds", "1..7", "--days", "0.5", "--json", "--shard", shard});
    for (auto& seed : seeds_of(result.output)) parts.push_back(std::move(seed));
  }
  auto all = seeds_of(run_quotawatch({"simulate", "--seeds", "1..7", "--days", "0.5", "--json", "--jobs", "2"}).output);
  const auto by_seed = [](const auto& a, const auto& b) { return a["seed"] < b["seed"]; };
  std::sort(parts.begin(), parts.end(), by_seed);
  EXPECT_EQ(parts, all);
}

TEST(SimulateTest, ACommitIsASeedAndItsKnobsArePrinted) {
  const auto result = run_quotawatch({"simulate", "--seed", "8cd96b5", "--days", "1"});
  EXPECT_EQ(result.exit_status, 0) << result.error_output;
  EXPECT_EQ(result.output.rfind("knobs pool_sessions=", 0), 0U) << result.output;
  EXPECT_TRUE(has(result.output, "\n  switches "));
  EXPECT_FALSE(has(result.output, "\nreached\n"));
  const auto full = run_quotawatch({"simulate", "--seed", "8cd96b5", "--days", "1", "-v"});
  EXPECT_TRUE(has(full.output, "\nreached\n"));
  const auto set = run_quotawatch({"simulate", "--seed", "8cd96b5", "--days", "1", "--set", "crashes=99"});
  EXPECT_NE(set.output.find(" crashes=99 "), std::string::npos);
}

// Writes the output of --json of three shards of these seeds.
std::vector<std::string> write_shards(const TemporaryFolder& folder, const std::string& seeds) {
  std::vector<std::string> files;
  for (const std::string shard : {"3", "1", "2"}) {
    files.push_back(folder / ("shard-" + shard));
    write_file(files.back(), run_quotawatch({"simulate", "--seeds", seeds, "--days", "0.5", "--json", "--shard",
                                             shard + "/3", "--save", folder / "saved"})
                                 .output);
  }
  return files;
}

std::string without_times(const std::string& summary) {
  const auto times = summary.find(" in ");
  return summary.substr(0, times) + summary.substr(summary.find('\n', times));
}

TEST(SimulateTest, ShardsPutTogetherPrintWhatOneRunPrints) {
  const TemporaryFolder folder;
  std::vector<std::string> merge{"simulate", "-v", "--seeds", "1..10", "--junit", folder / "results.xml", "--merge"};
  const auto files = write_shards(folder, "1..10");
  merge.insert(merge.end(), files.begin(), files.end());
  const auto merged = run_quotawatch(merge);
  EXPECT_EQ(merged.exit_status, 0) << merged.error_output;
  const auto one_run = run_quotawatch({"simulate", "-v", "--seeds", "1..10", "--days", "0.5", "--jobs", "2"});
  EXPECT_EQ(merged.output, without_times(one_run.output));
  EXPECT_TRUE(has(read_file(folder / "results.xml"), "tests=\"10\" failures=\"0\""));
}

TEST(SimulateTest, ShardsThatAreNotTheWholeAreRefused) {
  const TemporaryFolder folder;
  const auto files = write_shards(folder, "1..7");
  auto result = run_quotawatch({"simulate", "--seeds", "1..7", "--merge", files[0], files[2]});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_TRUE(has(result.error_output, "of the seeds 1..7 these are missing: 1, 4, 7"));
  result = run_quotawatch({"simulate", "--seeds", "1..6", "--merge", files[0], files[1], files[2]});
  EXPECT_TRUE(has(result.error_output, "seed 7 is none of the seeds 1..6"));
  result = run_quotawatch({"simulate", "--merge", files[0], files[1], files[0]});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_TRUE(has(result.error_output, files[0] + ":1: seed 3 is already in line 1 of "));
  result = run_quotawatch({"simulate", "--merge", files[0], files[2]});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_TRUE(has(result.error_output, "seed 4 is missing"));
  write_file(folder / "empty", "");
  EXPECT_EQ(run_quotawatch({"simulate", "--merge", folder / "empty"}).exit_status, 2);
}

// As docs/simulate.md has it, if GNU parallel is installed.
TEST(SimulateTest, TheDocumentedRunOnGnuParallelWorks) {
  if (run_program({"sh", "-c", "parallel --version 2>/dev/null | grep -q GNU"}).exit_status != 0) {
    GTEST_SKIP() << "needs GNU parallel";
  }
  const TemporaryFolder folder;
  const std::string page = read_file(fs::path(demo()).parent_path().parent_path() / "docs/simulate.md");
  const auto begin = page.find("```sh\n", page.find("## GNU parallel")) + 6;
  write_file(folder / "commands", "set -e\n" + page.substr(begin, page.find("```", begin) - begin));
  const auto result =
      run_program({"sh", "-c", "cd \"$1\" && PATH=\"$(dirname \"$2\"):$PATH\" && export PATH && . ./commands", "sh",
                   folder.path(), fs::absolute(binary_path())});
  EXPECT_EQ(result.exit_status, 0) << result.error_output;
  EXPECT_TRUE(result.output.starts_with("20 seeds, 0.01 years of a fleet\n")) << result.output;
}

TEST(SimulateTest, WhatIsWrongIsRefusedWithTwo) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
      {{"--seeds", "9..3"}, "should go up"},
      {{"--seeds", "9"}, "write 1..2000"},
      {{"--seed", "abcxyz"}, "is no seed"},
      {{"--days", "0"}, "--days"},
      {{"--shard", "0/2"}, "write 1/4 to 4/4"},
      {{"--shard", "2/2"}, "is none"},
      {{"--set", "polls=3"}, "is no knob"},
      {{"--set", "accounts=7"}, "from 0 to 6"},
      {{"--set", "pool_sessions=0", "--set", "dedicated_sessions=0"}, "one should not be"},
      {{"--seeds", "1..2", "--html", "x"}, "name it with --seed"},
      {{"--seed", "1", "--merge", "x"}, "--merge"},
      {{"--merge", "/dev/null"}, "is empty"},
      {{"--seed", "1", "--seeds", "1..2"}, "--seed"}};
  for (const auto& [arguments, message] : wrong) {
    std::vector<std::string> command{"simulate"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const auto result = run_quotawatch(command);
    EXPECT_EQ(result.exit_status, 2) << message;
    EXPECT_NE(result.error_output.find(message), std::string::npos) << result.error_output;
    EXPECT_EQ(result.output, "") << message;
  }
}

TEST(SimulateTest, APathThatIsNeverReachedFailsWhereThatIsRequired) {
  const auto result = run_quotawatch({"simulate", "--seed", "1", "--days", "1", "--require-reach"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_NE(result.output.find("never reached: "), std::string::npos);
}

TEST(SimulateTest, DrawsItsRunAsAPage) {
  const TemporaryFolder folder;
  const auto result = run_quotawatch({"simulate", "--seed", "3", "--days", "1", "--html", folder / "page.html"});
  EXPECT_EQ(result.exit_status, 0) << result.error_output;
  EXPECT_NE(read_file(folder / "page.html").find("seed 3"), std::string::npos);
}

TEST(SimulateTest, DrawsEachHostWithTheOthersAsLanes) {
  const TemporaryFolder folder;
  const auto page = folder / "page.html";
  const auto result = run_quotawatch({"simulate", "--seed", "3", "--days", "0.5", "--set", "hosts=3", "--html", page});
  EXPECT_EQ(result.exit_status, 0) << result.error_output;
  const std::string text = read_file(page);
  for (const char* host : {"host-1", "host-2", "host-3"}) {
    EXPECT_NE(text.find(fmt::format(R"("title":"{}")", host)), std::string::npos) << host;
    EXPECT_NE(text.find(fmt::format(R"({{"name":"{}","kind":"accounts")", host)), std::string::npos) << host;
  }
}

TEST(SimulateTest, FindsABugAndSavesWhatReplayFailsOn) {
  const TemporaryFolder folder;
  const std::string bug = "old banners are fresh";
  const auto found = run_with_bug(bug, {"simulate", "--seeds", "1..6", "--days", "4", "--save", folder / "failures"});
  EXPECT_EQ(found.exit_status, 3) << found.error_output;
  EXPECT_NE(found.output.find("FAILED: stale evidence @"), std::string::npos) << found.output;
  EXPECT_NE(found.output.find("  again  quotawatch simulate --seed "), std::string::npos);
  std::size_t files = 0;
  for (const auto& file : fs::directory_iterator(folder / "failures")) {
    ++files;
    EXPECT_LT(fs::file_size(file), 20'000U) << file;
  }
  ASSERT_GT(files, 0U);
  // With the bug, replay fails on each by the invariant; without it, by the decision.
  const auto again = run_with_bug(bug, {"replay", folder / "failures"});
  EXPECT_EQ(again.exit_status, 3) << again.output;
  EXPECT_NE(again.output.find(fmt::format("0 passed, {} failed\n", files)), std::string::npos);
  EXPECT_EQ(run_quotawatch({"replay", folder / "failures"}).exit_status, 1);
}

TEST(SimulateTest, ABugThatBringsNoSwitchEndsWithFour) {
  const TemporaryFolder folder;
  const auto found =
      run_with_bug("a suspicion is never remembered", {"simulate", "--seed", "3", "--days", "4", "--json", "--save",
                                                       folder / "failures", "--junit", folder / "results.xml"});
  EXPECT_EQ(found.exit_status, 4) << found.error_output;
  const auto seeds = seeds_of(found.output);
  ASSERT_EQ(seeds.size(), 1U);
  EXPECT_GT(seeds[0]["missed"], 0);
  EXPECT_EQ(seeds[0]["failure"]["invariant"], "liveness");
  const std::string xml = read_file(folder / "results.xml");
  EXPECT_TRUE(has(xml, "name=\"seed 3\" file=\"" + folder.path() + "/failures/seed-3-liveness.transcript\""));
  EXPECT_TRUE(has(xml, "<failure message=\"liveness @"));
  const auto again = run_with_bug("a suspicion is never remembered", {"replay", folder / "failures"});
  EXPECT_EQ(again.exit_status, 4) << again.output;
}

TEST(SimulateTest, AKillAtAnyMomentCanBeReproduced) {
  const TemporaryFolder folder;
  const auto found = run_with_bug("a request is not saved", {"simulate", "--seed", "3", "--days", "1", "--every-crash",
                                                             "--set", "crashes=0", "--save", folder / "failures"});
  EXPECT_EQ(found.exit_status, 3) << found.output;
  EXPECT_NE(found.output.find("FAILED: crash @"), std::string::npos) << found.output;
  EXPECT_EQ(run_with_bug("a request is not saved", {"replay", folder / "failures"}).exit_status, 3);
}

}  // namespace
}  // namespace quotawatch::testing_support
