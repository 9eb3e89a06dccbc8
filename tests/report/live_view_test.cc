// The live view of `status --watch`: what it shows in a terminal of any size, and what keys do.
#include "report/live_view.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/display_width.h"
#include "tests/monitor/moments.h"

namespace quotawatch {
namespace {

const WallTime now = at("2026-11-23T19:51:05.250Z");

GroupStatus::Session session(const std::string& name, Verdict verdict) {
  GroupStatus::Session one{name, true, verdict};
  one.since = at("2026-11-23T19:49:00Z");
  if (verdict == Verdict::exhausted) one.hit = HitStatus::fresh;
  return one;
}

StatusReport fleet(std::size_t sessions) {
  StatusReport report;
  report.at = now;
  report.timezone = {"UTC", "from TZ"};
  report.monitor = {true, true, 4242, "", at("2026-11-23T12:00:00Z"), false};
  report.monitor.poll_interval = std::chrono::seconds{30};
  report.monitor.polled_at = at("2026-11-23T19:51:00Z");
  report.monitor.next_poll_at = at("2026-11-23T19:51:30Z");
  report.accounts = {{"work", false, at("2026-11-24T01:00:00Z")}, {"spare", true}};
  report.tmux = {true, at("2026-11-21T12:00:00Z"), "", ""};
  for (std::size_t i = 1; i <= sessions; ++i) {
    report.sessions.push_back(session(fmt::format("s-{}", i), Verdict::clear));
  }
  return report;
}

StatusReport troubled() {
  StatusReport report = fleet(3);
  report.sessions.push_back(session("failing", Verdict::server_error));
  report.sessions.push_back(session("stopped", Verdict::exhausted));
  return report;
}

const std::vector<std::string> decisions{"2026-11-23 19:49:00  switch       work -> spare",
                                         "2026-11-23 19:49:05  switch_done  work -> spare"};

std::string text_of(const LiveRow& row) {
  std::string text = row.chosen ? "> " : "";
  for (const auto& cell : row.cells) text += cell.text;
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

std::string drawn(const LiveView& view, const StatusReport& report, LiveSize size = {}) {
  std::string text;
  for (const auto& row : view.rows(report, decisions, now, size)) text += text_of(row) + "\n";
  return text;
}

TEST(LiveView, At80x24TroubleComesFirstAndTheLastDecisionsBelow) {
  EXPECT_EQ(drawn({}, troubled()), R"(monitor      runs for 7h51m, since 12:00 UTC; process 4242
polls        every 30s, last 5s ago, next in 24s
tmux         up for 2d7h
timezone     UTC, from TZ
accounts     work   limited until Tue 24 Nov 01:00 UTC, 5h8m left
             spare  active
last switch  none
SESSION   SHOWS         FOR     WHAT
> stopped   exhausted     2m5s
failing   server_error  2m5s
s-1       clear         2m5s
s-2       clear         2m5s
s-3       clear         2m5s







LAST DECISIONS
2026-11-23 19:49:00  switch       work -> spare
2026-11-23 19:49:05  switch_done  work -> spare
q quit  ? help  up/down choose  r resume  p pause
)");
}

TEST(LiveView, At200x50ThereIsRoomForManySessions) {
  const std::string text = drawn({}, fleet(30), {200, 50});
  for (int i = 1; i <= 30; ++i) EXPECT_NE(text.find(fmt::format("s-{} ", i)), std::string::npos) << i;
  EXPECT_EQ(text.find("…"), std::string::npos) << text;
}

TEST(LiveView, FitsEverySize) {
  StatusReport report = troubled();
  report.sessions.push_back(session("界界\x1b[31m\n" + std::string(300, 'x'), Verdict::exhausted));
  report.sessions.back().why = "\x1b]0;title\x07";
  report.notes = {"a note"};
  for (const auto key : {LiveKey::other, LiveKey::help, LiveKey::resume}) {
    LiveView view;
    view.press(key, report);
    for (std::size_t columns = 0; columns < 90; columns += 7) {
      for (std::size_t rows = 0; rows < 60; ++rows) {
        const auto all = view.rows(report, decisions, now, {columns, rows});
        ASSERT_EQ(all.size(), rows) << columns;
        for (const auto& row : all) {
          std::string text;
          for (const auto& cell : row.cells) text += cell.text;
          ASSERT_LE(display_width(text), columns) << text;
          ASSERT_EQ(text.find_first_of("\x1b\n\x07"), std::string::npos);
        }
      }
    }
  }
}

TEST(LiveView, TheChosenSessionStaysInSight) {
  const StatusReport report = fleet(40);
  LiveView view;
  for (int i = 2; i <= 40; ++i) {
    view.press(LiveKey::down, report);
    EXPECT_NE(drawn(view, report).find(fmt::format("> s-{} ", i)), std::string::npos) << drawn(view, report);
  }
  view.press(LiveKey::down, report);
  EXPECT_NE(drawn(view, report).find("> s-40 "), std::string::npos) << "there is none below";
  view.press(LiveKey::page_up, report);
  EXPECT_NE(drawn(view, report).find("> s-30 "), std::string::npos);
  view.press(LiveKey::first, report);
  EXPECT_NE(drawn(view, report).find("> s-1 "), std::string::npos);
}

TEST(LiveView, TheChoiceStaysWithItsSession) {
  StatusReport report = fleet(3);
  LiveView view;
  view.press(LiveKey::down, report);
  report.sessions[2] = session("s-3", Verdict::exhausted);
  EXPECT_NE(drawn(view, report).find("\ns-3       exhausted"), std::string::npos);
  EXPECT_NE(drawn(view, report).find("> s-2 "), std::string::npos);
  report.sessions.erase(report.sessions.begin() + 1);
  EXPECT_NE(drawn(view, report).find("> s-3 "), std::string::npos) << "it is gone";
}

TEST(LiveView, AsksBeforeASessionIsAskedToGoOn) {
  const StatusReport report = troubled();
  LiveView view;
  EXPECT_EQ(view.press(LiveKey::resume, report).kind, LiveAction::Kind::none);
  EXPECT_NE(drawn(view, report).find("Ask stopped to go on? y: yes"), std::string::npos);
  EXPECT_EQ(view.press(LiveKey::down, report).kind, LiveAction::Kind::none);
  EXPECT_NE(drawn(view, report).find("nothing was asked"), std::string::npos);
  EXPECT_EQ(view.press(LiveKey::yes, report).kind, LiveAction::Kind::none) << "nothing is asked any more";
  view.press(LiveKey::resume, report);
  const auto action = view.press(LiveKey::yes, report);
  EXPECT_EQ(action.kind, LiveAction::Kind::resume);
  EXPECT_EQ(action.session, "stopped");
}

TEST(LiveView, PausesAndEndsThePause) {
  StatusReport report = troubled();
  LiveView view;
  EXPECT_EQ(view.press(LiveKey::pause, report).kind, LiveAction::Kind::pause);
  report.monitor.paused = true;
  EXPECT_NE(drawn(view, report).find("p end the pause"), std::string::npos);
  EXPECT_EQ(view.press(LiveKey::pause, report).kind, LiveAction::Kind::end_pause);
}

TEST(LiveView, QuitLeavesTheHelpFirst) {
  const StatusReport report = troubled();
  LiveView view;
  view.press(LiveKey::help, report);
  EXPECT_NE(drawn(view, report).find("this help"), std::string::npos);
  EXPECT_EQ(view.press(LiveKey::quit, report).kind, LiveAction::Kind::none);
  EXPECT_EQ(drawn(view, report).find("this help"), std::string::npos);
  EXPECT_EQ(view.press(LiveKey::quit, report).kind, LiveAction::Kind::quit);
}

TEST(LiveView, ShowsWhatTheSavedStateKnowsWhereNoMonitorRuns) {
  StatusReport report = fleet(2);
  report.monitor = {};
  report.sessions[1].message_since = at("2026-11-23T18:49:00Z");
  const std::string text = drawn({}, report);
  EXPECT_NE(text.find("monitor      none runs"), std::string::npos) << text;
  EXPECT_NE(text.find("> s-2       since 18:49 UTC, 1h2m ago"), std::string::npos) << text;
}

}  // namespace
}  // namespace quotawatch
