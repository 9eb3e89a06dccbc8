// The report of `replay` about an unexpected decision: it shows the monitor's own numbers.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/end_to_end/program.h"
#include "tests/os/support.h"

namespace quotawatch::testing_support {
namespace {

using os::testing_support::TemporaryFolder;
using os::testing_support::write_file;

// Claude Code 2.0.47 at rest below a turn that ended with `message`.
std::string claude_rows(const std::string& message) {
  const std::string line = "|" + fmt::format("{:─>80}", "") + "\n";
  return "| ▐▛███▜▌   Claude Code v2.0.47\n|\n|> hi\n|  ⎿  " + message + "\n|\n" + line + "|> \n" + line +
         "|  ⏵⏵ bypass permissions on (shift+tab to cycle)\n";
}

// The report about a transcript whose expectations do not hold. `quota`: of its config.
std::string report(const std::string& quota, const std::string& body) {
  const TemporaryFolder folder;
  write_file(folder / "one.transcript",
             "quotawatch-transcript 1\nstart 2026-11-23T12:00:00Z\nconfig {\"quota\":{" + quota +
                 "},\"pool\":{\"dedicated\":[{\"name\":\"main\"}]},\"accounts\":[{\"name\":\"a\"},"
                 "{\"name\":\"b\"}],\"active_account\":\"a\"}\n" +
                 body);
  const auto result = run_quotawatch({"replay", folder.path(), "--explain"});
  EXPECT_EQ(result.exit_status, 1) << result.output << result.error_output;
  return result.output;
}

TEST(ReplayReportTest, DoesNotCountWhatItsRuleNeverCounts) {
  const auto text = report("", "until 1m\n\n@0s screen main 80x24\n" + claude_rows("API Error: Rate limit reached") +
                                   "\nexpect @60s switch\n");
  EXPECT_TRUE(has(text, "main is throttled by rule transient-throttle"));
  EXPECT_TRUE(has(text, ", no hit: its rule never counts\n"));
  EXPECT_TRUE(has(text, "interactive 0 of 1 needed\n"));
}

TEST(ReplayReportTest, CountsLimitsOfModelsAsConfigured) {
  const std::string body =
      "until 1m\n\n@0s screen main 80x24\n" + claude_rows("Opus limit reached ∙ resets 8pm") + "\nexpect @30s clear\n";
  const auto counted = report("", body + "expect @30s switch\nexpect @30s switch_done\n");
  EXPECT_TRUE(has(counted, ", a fresh hit\n"));
  EXPECT_TRUE(has(counted, "interactive 1 of 1 needed\n"));
  const auto not_counted = report("\"count_model_limits\":false", body);
  EXPECT_TRUE(has(not_counted, ", no hit: quota.count_model_limits is false\n"));
  EXPECT_TRUE(has(not_counted, "interactive 0 of 1 needed\n"));
}

TEST(ReplayReportTest, DistinguishesStaleHitsFromFreshOnes) {
  const auto text =
      report("", "until 11m\n\n@0s screen main 80x24\n" + claude_rows("5-hour limit reached ∙ resets 4pm") +
                     "\nexpect @30s switch\nexpect @30s switch_done\n"
                     "expect @10m30s switch\n");
  EXPECT_TRUE(has(text, "resets 2026-11-23T16:00:00Z, a stale hit\n"));
  EXPECT_TRUE(has(text, "interactive 1 of 1 needed, none fresh\n"));
}

TEST(ReplayReportTest, SaysThatNothingWasCountedBeforeTheFirstPoll) {
  const auto text =
      report("\"poll_interval\":\"1m\"", "until 2m\n\n@0s stall 1m\n@0s screen main 80x24\n|\n\nexpect @30s switch\n");
  EXPECT_TRUE(has(text, "counts    nothing yet, no poll has come\n"));
}

}  // namespace
}  // namespace quotawatch::testing_support
