// The output of `status` for people: never too wide, whatever it contains.
#include "report/status_table.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/display_width.h"
#include "base/text.h"
#include "report/columns.h"
#include "tests/monitor/moments.h"

namespace quotawatch {
namespace {

const WallTime now = at("2026-11-23T19:51:05.250Z");

// A monitor two minutes after it switched.
StatusReport after_a_switch() {
  StatusReport report;
  report.at = now;
  report.timezone = {"UTC", "from TZ"};
  report.monitor = {true, true, 4242, "", at("2026-11-23T12:00:00Z"), false};
  report.monitor.poll_interval = std::chrono::seconds{30};
  report.monitor.polled_at = at("2026-11-23T19:51:00Z");
  report.monitor.next_poll_at = at("2026-11-23T19:51:30Z");
  report.active_account = "spare";
  report.accounts = {{"work", false, at("2026-11-24T01:00:00Z")}, {"spare", true}, {"third"}};
  report.cooldown_until = at("2026-11-23T19:59:05Z");
  report.last_switch = DoneSwitch{"id-1", "work", "spare", at("2026-11-23T19:49:05Z")};
  report.tmux = {true, at("2026-11-21T12:00:00Z"), "", "one tmux process a poll"};
  StatusReport::Session blocked{"ccl-auto-1", true, Verdict::exhausted, "session-limit"};
  blocked.reset_text = "1am";
  blocked.reset_at = at("2026-11-24T01:00:00Z");
  blocked.since = at("2026-11-23T19:49:00Z");
  blocked.message_since = at("2026-11-23T18:49:00Z");
  blocked.unchanged_since_switch = true;
  StatusReport::Session calm{"ccl-auto-2", true, Verdict::clear};
  calm.since = at("2026-11-23T19:50:59Z");
  StatusReport::Session failing{"main", false, Verdict::unknown};
  failing.why = "timed out";
  failing.since = at("2026-11-22T10:00:00Z");
  report.sessions = {blocked, calm, {"ccl-auto-3", true}, failing, {"gone", false}};
  return report;
}

std::string table(const StatusReport& report, std::size_t columns = 80) {
  return status_table(report, now, {columns, false});
}

TEST(StatusTable, ShowsWhatAMonitorSeesAndWaitsFor) {
  EXPECT_EQ(table(after_a_switch()), R"(monitor      runs for 7h51m, since 12:00 UTC; process 4242
polls        every 30s, last 5s ago, next in 24s
tmux         up for 2d7h, asked by one tmux process a poll
timezone     UTC, from TZ
accounts     work   limited until Tue 24 Nov 01:00 UTC, 5h8m left
             spare  active
             third  free
cooldown     7m59s left, until 19:59 UTC
last switch  work -> spare at 19:49 UTC, 2m ago, id id-1

SESSION     SHOWS         FOR     WHAT
ccl-auto-1  exhausted     1h2m    resets Tue 24 Nov 01:00 UTC; left over; sessi…
ccl-auto-2  clear         6s
main        unknown       1d9h    timed out
no session   ccl-auto-3, gone
)");
}

TEST(StatusTable, SaysBelowASessionWhatItWaitsFor) {
  StatusReport report = after_a_switch();
  report.sessions.resize(2);
  report.sessions[0].waits_for = "going on, asked 1 of 3 times";
  report.sessions[0].waits_since = at("2026-11-23T19:50:56Z");
  report.sessions[0].evidence = "pool 1 of 2, dedicated 0 of 1";
  const std::string all = table(report);
  EXPECT_EQ(all.substr(all.find("ccl-auto-1")),
            R"(ccl-auto-1  exhausted     1h2m    resets Tue 24 Nov 01:00 UTC; left over; sessi…
            waits 9s for going on, asked 1 of 3 times; pool 1 of 2, dedicated 0…
ccl-auto-2  clear         6s
)");
}

TEST(StatusTable, SaysBelowASessionWhatItsOwnRecordSaysOfALimit) {
  StatusReport report = after_a_switch();
  report.sessions.resize(2);
  report.sessions[0].witness = "under_way";
  report.sessions[0].witness_at = at("2026-11-23T19:48:05Z");
  report.sessions[1].witness = "fine";
  std::string all = table(report);
  EXPECT_EQ(all.substr(all.find("…") + 4),
            "            its own record says under way, 3m ago\n"
            "ccl-auto-2  clear         6s\n");
  report.sessions[1].witness = "refused";
  all = table(report);
  EXPECT_TRUE(all.ends_with("ccl-auto-2  clear         6s\n            its own record says refused\n")) << all;
}

TEST(StatusTable, ShowsTrouble) {
  StatusReport report = after_a_switch();
  report.cooldown_until.reset();
  report.monitor.dry_run = true;
  report.monitor.failures_in_a_row = 3;
  report.monitor.retry_at = at("2026-11-23T19:53:05.250Z");
  report.monitor.polled_at.reset();
  report.tmux = {false, at("2026-11-23T19:50:05Z"), "no server running", ""};
  report.store = {false, at("2026-11-23T19:48:05Z"), "no route"};
  report.suspicion = {at("2026-11-23T19:50:35Z"), true};
  report.in_flight = SwitchRequest{"id-2", "spare", "", "main", "", {}, at("2026-11-23T19:51:00Z")};
  report.last_switch.reset();
  report.sessions = {{"main", false}};
  EXPECT_EQ(table(report),
            R"(monitor      runs for 7h51m, since 12:00 UTC; process 4242
             carries no switch out, only says what it would do
polls        every 30s, none yet, next in 24s
tmux         down for 1m: no server running
store        down for 3m: no route
timezone     UTC, from TZ
accounts     work   limited until Tue 24 Nov 01:00 UTC, 5h8m left
             spare  active
             third  free
suspicion    for 30s, confirmed; waits for an account
in flight    spare -> ? for 5s, id id-2
failed       3 in a row, nothing is decided for 2m
last switch  none

SESSION   SHOWS         FOR     WHAT
not yet seen main
)");
}

TEST(StatusTable, SaysWhatWasCountedAndWhatWasNot) {
  StatusReport report = after_a_switch();
  report.hits = {2, 3, 0, 1};
  report.sessions[0].unchanged_since_switch = false;
  report.sessions[0].hit = HitStatus::stale;
  report.sessions[1].verdict = Verdict::throttled;
  report.sessions[1].hit = HitStatus::uncounted;
  report.sessions[1].why_uncounted = "its rule never counts";
  const std::string text = table(report, 120);
  EXPECT_NE(text.find("\nhits         pool 2 of 3 needed, interactive 0 of 1 needed\n"), std::string::npos) << text;
  EXPECT_NE(text.find("01:00 UTC; left over; session-limit\n"), std::string::npos) << text;
  EXPECT_NE(text.find("no hit, its rule never counts\n"), std::string::npos) << text;
  report.hits = {0, 3, 0, 1};
  EXPECT_EQ(table(report).find("\nhits "), std::string::npos);
}

TEST(StatusTable, SaysWhereItIsFromTheSavedState) {
  StatusReport report = after_a_switch();
  report.monitor = {};
  report.tmux.reset();
  report.notes = {"the state \"x\" is damaged"};
  for (auto& session : report.sessions) session.verdict.reset();
  EXPECT_EQ(table(report), R"(monitor      none runs
             all below is from the saved state
timezone     UTC, from TZ
accounts     work   limited until Tue 24 Nov 01:00 UTC, 5h8m left
             spare  active
             third  free
cooldown     7m59s left, until 19:59 UTC
last switch  work -> spare at 19:49 UTC, 2m ago, id id-1
note         the state "x" is damaged

1 of 5 sessions showed a limit when last seen:
ccl-auto-1  since 18:49 UTC, 1h2m ago; left over from before the switch
)");
  report.monitor = {true, false, 7, ""};
  report.sessions = {{"main", false}};
  const std::string silent = table(report);
  EXPECT_TRUE(silent.starts_with("monitor      process 7 runs and does not answer\n"));
  EXPECT_TRUE(silent.ends_with("\n0 of 1 session showed a limit when last seen\n"));
  report.monitor = {false, false, 0, "its socket belongs to another user (12)"};
  EXPECT_TRUE(table(report).starts_with("monitor      none runs: its socket belongs to another user (12)\n"));
}

// An expired banner's time would only mislead.
TEST(StatusTable, ABannerThatHasExpiredNamesNoReset) {
  StatusReport report = after_a_switch();
  report.sessions.resize(1);
  report.sessions[0].verdict = Verdict::clear;
  report.sessions[0].why = "expired: its reset has passed";
  EXPECT_TRUE(
      table(report).ends_with("clear         2m5s    expired: its reset has passed; "
                              "session-limit\n"))
      << table(report);
}

TEST(StatusTable, TimesAreAsShortAsTodayAllows) {
  StatusReport report = after_a_switch();
  const auto shows = [&](WallTime done_at, const char* zone, const char* text) {
    report.timezone.name = zone;
    report.last_switch->done_at = done_at;
    const auto drawn = status_table(report, now, {80, false});
    return drawn.find(fmt::format(" at {}, ", text)) != std::string::npos ? testing::AssertionSuccess()
                                                                          : testing::AssertionFailure() << drawn;
  };
  EXPECT_TRUE(shows(at("2026-11-23T00:00:00Z"), "UTC", "00:00 UTC"));
  EXPECT_TRUE(shows(at("2026-11-22T23:59:59Z"), "UTC", "Sun 22 Nov 23:59 UTC"));
  EXPECT_TRUE(shows(at("2025-11-23T19:00:00Z"), "UTC", "Sun 23 Nov 2025 19:00 UTC"));
  EXPECT_TRUE(shows(at("2026-11-22T23:00:00Z"), "Europe/Paris", "00:00 CET"));
  EXPECT_TRUE(shows(at("2026-11-23T00:00:00Z"), "<-0130>1:30", "Sun 22 Nov 22:30 -0130"));
}

TEST(StatusTable, AgesNeverGoBackwards) {
  StatusReport report = after_a_switch();
  report.last_switch->done_at = now + std::chrono::hours{5};  // the clock was set
  EXPECT_NE(table(report).find(" at Tue 24 Nov 00:51 UTC, 0s ago"), std::string::npos);
}

TEST(StatusTable, NothingFromOutsideReachesTheTerminal) {
  StatusReport report = after_a_switch();
  const std::string hostile = "\x1b[2J\x1b]0;x\x07%s{}\xff\r\n\xe2\x80\xae";
  report.accounts[0].name = report.active_account = hostile;
  report.sessions[0].name = report.sessions[0].rule = report.sessions[2].name = hostile;
  report.sessions[3].why = report.tmux->why = report.tmux->asked_by = hostile;
  report.last_switch->id = report.last_switch->from = hostile;
  report.in_flight = SwitchRequest{hostile, hostile, hostile, hostile, hostile, {}, now};
  report.notes = {hostile};
  const std::size_t lines = split_lines(table(report)).size();
  StatusReport saved = report;
  saved.monitor = {false, false, 0, hostile};
  for (const auto& text : {table(report, 400), table(saved, 400)}) {
    for (const char c : text) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
    EXPECT_EQ(find_invalid_utf8(text), std::string::npos);
    EXPECT_EQ(text.find("\xe2\x80\xae"), std::string::npos);
    EXPECT_NE(text.find("\\x1b[2J\\x1b]0;x\\x07%s{}\\xff\\r\\n"), std::string::npos);
  }
  EXPECT_EQ(lines, split_lines(table(report, 400)).size());
}

TEST(StatusTable, IsColouredOnlyWhereAsked) {
  const auto report = after_a_switch();
  EXPECT_EQ(table(report).find('\x1b'), std::string::npos);
  const auto coloured = status_table(report, now, {80, true});
  EXPECT_NE(coloured.find("\x1b[31m"), std::string::npos);
  // Without the colours, the text is the same.
  std::string bare;
  for (std::size_t i = 0; i < coloured.size(); ++i) {
    if (coloured[i] == '\x1b')
      i = coloured.find('m', i);
    else
      bare += coloured[i];
  }
  EXPECT_EQ(bare, table(report));
}

// Names of any length and script, in all places where names occur.
RC_GTEST_PROP(StatusTable, NoLineIsEverTooWide, ()) {
  const auto name =
      *rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
                        "a", "name", "-", "中", "記録", "é", "e\u0301", "🙂", "\u200d", "\ufe0f", "\x1b", "\xff", "…",
                        "한국어", "ﬀ", "\U0001fae8", "\u0378")),
                    [](const std::vector<std::string>& parts) { return fmt::format("{}", fmt::join(parts, "")); });
  const auto columns = *rc::gen::inRange<std::size_t>(20, 120);
  StatusReport report = after_a_switch();
  report.accounts[1].name = report.active_account = name;
  report.sessions[0].name = report.sessions[1].rule = report.sessions[2].name = name;
  report.sessions[3].why = report.tmux->why = name;
  report.last_switch->to = name;
  for (const bool live : {true, false}) {
    report.monitor.answers = live;
    report.monitor.why = live ? "" : name;
    const std::string text = table(report, columns);
    for (const auto line : split_lines(text)) RC_ASSERT(display_width(line) <= columns);
  }
}

TEST(Columns, CutsAtCharacters) {
  EXPECT_EQ(cut_to_columns("abcd", 4), "abcd");
  EXPECT_EQ(cut_to_columns("abcde", 4), "abc…");
  EXPECT_EQ(cut_to_columns("中文字", 6), "中文字");
  EXPECT_EQ(cut_to_columns("中文字", 5), "中文…");
  EXPECT_EQ(cut_to_columns("中文字", 4), "中…") << "half a character is none";
  EXPECT_EQ(cut_to_columns("e\u0301e\u0301e\u0301", 2), "e\u0301…") << "a mark stays with its letter";
  EXPECT_EQ(cut_to_columns("ab", 1), "…");
  EXPECT_EQ(cut_to_columns("ab", 0), "");
  EXPECT_EQ(cut_to_columns("", 0), "");
}

TEST(Columns, FillsUpToTheSameWidth) {
  EXPECT_EQ(fit_to_columns("ab", 4), "ab  ");
  EXPECT_EQ(fit_to_columns("中文字", 4), "中… ");
  EXPECT_EQ(fit_to_columns("", 2), "  ");
  EXPECT_EQ(fit_to_columns("abc", 2), "a…");
}

}  // namespace
}  // namespace quotawatch
