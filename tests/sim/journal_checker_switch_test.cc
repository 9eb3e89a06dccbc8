// The invariants of single flight, ids and accounts: each just broken and just kept.
#include <gtest/gtest.h>

#include "tests/sim/journal_log.h"

namespace quotawatch::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using tests::Log;
using tests::ms;

TEST(SingleFlightInvariant, OneSwitchAtATime) {
  Log log;
  log.asked(seconds{30}, "1");
  log.asked(seconds{60}, "2");
  EXPECT_EQ(log.broken(), "single flight");
}

TEST(SingleFlightInvariant, ARestartDoesNotEndIt) {
  Log log;
  log.asked(seconds{30}, "1");
  log.restart();
  log.asked(seconds{60}, "2");
  EXPECT_EQ(log.broken(), "single flight");
}

TEST(SingleFlightInvariant, OnlyWhatIsInFlightCanEnd) {
  for (const auto kind : {EventKind::switch_done, EventKind::switch_failed}) {
    Log nothing;
    nothing.ended(seconds{30}, kind, "1");
    EXPECT_EQ(nothing.broken(), "single flight");
    Log other;
    other.asked(seconds{30}, "1");
    other.ended(seconds{40}, kind, "2");
    EXPECT_EQ(other.broken(), "single flight");
    Log twice;
    twice.asked(seconds{30}, "1");
    twice.ended(seconds{40}, kind, "1");
    twice.ended(seconds{50}, kind, "1");
    EXPECT_EQ(twice.broken(), "single flight");
  }
}

TEST(OneIdInvariant, AnIdNeverComesTwice) {
  Log log;
  log.asked(seconds{30}, "1");
  log.failed(seconds{30}, "1", seconds{30});
  log.asked(seconds{60}, "1");
  EXPECT_EQ(log.broken(), "one id a switch");
}

TEST(OneIdInvariant, OnlyWhatIsInFlightIsResumed) {
  for (const char* id : {"1", "2"}) {
    Log log;
    log.asked(seconds{30}, "1");
    log.restart();
    log.ended(seconds{40}, EventKind::switch_resumed, id);
    EXPECT_EQ(log.broken(), std::string(id) == "1" ? "" : "one id a switch");
  }
  Log nothing;
  nothing.ended(seconds{40}, EventKind::switch_resumed, "1");
  EXPECT_EQ(nothing.broken(), "one id a switch");
}

TEST(AccountsInvariant, NeverToTheAccountItLeaves) {
  Log log;
  log.asked(seconds{30}, "1", "a", "a");
  EXPECT_EQ(log.broken(), "accounts");
}

TEST(AccountsInvariant, NeverToOneThatIsLimited) {
  for (const auto& [early, broken] : {std::pair{ms, "accounts"}, std::pair{Milliseconds{0}, ""}}) {
    Log log;
    log.asked(seconds{30}, "1", "a", "b").reset_at = log.wall(minutes{20});
    log.done(seconds{30}, "1");
    log.asked(minutes{20} - early, "2", "b", "a");
    EXPECT_EQ(log.broken(), broken) << early.count();
  }
}

TEST(AccountsInvariant, AHitWithoutAResetLimitsForTheUnknownReset) {
  for (const auto& [early, broken] : {std::pair{ms, "accounts"}, std::pair{Milliseconds{0}, ""}}) {
    Log log;
    log.hit(seconds{30}, EventKind::suspect);
    log.asked(seconds{60}, "1", "a", "b").reset_at.reset();
    log.done(seconds{60}, "1");
    log.asked(seconds{60} + hours{1} - early, "2", "b", "a");
    EXPECT_EQ(log.broken(), broken) << early.count();
  }
}

TEST(AccountsInvariant, ExhaustedEverywhereLimitsToo) {
  Log log;
  Event& everywhere = log.hit(seconds{30}, EventKind::exhausted_everywhere);
  everywhere.from = "b";
  everywhere.reset_at = log.wall(hours{5});
  log.asked(seconds{60}, "1", "a", "b");
  EXPECT_EQ(log.broken(), "accounts");
}

TEST(AccountsInvariant, WithoutAccountsTheTargetIsEmpty) {
  for (const char* to : {"", "b"}) {
    Log log;
    log.config().accounts.clear();
    log.asked(seconds{30}, "1", "", to);
    EXPECT_EQ(log.broken(), *to == '\0' ? "" : "accounts");
  }
}

// Operator commands.

TEST(OperatorInvariant, AnAccountThatWasFreedMayBeSwitchedTo) {
  for (const bool freed : {true, false}) {
    Log log;
    log.asked(seconds{30}, "1", "a", "b");
    log.done(seconds{30}, "1");
    if (freed) log.freed(minutes{20}, "a");
    log.asked(minutes{20}, "2", "b", "a");
    EXPECT_EQ(log.broken(), freed ? "" : "accounts");
  }
}

TEST(OperatorInvariant, ASwitchByHandBeginsACooldown) {
  for (const auto& [early, broken] : {std::pair{ms, "cooldown"}, std::pair{Milliseconds{0}, ""}}) {
    Log log;
    log.used(seconds{30}, "", "b");
    log.asked(seconds{30} + minutes{10} - early, "1", "b", "c");
    EXPECT_EQ(log.broken(), broken) << early.count();
  }
}

TEST(OperatorInvariant, ASwitchByHandEndsAWaitAndForgetsSuspicion) {
  Log log;
  log.asked(seconds{30}, "1", "a", "b");
  log.failed(seconds{30}, "1", hours{1});
  log.used(seconds{40}, "", "c");
  log.asked(minutes{20}, "2", "c", "b");
  EXPECT_EQ(log.broken(), "") << "no wait any more";

  Log unconfirmed;
  unconfirmed.config().quota.cooldown = ms;
  unconfirmed.hit(seconds{30}, EventKind::suspect);
  unconfirmed.used(seconds{40}, "", "c");
  unconfirmed.asked(seconds{60}, "1", "c", "b").reset_at.reset();
  EXPECT_EQ(unconfirmed.broken(), "confirmation");
}

TEST(OperatorInvariant, NoSwitchByHandWhileOneIsInFlight) {
  Log log;
  log.asked(seconds{30}, "1", "a", "b");
  log.used(seconds{40}, "", "c");
  EXPECT_EQ(log.broken(), "single flight");
}

TEST(OperatorInvariant, OnlyFromTheAccountInUseToAnotherThatIsKnown) {
  Log from_another;
  from_another.used(seconds{30}, "b", "c");
  EXPECT_EQ(from_another.broken(), "accounts");
  Log to_itself;
  to_itself.used(seconds{30}, "", "");
  EXPECT_EQ(to_itself.broken(), "accounts, accounts");
  Log unknown;
  unknown.freed(seconds{30}, "nobody");
  EXPECT_EQ(unknown.broken(), "accounts");
}

}  // namespace
}  // namespace quotawatch::sim
