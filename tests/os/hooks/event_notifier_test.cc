// EventNotifier: what the program receives, that events are sent one at a time, and how the program
// is ended.
#include "os/hooks/event_notifier.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/os/support.h"

namespace quotawatch {
namespace {

using namespace os::testing_support;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Lines = std::vector<std::string>;

class EventNotifierTest : public testing::Test {
 protected:
  void shell(const std::string& script, Milliseconds timeout = Milliseconds{20'000}) {
    notifier_.configure({{"sh", "-c", script}, timeout, "sockets"});
  }

  static Event event(const std::string& session) {
    Event made = make_event(EventKind::stale, *parse_wall("2026-11-23T19:51:05Z"));
    made.session = session;
    return made;
  }

  void send(int count) {
    for (int i = 1; i <= count; ++i) notifier_.send(event(std::to_string(i)));
  }

  // Waits for the n-th line of output and reads it as a process number.
  int process(std::size_t line) {
    eventually([&] { return output_.size() > line; }, &loop_);
    return std::atoi(output_.at(line).c_str());
  }

  static bool ends(int process) {
    return eventually([process] { return !process_runs(process); });
  }

  TemporaryFolder folder_;
  os::EventLoop loop_;
  Lines output_;
  Lines trouble_;
  os::EventNotifier notifier_{loop_,
                              {},
                              {[this](std::string_view line) { output_.emplace_back(line); },
                               [this](std::string_view line) { trouble_.emplace_back(line); }}};
};

TEST_F(EventNotifierTest, GivesTheEventOnStdinAndInTheEnvironment) {
  Event full = make_event(EventKind::reset, *parse_wall("2026-11-23T20:00:00Z"));
  full.session = "$(touch no) `x` \"é\"";
  full.sessions = {"ccl-auto-1", "it's; | & main"};
  full.verdict = "exhausted";
  full.rule = "session-limit";
  full.snippet = "limit \\n %s ${HOME}";
  full.reset_text = "8pm (Europe/Paris)";
  full.reset_at = parse_wall("2026-11-23T20:00:00Z");
  full.from = "a";
  full.to = "b";
  full.account = "c";
  full.why = "two\nlines\x1b[31m";
  full.retry_at = parse_wall("2026-11-23T21:00:00.5Z");
  shell("cat >'" + folder_ / "input" + "'; env -0 >'" + folder_ / "env" + "'");
  notifier_.send(full);
  notifier_.finish();
  EXPECT_EQ(trouble_, Lines{});
  EXPECT_EQ(read_file(folder_ / "input"), to_json(full) + "\n");
  const std::string environment = std::string(1, '\0') + read_file(folder_ / "env");
  for (const auto& [name, value] : std::map<std::string, std::string>{{"EVENT", "reset"},
                                                                      {"SESSION", *full.session},
                                                                      {"SESSIONS", "ccl-auto-1\nit's; | & main"},
                                                                      {"VERDICT", "exhausted"},
                                                                      {"RULE", "session-limit"},
                                                                      {"SNIPPET", *full.snippet},
                                                                      {"RESET_TEXT", "8pm (Europe/Paris)"},
                                                                      {"RESET_AT", "2026-11-23T20:00:00Z"},
                                                                      {"FROM", "a"},
                                                                      {"TO", "b"},
                                                                      {"ACCOUNT", "c"},
                                                                      {"WHY", "two\\nlines\\x1b[31m"},
                                                                      {"RETRY_AT", "2026-11-23T21:00:00.500Z"},
                                                                      {"TMUX_SOCKET", "sockets"}}) {
    const std::string line = std::string(1, '\0') + "QUOTAWATCH_" + name + "=" + value + std::string(1, '\0');
    EXPECT_NE(environment.find(line), std::string::npos) << name;
  }
}

TEST_F(EventNotifierTest, GivesEmptyTextsForWhatIsNotSet) {
  const Variable left_over("QUOTAWATCH_SESSIONS", "left over");
  shell("env | grep ^QUOTAWATCH_ | sort");
  notifier_.send(make_event(EventKind::tmux_up, WallTime{}));
  notifier_.finish();
  EXPECT_EQ(output_, (Lines{"QUOTAWATCH_ACCOUNT=", "QUOTAWATCH_EVENT=tmux_up",
                            "QUOTAWATCH_FROM=", "QUOTAWATCH_GROUP=", "QUOTAWATCH_RESET_AT=", "QUOTAWATCH_RESET_TEXT=",
                            "QUOTAWATCH_RETRY_AT=", "QUOTAWATCH_RULE=", "QUOTAWATCH_SESSION=", "QUOTAWATCH_SESSIONS=",
                            "QUOTAWATCH_SNIPPET=", "QUOTAWATCH_TMUX_SOCKET=sockets",
                            "QUOTAWATCH_TO=", "QUOTAWATCH_VERDICT=", "QUOTAWATCH_WHY="}));
}

TEST_F(EventNotifierTest, SendsEventsOneAtATimeInOrder) {
  shell("mkdir '" + folder_ / "lock" + "' || exit 9; echo $QUOTAWATCH_SESSION; sleep 0.02; rmdir '" + folder_ / "lock" +
        "'");
  send(5);
  notifier_.finish();
  EXPECT_EQ(output_, (Lines{"1", "2", "3", "4", "5"}));
  EXPECT_EQ(trouble_, Lines{});
}

TEST_F(EventNotifierTest, SendingNeverBlocks) {
  shell("sleep 600");
  const auto begin = std::chrono::steady_clock::now();
  send(3);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds{1});
  notifier_.abandon();
}

TEST_F(EventNotifierTest, WithoutACommandNothingIsSent) {
  send(200);
  notifier_.finish();
  notifier_.stop();
  EXPECT_EQ(trouble_, Lines{});
}

TEST_F(EventNotifierTest, FailuresAreLoggedAndTheNextEventIsSent) {
  shell("case $QUOTAWATCH_SESSION in 1) exit 3;; 2) kill -9 $$;; *) echo good;; esac");
  send(3);
  notifier_.finish();
  EXPECT_EQ(trouble_, (Lines{"events.command failed for the event stale: exit status 3",
                             "events.command failed for the event stale: killed by signal 9"}));
  EXPECT_EQ(output_, Lines{"good"});
}

TEST_F(EventNotifierTest, OneThatCannotStartHoldsUpNothing) {
  notifier_.configure({{"/no/such/program"}, seconds{20}, ""});
  send(3);
  EXPECT_EQ(trouble_, Lines(3,
                            "events.command failed for the event stale: cannot start "
                            "\"/no/such/program\": No such file or directory"));
  shell("echo good");
  send(1);
  notifier_.finish();
  EXPECT_EQ(output_, Lines{"good"});
}

TEST_F(EventNotifierTest, ATimeoutEndsTheWholeGroupAndTheNextEventIsSent) {
  shell("[ $QUOTAWATCH_SESSION = 2 ] && exec echo good; echo $$; sleep 600 & echo $!; wait", milliseconds{600});
  send(2);
  notifier_.finish();
  EXPECT_EQ(trouble_, Lines{"events.command failed for the event stale: timed out"});
  ASSERT_EQ(output_.size(), 3U);
  EXPECT_EQ(output_[2], "good");
  EXPECT_FALSE(process_runs(process(0)));
  EXPECT_TRUE(ends(process(1)));
}

TEST_F(EventNotifierTest, ATimeoutKillsWhatIgnoresIt) {
  shell("trap '' TERM; echo $$; sh -c 'echo $$; exec sleep 600' & wait; sleep 600", milliseconds{600});
  send(1);
  notifier_.finish();
  EXPECT_EQ(trouble_, Lines{"events.command failed for the event stale: timed out"});
  EXPECT_TRUE(ends(process(0)));
  EXPECT_TRUE(ends(process(1)));
}

TEST_F(EventNotifierTest, WhatItLeavesRunningStays) {
  shell("[ $QUOTAWATCH_SESSION = 2 ] && exit; sleep 600 & echo $!");
  send(2);
  notifier_.finish();
  notifier_.abandon();
  const int left = process(0);
  EXPECT_TRUE(process_runs(left));
  ::kill(left, SIGKILL);
}

// One runs, a hundred wait, three are dropped.
TEST_F(EventNotifierTest, BeyondTheQueueEventsAreDroppedAndCounted) {
  shell("cat '" + folder_ / "go" + "' >/dev/null 2>&1 || sleep 0.2; echo $QUOTAWATCH_SESSION");
  const int held = 1 + static_cast<int>(os::EventNotifier::most_waiting);
  send(held);
  EXPECT_EQ(trouble_, Lines{});
  send(3);
  write_file(folder_ / "go", "");
  EXPECT_EQ(trouble_, Lines{"100 events wait for events.command; new ones are dropped"});
  notifier_.finish();
  EXPECT_EQ(output_.size(), static_cast<std::size_t>(held));
  EXPECT_EQ(output_.back(), std::to_string(held));
  ASSERT_EQ(trouble_.size(), 2U);
  EXPECT_EQ(trouble_.back(), "3 events were dropped; new ones are sent again");
  send(1);
  notifier_.finish();
  EXPECT_EQ(output_.back(), "1");
  EXPECT_EQ(trouble_.size(), 2U);
}

TEST_F(EventNotifierTest, AnotherCommandTakesEffectWithTheNextEvent) {
  shell("sleep 0.1; echo old $QUOTAWATCH_SESSION");
  send(2);
  shell("echo new $QUOTAWATCH_SESSION");
  notifier_.finish();
  EXPECT_EQ(output_, (Lines{"old 1", "new 2"}));
  shell("sleep 0.1");
  send(2);
  notifier_.configure({});
  notifier_.finish();
  EXPECT_EQ(output_.size(), 2U) << "waiting events are not sent";
}

TEST_F(EventNotifierTest, AStopEndsTheWaitForUnsentEvents) {
  shell("sleep 600");
  send(1);
  loop_.request_stop();
  const auto begin = std::chrono::steady_clock::now();
  notifier_.finish();
  notifier_.abandon();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds{1});
}

TEST_F(EventNotifierTest, AbandonEndsWhatRunsWithinASecondAndSaysWhatIsLost) {
  shell("trap '' TERM; echo $$; sleep 600 & echo $!; wait; sleep 600");
  send(3);
  const int program = process(0);
  const int child = process(1);
  const auto begin = std::chrono::steady_clock::now();
  notifier_.abandon();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds{1});
  EXPECT_FALSE(process_runs(program));
  EXPECT_TRUE(ends(child));
  EXPECT_TRUE(has_no_children());
  EXPECT_EQ(trouble_, Lines{"stopped with 3 events not sent"});
  send(1);
  EXPECT_EQ(trouble_.size(), 1U) << "nothing is sent any more";
  EXPECT_TRUE(has_no_children());
}

TEST_F(EventNotifierTest, StopAsksWithoutWaiting) {
  shell("trap 'echo asked; exit 0' TERM; echo ready; sleep 600 & wait");
  send(1);
  ASSERT_TRUE(eventually([&] { return output_.size() == 1; }, &loop_));
  notifier_.stop();
  EXPECT_TRUE(eventually([&] { return output_.size() == 2; }, &loop_));
  EXPECT_EQ(output_.back(), "asked");
  notifier_.abandon();
  EXPECT_EQ(trouble_, Lines{"stopped with 1 event not sent"});
}

TEST_F(EventNotifierTest, AtRestAbandonSaysNothing) {
  shell("echo good");
  send(1);
  notifier_.finish();
  notifier_.abandon();
  EXPECT_EQ(trouble_, Lines{});
}

}  // namespace
}  // namespace quotawatch
