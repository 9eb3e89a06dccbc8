// The checker of whole runs, with transcripts whose truth contradicts the screens: the monitor then
// does wrong by the truth, which must be reported under the right name and at the right poll.
#include "sim/check/run_checker.h"

#include <gtest/gtest.h>

#include "support.h"

namespace quotawatch::sim {
namespace {

using tests::broken_by;
using tests::story;
using Broken = std::vector<std::string>;

const std::string banner = "|You've hit your limit · resets 4pm\n";
const std::string no_reset = "|You've hit your limit\n";

std::string screen(const std::string& at, const std::string& rows) { return "@" + at + " screen main 80x24\n" + rows; }
std::string truth(const std::string& at, const std::string& what) { return "@" + at + " truth main " + what + "\n"; }

TEST(TruthOfARun, NothingIsWrongWhereItIsWhatScreensSay) {
  EXPECT_EQ(broken_by(story("3m", truth("0s",
                                        "exhausted conversation=1 message=x "
                                        "resets_at=2026-11-23T16:00:00Z") +
                                      screen("0s", banner))),
            Broken{});
  EXPECT_EQ(broken_by(story("3m", screen("0s", banner))), Broken{}) << "no truth, no opinion";
}

TEST(TruthOfARun, ASwitchThatNothingTrueSupportsIsFalse) {
  EXPECT_EQ(broken_by(story("3m", truth("0s", "clear conversation=1") + screen("0s", banner))),
            (Broken{"false switch @30s", "verdict @30s"}));
}

TEST(TruthOfARun, AServerErrorVetoes) {
  EXPECT_EQ(broken_by(story("3m", truth("0s", "server_error conversation=1 message=x") + screen("0s", banner))),
            Broken{"veto @30s"});
}

TEST(TruthOfARun, TheResetIsTheOneTheMessageNames) {
  EXPECT_EQ(broken_by(story("3m", truth("0s",
                                        "exhausted conversation=1 message=x "
                                        "resets_at=2026-11-23T15:00:00Z") +
                                      screen("0s", banner))),
            Broken{"reset @30s"});
}

TEST(TruthOfARun, OneWhoseResetHasPassedIsNoHit) {
  for (const auto& [reset, broken] : {std::pair{"2026-11-23T12:00:30Z", Broken{"false switch @30s"}},
                                      std::pair{"2026-11-23T12:00:30.001Z", Broken{"reset @30s"}}}) {
    // First seen at 30 s, so only an earlier truth can have expired.
    const std::string events = truth("0s", "clear conversation=0") + screen("0s", "|hello\n") +
                               truth("10s", std::string("exhausted conversation=1 message=x resets_at=") + reset) +
                               screen("10s", banner);
    const auto found = broken_by(story("3m", events));
    if (std::string(reset).ends_with("001Z")) {
      EXPECT_EQ(found, broken) << reset;
    } else {
      EXPECT_TRUE(found.empty()) << "first seen after it had passed: unknown";
    }
  }
}

// Two polls, counted from the first at which the rules allow a switch.
TEST(LivenessOfARun, TwoPollsMustBringASwitch) {
  const std::string blocked = truth("0s", "exhausted blocked=true conversation=1 message=x") + screen("0s", "|hello\n");
  EXPECT_EQ(broken_by(story("30s", blocked)), Broken{"verdict @30s"});
  EXPECT_EQ(broken_by(story("60s", blocked)), (Broken{"verdict @30s", "liveness @60s"}));
  EXPECT_EQ(broken_by(story("10m", blocked)), (Broken{"verdict @30s", "liveness @60s"})) << "said once";
}

TEST(LivenessOfARun, DoesNotRequireWhatTheRulesForbid) {
  const std::string blocked = truth("0s", "exhausted blocked=true conversation=1 message=x");
  EXPECT_EQ(broken_by(story("10m", blocked + screen("0s", "|hello\n") + "@0s fail main timed out\n")), Broken{});
  EXPECT_EQ(broken_by(story("10m", blocked + screen("0s", no_reset) + "@0s switcher hang\n")), Broken{})
      << "a switch is asked for, and goes on or is waited out";
}

TEST(LivenessOfARun, AMomentOfPeaceBeginsTheCountAgain) {
  const std::string events = truth("0s", "exhausted blocked=true conversation=1 message=x") + screen("0s", "|hello\n") +
                             truth("45s", "clear conversation=2") +
                             truth("75s", "exhausted blocked=true conversation=3 message=x");
  EXPECT_EQ(broken_by(story("90s", events)), (Broken{"verdict @30s", "verdict @90s"}));
  EXPECT_EQ(broken_by(story("120s", events)), (Broken{"verdict @30s", "verdict @90s", "liveness @120s"}));
}

// The screen changes, so the monitor takes the banner as new; but according to the truth it is the
// conversation that was shown when the last switch was requested.
TEST(StaleEvidenceOfARun, IsRecognisedByTheConversation) {
  const auto events = [](const std::string& conversation) {
    return truth("0s", "exhausted conversation=1 message=x") + screen("0s", no_reset) +
           truth("12m", "exhausted message=x conversation=" + conversation) + screen("12m", "|above\n" + no_reset);
  };
  EXPECT_EQ(broken_by(story("13m", events("1"))), (Broken{"stale evidence @750s", "confirmation @750s"}))
      << "nor was there anything to suspect";
  EXPECT_EQ(broken_by(story("13m", events("2"))), Broken{});
}

TEST(StaleEvidenceOfARun, IsUnknownAfterAHalfDrawnScreen) {
  const std::string events = truth("0s", "exhausted conversation=1 message=x") + screen("0s", no_reset) +
                             truth("11m", "unknown conversation=1") + screen("11m", "|half\n") +
                             truth("12m", "exhausted message=x conversation=1") + screen("12m", "|above\n" + no_reset);
  EXPECT_EQ(broken_by(story("13m", events)), Broken{});
}

TEST(Quality, CountsWhatWasDoneAndWhatWasNot) {
  const auto quality_of = [](const std::string& text) {
    const auto transcript = parse_transcript(text, "story");
    RunChecker checker(transcript.config);
    play(transcript, tests::tools().judges, {&checker});
    checker.finish();
    return checker.quality();
  };
  const auto good = quality_of(
      story("90s", truth("10s", "exhausted blocked=true conversation=1 message=x") + screen("10s", no_reset)));
  EXPECT_EQ(good.polls, 3U);
  EXPECT_EQ(good.switches, 1U);
  EXPECT_EQ(good.exhaustions, 1U);
  EXPECT_EQ(good.missed + good.false_switches + good.doubtful_switches, 0U);
  EXPECT_EQ(good.delay_max, std::chrono::seconds{50});
  const auto doubtful =
      quality_of(story("90s", truth("10s", "exhausted conversation=1 message=x") + screen("10s", no_reset)));
  EXPECT_EQ(doubtful.doubtful_switches, 1U);
  EXPECT_EQ(doubtful.exhaustions, 0U);
  const auto missed = quality_of(
      story("90s", truth("10s", "exhausted blocked=true conversation=1 message=x") + screen("10s", "|hello\n")));
  EXPECT_EQ(missed.missed, 1U);
}

}  // namespace
}  // namespace quotawatch::sim
