// Transcripts played through the monitor: what happens at one moment, and in what order.
#include "sim/replay/replay.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "quotawatch/duration.h"
#include "quotawatch/input_error.h"
#include "tests/judge/rules/judges.h"

namespace quotawatch::sim {
namespace {

constexpr std::string_view config =
    R"({"pool":{"dedicated":[{"name":"main"}]},"accounts":[{"name":"a"},{"name":"b"},{"name":"c"}],)"
    R"("active_account":"a","pack":"seed"})";

ReplayResult played(std::string_view body, std::string_view until = "2m", std::string_view with = config) {
  const auto text = fmt::format("quotawatch-transcript 1\nstart 2026-11-23T12:00:00Z\nconfig {}\nuntil {}\n\n{}\n",
                                with, until, body);
  return replay(parse_transcript(text, "file"), judges());
}

// "30s suspect, 60s switch": the decisions, each with its time and reason.
std::string decisions(const ReplayResult& result) {
  std::string text;
  for (const auto& [offset, run, event] : result.journal) {
    if (!is_decision(event.kind)) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", format_offset(offset), event_name(event.kind));
  }
  return text;
}

// The same for one kind of observation, with its session or reason.
std::string observations(const ReplayResult& result, EventKind kind) {
  std::string text;
  for (const auto& [offset, run, event] : result.journal) {
    if (event.kind != kind) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", format_offset(offset),
                        event.reason.value_or(event.verdict.value_or(event.session.value_or("seen"))));
  }
  return text;
}

const std::string banner = "@0s screen main 80x24\n|429 Too many requests\n";
const std::string banner_with_reset = "@0s screen main 80x24\n|You've hit your limit · resets 8pm\n";

TEST(Replay, GoesOnFromTheStateInTheHeader) {
  // After a switch from a to b that was done 9 minutes ago; a is limited for an hour, c is not.
  const std::string state = R"(state {"quotawatch_state":1,"active_account":"b","activation_order":["a","b"],)"
                            R"("limited_until":{"a":"2026-11-23T12:51:00Z"},"last_switch":{"id":"x-1","from":"a",)"
                            R"("to":"b","done_at":"2026-11-23T11:51:00Z"},"switches_asked":1,)"
                            R"("exhaustion_reported":false,"sessions":{}})";
  const auto text = fmt::format("quotawatch-transcript 1\nstart 2026-11-23T12:00:00Z\nconfig {}\n{}\nuntil 3m\n\n{}\n",
                                config, state, banner_with_reset);
  const auto result = replay(parse_transcript(text, "file"), judges());
  EXPECT_EQ(decisions(result), "60s switch, 60s switch_done") << "the cooldown ends after a minute";
  EXPECT_EQ(result.journal.back().event.reason, "cooldown");
  for (const auto& entry : result.journal) {
    if (entry.event.kind == EventKind::switch_) {
      EXPECT_EQ(entry.event.from, "b");
      EXPECT_EQ(entry.event.to, "c");
    }
  }
  EXPECT_TRUE(result.violations.empty()) << result.violations.front().what;
}

TEST(Replay, AFailureThatTakesItsTimeIsPendingUntilThen) {
  EXPECT_EQ(decisions(played(banner + "@0s switcher fail after 45s no", "110s")),
            "30s suspect, 60s switch, 105s switch_failed");
}

TEST(Replay, TheFirstPollComesOneIntervalAfterTheStart) {
  EXPECT_EQ(decisions(played(banner)), "30s suspect, 60s switch, 60s switch_done");
  EXPECT_EQ(decisions(played(banner, "29.999s")), "");
  EXPECT_EQ(decisions(played(banner, "30s")), "30s suspect") << "a poll at the last moment included";
}

TEST(Replay, WhatHappensAtTheMomentOfAPollHappenedBeforeIt) {
  EXPECT_EQ(decisions(played("@30s screen main 80x24\n|429 Too many requests", "30s")), "30s suspect");
  EXPECT_EQ(decisions(played(banner + "@30s gone main", "30s")), "");
  EXPECT_EQ(decisions(played(banner + "@30.001s gone main", "30s")), "30s suspect");
}

TEST(Replay, ASwitchThatEndsAtTheMomentOfAPollEndsBeforeIt) {
  const auto result = played("@0s switcher ok 30s\n" + banner_with_reset, "60s");
  EXPECT_EQ(decisions(result), "30s switch, 60s switch_done");
  EXPECT_EQ(observations(result, EventKind::skip), "60s cooldown");
  const auto later = played("@0s switcher ok 30.001s\n" + banner_with_reset, "61s");
  EXPECT_EQ(decisions(later), "30s switch, 60.001s switch_done");
  EXPECT_EQ(observations(later, EventKind::skip), "60s pending");
}

TEST(Replay, ASwitchThatEndsAtTheMomentOfARestartEndsBeforeIt) {
  const auto result = played("@0s switcher ok 10s\n" + banner_with_reset + "@40s restart", "50s");
  EXPECT_EQ(decisions(result), "30s switch, 40s switch_done");
}

TEST(Replay, ASwitchThatHangsFailsAtItsTimeout) {
  const auto result = played("@0s switcher hang\n" + banner_with_reset, "2m30s");
  EXPECT_EQ(decisions(result), "30s switch, 150s switch_failed");
  for (const auto& entry : result.journal) {
    if (entry.event.kind == EventKind::switch_failed) {
      EXPECT_EQ(entry.event.why, "timed out");
    }
  }
}

TEST(Replay, ASwitchThatFailsIsTriedAgain) {
  const auto result = played("@0s switcher fail no such account\n" + banner_with_reset + "@45s switcher ok", "60s");
  EXPECT_EQ(decisions(result), "30s switch, 30s switch_failed, 60s switch, 60s switch_done");
}

TEST(Replay, ARestartForgetsSuspicionAndMovesTheGrid) {
  EXPECT_EQ(decisions(played(banner + "@40s restart")), "30s suspect, 70s suspect, 100s switch, 100s switch_done");
}

TEST(Replay, ARestartAtTheMomentOfAPollComesBeforeIt) {
  EXPECT_EQ(decisions(played(banner + "@60s restart", "90s")), "30s suspect, 90s suspect");
}

TEST(Replay, ARestartTakesUpTheSwitchInFlight) {
  const auto result =
      played("@0s switcher hang\n" + banner_with_reset + "@45s switcher ok 5s\n@45s restart\n@48s restart");
  EXPECT_EQ(decisions(result), "30s switch, 45s switch_resumed, 48s switch_resumed, 53s switch_done");
  std::vector<std::string> ids;
  for (const auto& entry : result.journal) {
    if (entry.event.id) ids.push_back(*entry.event.id);
  }
  EXPECT_EQ(ids, std::vector<std::string>(4, ids.at(0)));
}

TEST(Replay, AServerThatIsDownMakesEverythingUnknown) {
  const auto result = played(banner + "@40s tmux down\n@100s tmux up", "3m");
  EXPECT_EQ(decisions(result), "30s suspect, 120s switch, 120s switch_done");
  EXPECT_EQ(observations(result, EventKind::tmux_down), "60s seen");
  EXPECT_EQ(observations(result, EventKind::tmux_up), "120s seen");
  EXPECT_EQ(observations(result, EventKind::verdict), "30s exhausted, 60s unknown, 120s exhausted");
}

TEST(Replay, ACaptureThatFailsIsUnknownAndASessionThatIsGoneIsNot) {
  EXPECT_EQ(decisions(played(banner + "@40s fail main no answer\n@70s screen main 80x24", "90s")),
            "30s suspect, 90s clear");
  EXPECT_EQ(decisions(played(banner + "@40s gone main", "90s")), "30s suspect, 60s clear");
}

TEST(Replay, AStepOfTheClockMovesTheWallClockOnly) {
  const auto result = played(banner_with_reset + "@40s clock +8h", "10m30s");
  EXPECT_EQ(decisions(result), "30s switch, 30s switch_done");
  const auto& last = result.journal.back();
  EXPECT_EQ(last.event.reason, "cooldown");
  EXPECT_EQ(last.offset, std::chrono::minutes{10}) << "the last poll before it is over";
  EXPECT_EQ(format_wall(last.event.at), "2026-11-23T20:10:00Z");
}

TEST(Replay, AVerdictIsJournalledWhenItChanges) {
  const auto result = played(banner +
                                 "@40s screen main 80x24\n|429 Too many requests!\n"
                                 "@70s screen main 80x24\n|at work\n@100s gone main\n"
                                 "@130s screen main 80x24\n|at work",
                             "4m");
  EXPECT_EQ(observations(result, EventKind::verdict), "30s exhausted, 60s exhausted, 90s clear, 150s clear");
}

TEST(Replay, TheSameTranscriptGivesTheSameJournal) {
  const auto text = "@0s switcher fail x\n" + banner + "@100s restart\n@130s tmux down";
  const auto first = played(text, "10m");
  const auto second = played(text, "10m");
  ASSERT_EQ(first.journal.size(), second.journal.size());
  ASSERT_GT(first.journal.size(), 5U);
  for (std::size_t i = 0; i < first.journal.size(); ++i) {
    EXPECT_EQ(to_json(first.journal[i].event), to_json(second.journal[i].event));
    EXPECT_EQ(first.journal[i].run, second.journal[i].run);
  }
}

TEST(Replay, APackThatCannotBeUsedIsNamed) {
  EXPECT_THROW(judges().find("no-such-pack"), InputError);
  EXPECT_EQ(&judges().find("seed"), &judges().find("seed")) << "compiled once";
}

}  // namespace
}  // namespace quotawatch::sim
