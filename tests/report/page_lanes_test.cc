// The spans of a page's lanes: where each begins and ends, to the millisecond.
#include "report/page/page_lanes.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "quotawatch/duration.h"
#include "sim/replay/replay.h"

namespace quotawatch::tests {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// A transcript with one dedicated session and two accounts, played by the real monitor.
class Played {
 public:
  explicit Played(const std::string& events, const std::string& until = "40m",
                  const std::string& accounts = R"([{"name":"a"},{"name":"b"}])")
      : transcript_(parse_transcript("quotawatch-transcript 1\nstart 2026-11-23T12:00:00Z\n"
                                     R"(config {"pool":{"dedicated":[{"name":"main"}]},"pack":"seed","accounts":)" +
                                         accounts + (accounts == "[]" ? "}" : R"(,"active_account":"a"})") +
                                         "\nuntil " + until + "\n\n" + events,
                                     "test.transcript")),
        journal_(sim::play(transcript_, judges_)),
        lanes_(make_lanes(transcript_, journal_, {})) {}

  const Lane& lane(const std::string& name) const {
    for (const auto& lane : lanes_) {
      if (lane.name == name) return lane;
    }
    throw std::out_of_range(name);
  }

  // Each span as "kind 30s..1m", each mark as "kind @30s"; empty if there is no such row.
  std::vector<std::string> row(const std::string& lane_name, const std::string& row_name) const {
    std::vector<std::string> all;
    for (const auto& row : lane(lane_name).rows) {
      if (row.name != row_name) continue;
      for (const auto& span : row.spans) {
        all.push_back(fmt::format("{} {}..{}", span.kind, format_duration(span.from), format_duration(span.to)));
      }
      for (const auto& mark : row.marks) {
        all.push_back(fmt::format("{} @{}", mark.kind, format_duration(mark.at)));
      }
    }
    return all;
  }

  const std::vector<sim::JournalEntry>& journal() const { return journal_; }
  const Transcript& transcript() const { return transcript_; }

 private:
  JudgeCache judges_;
  Transcript transcript_;
  std::vector<sim::JournalEntry> journal_;
  std::vector<Lane> lanes_;
};

using Strings = std::vector<std::string>;

constexpr const char* limit_screen = "screen main 80x24\n|You've hit your limit · resets 8pm\n";
constexpr const char* unnamed = "screen main 80x24\n|Too many requests\n";
constexpr const char* fine = "screen main 80x24\n|fine\n";

std::string happens(const std::string& when, const std::string& what) { return "@" + when + " " + what + "\n"; }

TEST(MonitorLane, SuspicionLastsUntilTheSwitchAndTheCooldownAsLongAsItIs) {
  const Played played(happens("0s", "switcher ok 5s") + happens("0s", unnamed) + happens("2m", fine));
  EXPECT_EQ(played.row("monitor", "phase"),
            (Strings{"suspicion 30s..1m", "in_flight 1m..1m5s", "cooldown 1m5s..11m5s"}));
  EXPECT_EQ(played.row("monitor", "decisions"), (Strings{"suspect @30s", "switch @1m", "switch_done @1m5s"}));
  EXPECT_EQ(played.lane("monitor").rows.size(), 2U) << "no kills, no row for them";
}

TEST(MonitorLane, SuspicionEndsWhereItIsCleared) {
  const Played played(happens("0s", unnamed) + happens("45s", fine));
  EXPECT_EQ(played.row("monitor", "phase"), (Strings{"suspicion 30s..1m"}));
}

TEST(MonitorLane, WhatIsUnderWayAtTheEndEndsThere) {
  const Played played(happens("0s", limit_screen), "5m");
  EXPECT_EQ(played.row("monitor", "phase"), (Strings{"cooldown 30s..5m"}));
}

TEST(MonitorLane, AFailureIsWaitedOutUntilTheJournalsRetry) {
  const Played played(happens("0s", "switcher fail no") + happens("0s", limit_screen) +
                      happens("1m10s", "switcher ok 0s") + happens("3m", fine));
  // 1, then 2 intervals; the third attempt, at 2m, succeeds at once.
  EXPECT_EQ(played.row("monitor", "phase"), (Strings{"backoff 30s..1m", "backoff 1m..2m", "cooldown 2m..12m"}));
}

TEST(MonitorLane, EveryAccountOutLastsUntilTheSwitchThatFollows) {
  const Played played(
      happens("0s", "screen main 80x24\n|You've hit your limit · resets in 15 minutes") + happens("2m", fine) +
      happens("11m", "screen main 80x24\n|You've hit your limit · resets in 30 minutes") + happens("16m", fine));
  EXPECT_EQ(played.row("monitor", "phase"),
            (Strings{"cooldown 30s..10m30s", "all_out 11m..15m30s", "cooldown 15m30s..25m30s"}));
}

TEST(MonitorLane, ASwitchInFlightOutlivesARestartAndTheCooldownGoesOnAfterOne) {
  const Played played(happens("0s", "switcher ok 40s") + happens("0s", limit_screen) +
                      happens("50s", "restart after 1m") + happens("4m", fine) + happens("5m", "restart"));
  // Requested at 30s, resumed when the monitor is up again at 1m50s, done 40 s later.
  EXPECT_EQ(played.row("monitor", "phase"),
            (Strings{"in_flight 30s..2m30s", "cooldown 2m30s..5m", "cooldown 5m..12m30s"}));
  EXPECT_EQ(played.row("monitor", "process"), (Strings{"down 50s..1m50s", "restart @50s", "restart @5m"}));
}

TEST(MonitorLane, ARestartEndsSuspicion) {
  const Played played(happens("0s", unnamed) + happens("40s", "restart") + happens("41s", fine));
  EXPECT_EQ(played.row("monitor", "phase"), (Strings{"suspicion 30s..40s"}));
}

TEST(MonitorLane, ACrashIsPutWhereTheRunWasLastSeen) {
  const Played played(happens("0s", fine) + happens("10s", "crash after write 2") + happens("50s", limit_screen));
  // The second run's first line is the verdict at 1m.
  EXPECT_EQ(played.row("monitor", "process"), (Strings{"crash @1m"}));
}

TEST(MonitorLane, ViolationsStandAmongTheDecisions) {
  const Played played(happens("0s", unnamed) + happens("2m", fine));
  const auto lanes = make_lanes(played.transcript(), played.journal(), {{"cooldown", seconds{45}, "too soon"}});
  const auto& marks = lanes[0].rows[0].marks;
  ASSERT_EQ(marks.size(), 4U);
  EXPECT_EQ(marks[1], (LaneMark{seconds{45}, "violation", "cooldown: too soon"}));
}

TEST(AccountsLane, ShowsWhichIsInUseAndWhichAreLimited) {
  const Played played(happens("0s", "switcher ok 5s") + happens("0s", unnamed) + happens("2m", fine), "90m");
  EXPECT_EQ(played.row("accounts", "a"), (Strings{"active 0s..1m5s", "limited 1m..1h1m"}));
  EXPECT_EQ(played.row("accounts", "b"), (Strings{"active 1m5s..1h30m"}));
}

TEST(AccountsLane, ALostStateBringsTheFirstAccountBackWhenItsRunBegins) {
  const Played played(happens("0s", limit_screen) + happens("2m", fine) + happens("15m", "state lost") +
                      happens("15m", "restart after 1m") + happens("20m", limit_screen));
  // The second switch, at 20m, starts from a again.
  EXPECT_EQ(played.row("accounts", "b"), (Strings{"active 30s..16m", "active 20m..40m"}));
}

TEST(AccountsLane, HasNoRowsWhereTheHookChooses) {
  EXPECT_TRUE(Played(happens("0s", limit_screen), "5m", "[]").lane("accounts").rows.empty());
}

TEST(FaultsLane, EachFaultLastsUntilItsEnd) {
  const Played played(happens("1m", "tmux slow 2s") + happens("2m", "tmux down") + happens("3m", "tmux up") +
                      happens("3m", "stall 70s") + happens("5m", "disk full") + happens("6m", "disk ok") +
                      happens("7m", "switcher hang") + happens("8m", "switcher ok 0s") + happens("9m", "clock -1h") +
                      happens("9m", "state torn") + happens("39m", "tmux garbled"));
  EXPECT_EQ(played.row("faults", "tmux"), (Strings{"tmux_slow 1m..2m", "tmux_down 2m..3m", "tmux_garbled 39m..40m"}));
  EXPECT_EQ(played.row("faults", "stalls"), (Strings{"stall 3m..4m10s"}));
  EXPECT_EQ(played.row("faults", "disk"), (Strings{"disk_full 5m..6m", "damage @9m"}));
  EXPECT_EQ(played.row("faults", "hook"), (Strings{"hook_hangs 7m..8m"}));
  EXPECT_EQ(played.row("faults", "clock, kills"), (Strings{"clock_step @9m"}));
}

TEST(FaultsLane, IsEmptyWhereNothingWentWrong) { EXPECT_TRUE(Played(happens("0s", fine)).lane("faults").rows.empty()); }

TEST(SessionLane, AVerdictStandsUntilTheNextAndATruthUntilTheNext) {
  const Played played(happens("0s", fine) + happens("0s", "truth main clear") + happens("10m5s", limit_screen) +
                      happens("10m5s", "truth main exhausted blocked=true") + happens("12m", fine) +
                      happens("12m", "truth main clear"));
  EXPECT_EQ(played.row("main", "truth"),
            (Strings{"clear 0s..10m5s", "exhausted 10m5s..12m", "clear 12m..40m", "blocked 10m5s..12m"}));
  EXPECT_EQ(played.row("main", "judged"),
            (Strings{"clear 30s..10m30s", "exhausted 10m30s..11m", "left_over 11m..12m", "clear 12m..40m"}));
}

TEST(SessionLane, ALimitIsLeftOverFromThePollAfterTheSwitch) {
  const Played played(
      happens("0s", fine) + happens("1m", limit_screen) + happens("5m", "account use c") + happens("20m", fine), "40m",
      R"([{"name":"a"},{"name":"b"},{"name":"c"}])");
  EXPECT_EQ(played.row("main", "judged"),
            (Strings{"clear 30s..1m", "exhausted 1m..1m30s", "left_over 1m30s..20m", "clear 20m..40m"}));
  // Without a switch it is not.
  const Played alone(happens("0s", fine) + happens("1m", limit_screen), "40m", R"([{"name":"a"}])");
  EXPECT_EQ(alone.row("main", "judged"), (Strings{"clear 30s..1m", "exhausted 1m..40m"}));
}

TEST(SessionLane, HasNoTruthIfTheTranscriptHasNone) {
  const Played played(happens("0s", fine));
  ASSERT_EQ(played.lane("main").rows.size(), 1U);
  EXPECT_EQ(played.lane("main").rows[0].name, "judged");
}

TEST(SessionLane, NothingIsJudgedOfASessionThatIsGoneOrByAMonitorThatIsDown) {
  const Played played(happens("0s", fine) + happens("5m", "gone main") + happens("7m10s", fine) +
                      happens("9m45s", "restart after 1m"));
  // Back at 7m10s, seen at 7m30s; the run that begins at 10m45s polls at 11m15s.
  EXPECT_EQ(played.row("main", "judged"),
            (Strings{"clear 30s..5m", "clear 7m30s..9m45s", "clear 11m15s..40m", "absent 5m..7m10s"}));
}

TEST(SessionLane, OneThatWasGoneBetweenTwoPollsWasNotMissed) {
  const Played played(happens("0s", fine) + happens("5m1s", "gone main") + happens("5m29s", fine));
  EXPECT_EQ(played.row("main", "judged"), (Strings{"clear 30s..40m", "absent 5m1s..5m29s"}));
}

TEST(SessionLane, FailedCapturesLastUntilTheNextScreen) {
  const Played played(happens("0s", fine) + happens("1m", "fail main timed out") + happens("3m", fine));
  EXPECT_EQ(played.row("main", "notes"), (Strings{"capture_failed 1m..3m"}));
  EXPECT_EQ(played.row("main", "judged"), (Strings{"clear 30s..1m", "unknown 1m..3m", "clear 3m..40m"}));
}

TEST(SessionLane, ThatAProgramEndedLastsUntilTheNextScreen) {
  const Played played(happens("0s", fine) + happens("1m", "ended main") + happens("3m", fine));
  EXPECT_EQ(played.row("main", "notes"), (Strings{"program_ended 1m..3m"}));
  EXPECT_EQ(played.row("main", "judged"), (Strings{"clear 30s..1m", "unknown 1m..3m", "clear 3m..40m"}));
}

TEST(SessionLane, AStaleBannerIsMarked) {
  const Played played(happens("0s", limit_screen));
  EXPECT_EQ(played.row("main", "notes"), (Strings{"stale @10m30s"}));
}

TEST(SessionLane, HasARowForHowASessionWasAskedToGoOn) {
  const Transcript transcript = parse_transcript(
      "quotawatch-transcript 1\nstart 2026-11-23T12:00:00Z\n"
      R"(config {"pool":{"dedicated":[{"name":"main"}]}})"
      "\nuntil 10m\n\n" +
          happens("0s", fine),
      "test.transcript");
  std::vector<sim::JournalEntry> journal;
  const auto add = [&](int at_s, EventKind kind) {
    Event event = make_event(kind, transcript.start + seconds{at_s});
    event.session = "main";
    event.account = "b";
    if (kind == EventKind::resume) event.attempt = 2;
    if (kind == EventKind::resume_held) event.why = "a draft stands in its prompt";
    journal.push_back({seconds{at_s}, 0, event});
  };
  add(60, EventKind::resume_held);
  add(120, EventKind::resume);
  add(150, EventKind::resumed);
  add(300, EventKind::resume);
  add(420, EventKind::resume_failed);
  const auto lanes = make_lanes(transcript, journal, {});
  const auto& rows = lanes.back().rows;
  const auto row = std::ranges::find(rows, "going on", &LaneRow::name);
  ASSERT_NE(row, rows.end());
  EXPECT_EQ(row->spans,
            (std::vector<LaneSpan>{{seconds{60}, seconds{120}, "not_asked", "on b; a draft stands in its prompt"},
                                   {seconds{120}, seconds{150}, "asked", "attempt 2 on b"},
                                   {seconds{300}, seconds{420}, "asked", "attempt 2 on b"}}));
  ASSERT_EQ(row->marks.size(), 5U);
  EXPECT_EQ(row->marks[4].kind, "resume_failed");
}

TEST(HostLane, ShowsItsDecisionsItsAccountsAndWhenTheStoreWasAway) {
  const Played played(happens("0s", "switcher ok 5s") + happens("0s", limit_screen));
  auto journal = played.journal();
  const auto add = [&](int at_s, EventKind kind) {
    journal.push_back({seconds{at_s}, 0, make_event(kind, played.transcript().start + seconds{at_s})});
  };
  add(60, EventKind::store_down);
  add(90, EventKind::store_up);
  add(120, EventKind::store_down);
  std::ranges::stable_sort(journal, {}, &sim::JournalEntry::offset);
  const Lane lane = host_lane("other", played.transcript(), journal);
  EXPECT_EQ(lane.name, "other");
  ASSERT_EQ(lane.rows.size(), 4U);
  EXPECT_EQ(lane.rows[0].name, "decisions");
  EXPECT_EQ(lane.rows[1].spans, (std::vector<LaneSpan>{{seconds{60}, seconds{90}, "store_down", ""},
                                                       {seconds{120}, minutes{40}, "store_down", ""}}));
  EXPECT_EQ(lane.rows[2].name, "a");
  EXPECT_EQ(lane.rows[3].spans, (std::vector<LaneSpan>{{seconds{35}, minutes{40}, "active", ""}}));
}

TEST(SessionLane, TheEndOfALimitIsMarkedOfTheSessionsItNames) {
  const Played played(happens("0s", "screen main 80x24\n|You've hit your limit · resets 12:05pm\n"));
  EXPECT_EQ(played.row("main", "notes"), Strings{"reset @5m"});
}

TEST(AddSpan, JoinsWhatGoesOnAndDropsWhatIsEmpty) {
  std::vector<LaneSpan> spans;
  add_span(spans, {seconds{1}, seconds{2}, "clear", ""});
  add_span(spans, {seconds{2}, seconds{3}, "clear", ""});
  add_span(spans, {seconds{3}, seconds{3}, "unknown", ""});
  add_span(spans, {seconds{3}, seconds{4}, "clear", "x"});
  add_span(spans, {seconds{5}, seconds{6}, "clear", "x"});
  EXPECT_EQ(spans, (std::vector<LaneSpan>{{seconds{1}, seconds{3}, "clear", ""},
                                          {seconds{3}, seconds{4}, "clear", "x"},
                                          {seconds{5}, seconds{6}, "clear", "x"}}));
}

}  // namespace
}  // namespace quotawatch::tests
