// What the flight recorder keeps of a run replays to what the run decided.
#include "record/flight_recorder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "recorded_fleet.h"

namespace quotawatch::sim {
namespace {

TEST(FlightRecorder, KeepsASwitchFromTheScreenToTheHooksEnd) {
  RecordedFleet fleet(minutes{10});
  fleet.switcher.set_outcome({SwitcherOutcome::Kind::ok, Milliseconds{4321}, ""});
  fleet.show_at(Milliseconds{0}, "main", calm);
  fleet.show_at(seconds{100}, "main", dated);
  fleet.run();
  const auto recording = settled(*fleet.cut());
  EXPECT_TRUE(recording.same) << write_transcript(recording.transcript);
  EXPECT_EQ(recording.times, RecordedTimes::on_grid);
  const std::string text = write_transcript(recording.transcript);
  EXPECT_NE(text.find("@120s screen main 80x24\n|❯ go on\n"), std::string::npos) << text;
  EXPECT_NE(text.find("@120s switcher ok 4.321s\n"), std::string::npos) << text;
  EXPECT_NE(text.find("expect @120s switch from=work to=spare reset_at=2026-11-23T20:00:00Z\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("expect @124.321s switch_done from=work to=spare\n"), std::string::npos);
  EXPECT_NE(text.find("until 10m\n"), std::string::npos) << text;
}

TEST(FlightRecorder, KeepsWhichSessionsShowOnePane) {
  RecordedFleet fleet(minutes{10});
  fleet.show_at(Milliseconds{0}, "ccl-auto-1", calm);
  fleet.at(seconds{1}, [&] { fleet.tmux.link("ccl-auto-2", "ccl-auto-1"); });
  fleet.show_at(seconds{100}, "ccl-auto-2", dated);  // and so in both
  fleet.at(seconds{130}, [&] { fleet.tmux.remove("ccl-auto-2"); });
  fleet.show_at(seconds{131}, "ccl-auto-2", calm);  // in a pane of its own
  fleet.at(seconds{200}, [&] { fleet.tmux.link("ccl-auto-3", "ccl-auto-1"); });
  fleet.at(seconds{230}, [&] { fleet.tmux.end_program("ccl-auto-2"); });
  fleet.run();
  EXPECT_EQ(fleet.decisions(), std::vector<std::string>{});
  const auto recording = settled(*fleet.cut());
  EXPECT_TRUE(recording.same);
  EXPECT_EQ(decisions_of(recording), std::vector<std::string>{});
  const std::string text = write_transcript(recording.transcript);
  for (const char* line : {"@30s linked ccl-auto-2 ccl-auto-1\n", "@120s screen ccl-auto-1 80x24\n",
                           "@150s gone ccl-auto-2\n@150s screen ccl-auto-2 80x24\n",
                           "@210s linked ccl-auto-3 ccl-auto-1\n", "@240s ended ccl-auto-2\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
  EXPECT_EQ(text.find("@120s screen ccl-auto-2"), std::string::npos) << text;
}

TEST(FlightRecorder, ACutBeginsWithWhatWasRememberedThen) {
  RecordedFleet fleet(minutes{10});
  fleet.switcher.set_outcome({SwitcherOutcome::Kind::ok, Milliseconds{40}, ""});
  fleet.show_at(seconds{10}, "main", dated);
  fleet.run();
  // In the middle of the cooldown: the old banner is stale, and says so when it is over.
  const WallTime from = *parse_wall("2026-11-23T17:02:20Z");
  const auto run = fleet.cut(from);
  ASSERT_TRUE(run);
  EXPECT_EQ(format_wall_ms(run->steps.front().at.wall), "2026-11-23T17:02:00.123Z");
  Redactor redactor;
  const auto recording = settled(*run, &redactor);
  EXPECT_TRUE(recording.same);
  EXPECT_EQ(decisions_of(recording), std::vector<std::string>{});
  ASSERT_TRUE(recording.transcript.state);
  EXPECT_EQ(recording.transcript.state->active_account, "b") << "names of accounts are replaced";
  bool stale = false;
  for (const auto& entry : recording.result.journal) {
    stale = stale || entry.event.kind == EventKind::stale;
  }
  EXPECT_TRUE(stale);
}

// A start takes a switch that was done in its future for one done now.
TEST(FlightRecorder, ACutDoesNotBeginRightBeforeASwitchWasDone) {
  RecordedFleet fleet(minutes{6});
  fleet.switcher.set_outcome({SwitcherOutcome::Kind::ok, seconds{15}, ""});
  fleet.show_at(seconds{1}, "main", dated);
  fleet.at(seconds{100}, [&] { fleet.tmux.show("main", undated, 80, 24); });
  fleet.run();
  // Done at 45 s; the cooldown is over at 225 s, and the poll at 240 s suspects.
  ASSERT_EQ(fleet.decisions().at(2), "suspect main");
  for (int second = 0; second < 180; second += 10) {
    const auto run = fleet.cut(*parse_wall("2026-11-23T17:00:00.123Z") + seconds{second});
    ASSERT_TRUE(run);
    EXPECT_TRUE(settled(*run).same) << second;
  }
}

// What is taken out of a screen changes its fingerprint; the state has to follow, or an
// old banner would be new.
TEST(FlightRecorder, AStateSaysOfRedactedScreensWhatItSaidOfTheOthers) {
  RecordedFleet fleet(minutes{10});
  const std::string with_name = "❯ go on in /home/berta/src\n  ⎿  You've hit your session limit · resets 8pm (UTC)\n";
  fleet.show_at(seconds{10}, "main", with_name);
  fleet.run();
  const auto run = fleet.cut(*parse_wall("2026-11-23T17:02:20Z"));
  Redactor redactor;
  const auto recording = settled(*run, &redactor);
  EXPECT_EQ(redactor.counts()[static_cast<std::size_t>(SecretKind::home)], 1U);
  EXPECT_EQ(write_transcript(recording.transcript).find("berta"), std::string::npos);
  EXPECT_TRUE(recording.same);
  EXPECT_EQ(decisions_of(recording), std::vector<std::string>{}) << "the old banner is stale";
}

TEST(FlightRecorder, KeepsWhatTheOperatorSays) {
  RecordedFleet fleet(minutes{20});
  const auto obey = [&](AccountCommand::Kind kind, const char* account) {
    EXPECT_EQ(fleet.monitor.obey({kind, account}).outcome, CommandAnswer::Outcome::done);
  };
  fleet.show_at(seconds{100}, "main", dated);
  fleet.at(seconds{305}, [&] { obey(AccountCommand::Kind::use, "third"); });
  fleet.show_at(seconds{400}, "main", calm);
  fleet.show_at(seconds{600}, "main", dated);
  fleet.at(seconds{700}, [&] { obey(AccountCommand::Kind::free, "third"); });
  fleet.run();
  Redactor redactor;
  const auto recording = settled(*fleet.cut(), &redactor);
  const std::string text = write_transcript(recording.transcript);
  EXPECT_TRUE(recording.same) << text;
  EXPECT_EQ(decisions_of(recording), fleet.decisions());
  EXPECT_NE(text.find("account use c\n"), std::string::npos) << text;
  EXPECT_NE(text.find("account free c\n"), std::string::npos) << text;
  // The limits that are left at the end are the same.
  std::string told;
  for (const auto& entry : recording.result.journal) {
    if (entry.event.kind == EventKind::account) told += to_json(entry.event);
  }
  EXPECT_NE(told.find(R"("from":"b","account":"c")"), std::string::npos) << told;
}

// Polls of a busy machine come late, and what is said meanwhile comes before them.
TEST(FlightRecorder, WhatIsSaidWhileAPollIsLateComesBeforeIt) {
  RecordedFleet fleet(minutes{20});
  fleet.late.set_delays({Milliseconds{7}});
  fleet.show_at(seconds{100}, "main", dated);
  fleet.at(seconds{420} + Milliseconds{3}, [&] { fleet.monitor.obey({AccountCommand::Kind::use, "third"}); });
  fleet.show_at(seconds{500}, "main", calm);
  fleet.show_at(seconds{540}, "main", undated);
  fleet.run();
  const auto recording = settled(*fleet.cut());
  const std::string text = write_transcript(recording.transcript);
  EXPECT_TRUE(recording.same && recording.times == RecordedTimes::on_grid) << text;
  EXPECT_EQ(decisions_of(recording), fleet.decisions());
  EXPECT_NE(text.find("account use third\n"), std::string::npos) << text;
}

TEST(FlightRecorder, KeepsFailuresOfEveryKind) {
  RecordedFleet fleet(minutes{20});
  using Kind = SwitcherOutcome::Kind;
  fleet.switcher.set_outcome({Kind::fail, Milliseconds{1500}, "no such account"});
  fleet.show_at(seconds{1}, "main", undated);
  fleet.at(seconds{130}, [&] { fleet.switcher.set_outcome({Kind::hang, Milliseconds{0}, ""}); });
  fleet.at(seconds{290}, [&] { fleet.tmux.fail("main", "timed out"); });
  fleet.at(seconds{350}, [&] { fleet.tmux.show("main", undated, 80, 24); });
  fleet.at(seconds{400}, [&] { fleet.tmux.set_server_up(false); });
  fleet.at(seconds{500}, [&] { fleet.tmux.set_server_up(true); });
  fleet.at(seconds{550}, [&] { fleet.clock.step_wall(hours{1}); });
  fleet.at(seconds{600}, [&] { fleet.store.fail_with("no space"); });
  fleet.at(seconds{700}, [&] { fleet.store.fail_with(std::nullopt); });
  fleet.at(seconds{800}, [&] { fleet.tmux.remove("main"); });
  fleet.run();
  EXPECT_GT(fleet.decisions().size(), 6U);
  const auto recording = settled(*fleet.cut());
  EXPECT_TRUE(recording.same) << write_transcript(recording.transcript);
  EXPECT_EQ(decisions_of(recording), fleet.decisions());
  const std::string text = write_transcript(recording.transcript);
  for (const char* part : {"switcher fail after 1.5s no such account", "switcher fail after 120s timed out",
                           "fail main timed out", "tmux down", "tmux up", "clock +1h", "disk full", "gone main"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_EQ(text.find("fail main"), text.rfind("fail main")) << "once, though two polls saw it\n" << text;
}

TEST(FlightRecorder, APollThatCameMuchTooLateIsAStall) {
  RecordedFleet fleet(minutes{10});
  fleet.late.set_delays({Milliseconds{3}, seconds{75}, Milliseconds{0}, Milliseconds{8}});
  fleet.show_at(seconds{100}, "main", undated);
  fleet.run();
  const auto recording = settled(*fleet.cut());
  EXPECT_TRUE(recording.same) << write_transcript(recording.transcript);
  EXPECT_EQ(decisions_of(recording), fleet.decisions());
  const std::string text = write_transcript(recording.transcript);
  EXPECT_NE(text.find("stall 1m15s"), std::string::npos) << text;
  EXPECT_EQ(text.find("stall 3ms"), std::string::npos) << text;
}

// The monitor learns of a hook's end when a poll is due already, and polls right then.
TEST(FlightRecorder, AHookThatEndsWhileAPollIsLateEndsThen) {
  RecordedFleet fleet(minutes{6});
  fleet.late.set_delays({Milliseconds{0}, seconds{10}, seconds{12}, Milliseconds{0}});
  fleet.switcher.set_outcome({SwitcherOutcome::Kind::ok, seconds{35}, ""});
  fleet.show_at(seconds{1}, "main", dated);
  fleet.run();
  const auto recording = settled(*fleet.cut());
  const std::string text = write_transcript(recording.transcript);
  EXPECT_TRUE(recording.same) << text;
  EXPECT_NE(text.find("@60s stall 10s\n"), std::string::npos) << text;
  EXPECT_NE(text.find("@90s stall 12s\n"), std::string::npos) << text;
  EXPECT_NE(text.find("expect @70s switch_done"), std::string::npos) << text;
}

// A switch that ended 5 ms after its poll is waited out until 5 ms after another one.
TEST(FlightRecorder, PollsThatDecideByMillisecondsAreKeptToTheMillisecond) {
  RecordedFleet fleet(minutes{10});
  fleet.late.set_delays({Milliseconds{0}, Milliseconds{9}});
  fleet.switcher.set_outcome({SwitcherOutcome::Kind::fail, Milliseconds{5}, "no"});
  fleet.show_at(seconds{1}, "main", dated);
  fleet.run();
  const auto recording = settled(*fleet.cut());
  EXPECT_TRUE(recording.same);
  EXPECT_EQ(recording.times, RecordedTimes::exact);
  EXPECT_EQ(decisions_of(recording), fleet.decisions(fleet.cut()->steps.front().at.wall));
}

TEST(FlightRecorder, WaitingForAnAccountCanBeCutToo) {
  for (const auto& banner : {dated, undated}) {
    RecordedFleet fleet(hours{2}, R"({"pool":{"dedicated":[{"name":"main"}]},
        "accounts":[{"name":"a"}],"active_account":"a"})");
    fleet.show_at(seconds{100}, "main", banner);
    fleet.run();
    const auto run = fleet.cut(*parse_wall("2026-11-23T18:45:00Z"));
    ASSERT_TRUE(run);
    EXPECT_TRUE(run->waiting);
    EXPECT_TRUE(settled(*run).same);
  }
}

// A session that is refused again at its reset is polled out of turn; the polls that follow keep to
// their times.
TEST(FlightRecorder, APollOutOfTurnMovesNoOther) {
  RecordedFleet fleet(hours{1}, R"({"quota":{"poll_interval":"5m"},
      "pool":{"dedicated":[{"name":"main"}]},
      "accounts":[{"name":"work"},{"name":"spare"}],"active_account":"work"})");
  const std::string late = "❯ go on\n  ⎿  You've hit your session limit · resets 5:12pm (UTC)\n";
  fleet.show_at(Milliseconds{0}, "main", calm);
  fleet.show_at(minutes{12}, "main", late);  // seen at 15m, again at 16m
  fleet.show_at(minutes{15} + seconds{30}, "main", calm);
  fleet.show_at(minutes{27}, "main", undated);
  fleet.run();
  for (int minute : {0, 12, 16, 18, 26}) {
    const auto run = fleet.cut(*parse_wall("2026-11-23T17:00:00.123Z") + minutes{minute});
    ASSERT_TRUE(run);
    const auto recording = settled(*run);
    const std::string text = write_transcript(recording.transcript);
    EXPECT_TRUE(recording.same && recording.times == RecordedTimes::on_grid) << minute << "\n" << text;
    EXPECT_NE(text.find("screen main 80x24\n|❯ go on\n|  ⎿  API"), std::string::npos) << text;
  }
}

TEST(FlightRecorder, AnotherConfigStartsANewRecording) {
  RecordedFleet fleet(minutes{10});
  fleet.show_at(Milliseconds{0}, "main", calm);
  fleet.run();
  ASSERT_TRUE(fleet.cut());
  fleet.recorder.configure(fleet.config, Zone::utc());
  EXPECT_FALSE(fleet.cut());
  EXPECT_EQ(fleet.recorder.bytes(), 0U);
}

TEST(FlightRecorder, WhatIsWrongIsSeen) {
  RecordedFleet fleet(minutes{10});
  fleet.show_at(seconds{100}, "main", dated);
  fleet.run();
  auto run = *fleet.cut();
  for (auto& step : run.steps) {
    std::erase_if(step.changes, [](const auto& change) { return std::holds_alternative<RecordedDecision>(change); });
  }
  EXPECT_FALSE(settled(run).same) << "a switch that was not recorded";
  run = *fleet.cut();
  for (auto& step : run.steps) {
    std::erase_if(step.changes, [](const auto& change) { return std::holds_alternative<PaneChange>(change); });
  }
  EXPECT_FALSE(settled(run).same) << "a screen that is missing";
}

// What a session that is gone at its beginning showed before is the one thing that a
// recording leaves out: it only matters if that comes back while its captures fail.
bool forgets_a_screen(const RecordedRun& run) {
  return std::ranges::any_of(run.steps.front().changes, [](const RecordedChange& change) {
    const auto& pane = std::get<PaneChange>(change).now;
    return pane.status == PaneCapture::Status::absent && pane.text;
  });
}

// Any run of a small fleet, cut anywhere, on a machine that is now and then late.
RC_GTEST_PROP(FlightRecorderProperty, AnyCutReplaysToWhatWasDecided, ()) {
  RecordedFleet fleet(minutes{30}, config_text, {hours{2}, std::size_t{1} << 20U});
  const auto sessions = std::vector<std::string>{"ccl-auto-1", "ccl-auto-2", "ccl-auto-3", "main"};
  const auto delay = rc::gen::map(rc::gen::weightedElement<int>({{30, 0}, {10, 1}, {4, 9}, {2, 60}, {1, 40'000}}),
                                  [](int ms) { return Milliseconds{ms}; });
  fleet.late.set_delays(*rc::gen::container<std::vector<Milliseconds>>(delay));
  const auto count = *rc::gen::inRange(0, 40);
  std::string story;
  for (int i = 0; i < count; ++i) {
    const Milliseconds when{*rc::gen::inRange(0, 1'800'000)};
    const auto session = *rc::gen::elementOf(sessions);
    const int what = *rc::gen::weightedElement<int>(
        {{4, 0}, {4, 1}, {3, 2}, {2, 3}, {1, 4}, {1, 5}, {1, 6}, {2, 7}, {1, 8}, {1, 9}, {1, 10}, {1, 11}});
    story += fmt::format("{} {} {}\n", format_offset(when), session, what);
    const Milliseconds delayed{*rc::gen::element(0, 3, 400, 29'999, 45'000, 200'000)};
    using Kind = SwitcherOutcome::Kind;
    fleet.at(when, [&fleet, what, session, delayed] {
      switch (what) {
        case 0:
          return fleet.tmux.show(session, dated, 80, 24);
        case 1:
          return fleet.tmux.show(session, undated, 80, 24);
        case 2:
          return fleet.tmux.show(session, calm, 80, 24);
        case 3:
          return fleet.tmux.remove(session);
        case 4:
          return fleet.tmux.fail(session, "no answer");
        case 5:
          return fleet.tmux.set_server_up(false);
        case 6:
          return fleet.tmux.set_server_up(true);
        case 7:
          return fleet.switcher.set_outcome({Kind::ok, delayed, ""});
        case 8:
          return fleet.switcher.set_outcome({Kind::fail, delayed, "no"});
        case 9:
          return fleet.clock.step_wall(delayed - seconds{40});
        default:
          fleet.monitor.obey({what == 10 ? AccountCommand::Kind::use : AccountCommand::Kind::free,
                              delayed > seconds{1} ? "third" : "work"});
      }
    });
  }
  fleet.run();
  const Milliseconds after{*rc::gen::inRange(0, 1'800'000)};
  const WallTime from = *parse_wall("2026-11-23T17:00:00Z") + after;
  const auto run = fleet.cut(from);
  RC_PRE(run.has_value());
  auto recording = settled(*run);
  const auto before = fleet.recorder.cut(from, WallTime::max(), true);
  if (!recording.same && run->waiting && before) recording = settled(*before);
  RC_LOG() << story << write_transcript(recording.transcript);
  for (const auto& [invariant, offset, what] : recording.result.violations) {
    RC_LOG() << format_offset(offset) << " " << invariant << ": " << what << "\n";
  }
  for (const auto& mismatch : recording.result.mismatches) {
    RC_LOG() << (mismatch.expected ? format_expectation(*mismatch.expected) : "nothing") << ", got "
             << (mismatch.got ? to_json(mismatch.got->event) : "nothing") << "\n";
  }
  RC_ASSERT(recording.same || forgets_a_screen(*run));
}

}  // namespace
}  // namespace quotawatch::sim
