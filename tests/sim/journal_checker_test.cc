// Each invariant: a journal that breaks it is reported under its name; one that only just keeps it
// is not.
#include <gtest/gtest.h>

#include "tests/sim/journal_log.h"

namespace quotawatch::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using tests::Log;
using tests::ms;

TEST(InvariantsHold, OfAnEmptyJournalAndOfAPlainOne) {
  Log log;
  EXPECT_EQ(log.broken(), "");
  log.hit(seconds{30}, EventKind::suspect);
  log.asked(seconds{60}, "1").reset_at.reset();
  log.done(seconds{65}, "1");
  log.asked(seconds{65} + minutes{10}, "2", "b", "c");
  EXPECT_EQ(log.broken(), "");
}

TEST(InvariantsHold, AViolationSaysWhenAndWhat) {
  Log log;
  log.asked(seconds{60}, "1").interactive = 0;
  ASSERT_EQ(log.violations().size(), 1U);
  EXPECT_EQ(log.violations()[0].offset, seconds{60});
  EXPECT_NE(log.violations()[0].what.find("interactive 0"), std::string::npos);
}

TEST(CooldownInvariant, NoSwitchWithinTheCooldown) {
  for (const auto& [gap, broken] :
       {std::pair{minutes{10} - ms, "cooldown"}, std::pair{Milliseconds{minutes{10}}, ""}}) {
    Log log;
    log.asked(seconds{30}, "1");
    log.done(seconds{40}, "1");
    log.asked(seconds{40} + gap, "2", "b", "c");
    EXPECT_EQ(log.broken(), broken) << gap.count();
  }
}

TEST(CooldownInvariant, AFailedSwitchBeginsNone) {
  Log log;
  log.asked(seconds{30}, "1");
  log.failed(seconds{30}, "1", seconds{30});
  log.asked(seconds{60}, "2");
  EXPECT_EQ(log.broken(), "");
}

TEST(CooldownInvariant, OfASwitchDoneAfterARestart) {
  Log log;
  log.asked(seconds{30}, "1");
  log.restart();
  log.ended(seconds{40}, EventKind::switch_resumed, "1");
  log.done(seconds{50}, "1");
  log.asked(seconds{60}, "2", "b", "c");
  EXPECT_EQ(log.broken(), "cooldown");
}

TEST(BackoffInvariant, NoSwitchBeforeAFailedOneIsWaitedOut) {
  for (const auto& [gap, broken] : {std::pair{minutes{2} - ms, "backoff"}, std::pair{Milliseconds{minutes{2}}, ""}}) {
    Log log;
    log.asked(seconds{30}, "1");
    log.failed(seconds{40}, "1", minutes{2});
    log.asked(seconds{40} + gap, "2");
    EXPECT_EQ(log.broken(), broken) << gap.count();
  }
}

TEST(BackoffInvariant, ARestartEndsIt) {
  Log log;
  log.asked(seconds{30}, "1");
  log.failed(seconds{40}, "1", minutes{2});
  log.restart();
  log.asked(seconds{50}, "2");
  EXPECT_EQ(log.broken(), "");
}

TEST(ConfirmationInvariant, NoSwitchFromASinglePollWithoutAReset) {
  Log log;
  log.asked(seconds{30}, "1").reset_at.reset();
  EXPECT_EQ(log.broken(), "confirmation");
}

TEST(ConfirmationInvariant, SuspicionMustBeOfAnEarlierPoll) {
  Log log;
  log.hit(seconds{30}, EventKind::suspect);
  log.asked(seconds{30}, "1").reset_at.reset();
  EXPECT_EQ(log.broken(), "confirmation");
}

TEST(ConfirmationInvariant, SuspicionEndsWhenItIsClearedOrUsedOrAtARestart) {
  for (const auto end : {EventKind::clear, EventKind::switch_done}) {
    Log log;
    log.hit(seconds{30}, EventKind::suspect);
    if (end == EventKind::clear) {
      log.add(seconds{60}, EventKind::clear);
    } else {
      log.asked(seconds{60}, "0");
      log.failed(seconds{60}, "0", seconds{0});
    }
    log.asked(seconds{90}, "1").reset_at.reset();
    EXPECT_EQ(log.broken(), "confirmation");
  }
  Log log;
  log.hit(seconds{30}, EventKind::suspect);
  log.restart();
  log.asked(seconds{60}, "1").reset_at.reset();
  EXPECT_EQ(log.broken(), "confirmation");
}

TEST(ConfirmationInvariant, WaitingForAnAccountIsConfirmed) {
  for (const bool cleared : {false, true}) {
    Log log;
    log.hit(seconds{30}, EventKind::exhausted_everywhere).reset_at = log.wall(hours{5});
    if (cleared) log.add(seconds{60}, EventKind::clear);
    log.asked(hours{6}, "1").reset_at.reset();
    EXPECT_EQ(log.broken(), cleared ? "confirmation" : "");
  }
}

TEST(EvidenceInvariant, TheTriggerMustBeAHit) {
  for (const char* verdict : {"server_error", "clear", "unknown", "warning", "auth"}) {
    Log log;
    log.asked(seconds{30}, "1").session = "side";
    log.verdict(seconds{20}, "side", verdict);
    EXPECT_EQ(log.broken(), "evidence") << "no earlier verdict of this session";
    Log before;
    before.verdict(seconds{30}, "side", "exhausted");
    before.verdict(seconds{60}, "side", verdict);
    before.asked(seconds{60}, "1").session = "side";
    EXPECT_EQ(before.broken(), "evidence") << verdict;
    Log again;
    again.verdict(seconds{30}, "side", verdict);
    again.verdict(seconds{60}, "side", "exhausted");
    again.asked(seconds{60}, "1").session = "side";
    EXPECT_EQ(again.broken(), "");
  }
}

TEST(EvidenceInvariant, ThrottledIsAHitWhereItCounts) {
  for (const bool counts : {true, false}) {
    Log log;
    log.config().quota.count_throttled = counts;
    log.verdict(seconds{30}, "side", "throttled");
    log.asked(seconds{30}, "1").session = "side";
    EXPECT_EQ(log.broken(), counts ? "" : "evidence");
  }
}

TEST(ThresholdsInvariant, OneOfThemMustBeReached) {
  for (const auto kind : {EventKind::suspect, EventKind::switch_, EventKind::exhausted_everywhere}) {
    for (const auto& [pool, interactive, enough] :
         {std::tuple{2, 0, true}, std::tuple{1, 0, false}, std::tuple{0, 1, true}, std::tuple{0, 0, false}}) {
      Log log;
      Event& event = log.asked(seconds{30}, "1");
      event.kind = kind;
      event.pool = pool;
      event.interactive = interactive;
      EXPECT_EQ(log.broken(), enough ? "" : "thresholds") << event_name(kind) << pool << interactive;
    }
  }
}

TEST(ThresholdsInvariant, AreTheConfigsOwn) {
  Log log;
  log.config().quota.pool_threshold = 3;
  log.config().quota.interactive_threshold = 2;
  Event& event = log.asked(seconds{30}, "1");
  event.pool = 2;
  event.interactive = 1;
  EXPECT_EQ(log.broken(), "thresholds");
}

}  // namespace
}  // namespace quotawatch::sim
