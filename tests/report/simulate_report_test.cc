// What `simulate` prints while it works, and its lines of JSON, which --merge reads.
#include "report/simulate_report.h"

#include <gtest/gtest.h>

#include "quotawatch/input_error.h"
#include "tests/support.h"

namespace quotawatch {
namespace {

using namespace std::chrono_literals;

TEST(SimulateProgressTest, HasABarRatesAndTheTimeLeft) {
  const SimulateProgress half{50, 100, 1, 24h * 365, 10s};
  EXPECT_EQ(progress_line(half, 120),
            "[###############...............]  50% 50 of 100 seeds, 5.0 a second, 0.10 years a second, 10s left, "
            "1 failed");
}

TEST(SimulateProgressTest, FitsTheTerminal) {
  const SimulateProgress half{50, 100, 1, 24h * 365, 10s};
  for (std::size_t columns = 1; columns < 130; ++columns) {
    EXPECT_LT(progress_line(half, columns).size(), columns) << columns;
  }
  EXPECT_TRUE(progress_line(half, 80).starts_with(" 50% 50 of 100 seeds"));
  EXPECT_TRUE(progress_line(half, 90).starts_with("[####"));
}

TEST(SimulateProgressTest, PromisesNothingBeforeTheFirstSeed) {
  EXPECT_EQ(progress_line({0, 100, 0, 0ms, 10s}, 70),
            "  0% 0 of 100 seeds, 0.0 a second, 0.00 years a second, 0 failed");
}

SeedReport failed_seed() {
  SeedReport report;
  report.seed = 0xffff'ffff'ffff'fff0;
  report.digest = "abc";
  report.simulated = 24h;
  report.hosts = 2;
  report.quality.polls = 2880;
  report.quality.delay_max = 61s;
  report.early.left = 3;
  report.asks_to_go_on = true;
  report.coverage.add(sim::Mark::veto);
  report.coverage.add(sim::Mark::veto);
  report.failure = SeedFailure{"liveness", "60s", "none came\n", "quotawatch simulate --seed 1", "", "", "accounts=2"};
  return report;
}

TEST(SeedReportTest, IsReadAsItWasWritten) {
  const std::string line = seed_json(failed_seed());
  const SeedReport read = parse_seed_json(line, "shard", 1);
  EXPECT_EQ(seed_json(read), line);
  EXPECT_EQ(read.seed, 0xffff'ffff'ffff'fff0);
  EXPECT_EQ(read.coverage[sim::Mark::veto], 2U);
  EXPECT_TRUE(read.failure->of_liveness());
}

TEST(SimulateTotalsTest, OfHostsOnlyWhatIsMeasuredOfThem) {
  SeedReport report;
  report.hosts = 3;
  report.quality.switches = 7;
  SimulateTotals totals;
  totals.add(report);
  EXPECT_EQ(totals_text(totals, std::nullopt, false),
            "1 seed, 0.00 years of a fleet\n  hosts        3 in 1 seed agreed on 7 switches\n"
            "0 failed on safety, 0 on liveness\n");
  report.hosts = 0;
  totals.add(report);
  const std::string both = totals_text(totals, std::nullopt, false);
  EXPECT_NE(both.find("  hosts        3 in 1 seed agreed on 7 switches\n"), std::string::npos) << both;
  EXPECT_NE(both.find("  switches     7; "), std::string::npos) << both;
  EXPECT_NE(both.find("never reached: "), std::string::npos) << both;
}

std::string refusal_of(const std::string& line) {
  try {
    parse_seed_json(line, "shard", 7);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(SeedReportTest, WhatIsNoneIsRefusedWithFileAndLine) {
  const std::string line = seed_json(failed_seed());
  EXPECT_EQ(refusal_of(tests::replaced(line, "\"veto\":2", "\"vetos\":2")),
            "shard:7: reached.vetos: is no path that this version knows; merge with the version that wrote it");
  EXPECT_EQ(refusal_of(tests::replaced(line, "\"polls\":2880,", "")), "shard:7: the key \"polls\" is missing");
  EXPECT_TRUE(refusal_of(tests::replaced(line, "2880", "-1")).starts_with("shard:7: polls: should be a whole number"));
  EXPECT_TRUE(refusal_of(tests::replaced(line, "\"liveness\"", "3")).starts_with("shard:7: failure.invariant: "));
  EXPECT_TRUE(refusal_of(line.substr(0, 40)).starts_with("shard:7: "));
}

}  // namespace
}  // namespace quotawatch
