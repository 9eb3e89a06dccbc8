// `quotawatch run` on a real tmux server, from pane to hook, and the same screens through `replay`.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <re2/re2.h>
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "quotawatch/time.h"
#include "tests/end_to_end/fleet.h"
#include "tests/end_to_end/program.h"

namespace quotawatch::testing_support {
namespace {

constexpr const char* undated_banner = "> go on\n  429 Too Many Requests\n";
constexpr const char* vetoed_banner = "> go on\n  API Error: 500 Too Many Requests\n";
constexpr const char* calm = "> go on\n  All tests pass.\n";

class RunTest : public testing::Test {
 protected:
  void show_all(const std::string& text) {
    for (const char* session : {"ccl-auto-1", "ccl-auto-2", "main"}) {
      fleet_.show(session, text);
    }
  }

  // The screens of all sessions at the start, as a transcript.
  std::string transcript_of_screens() {
    auto config = fleet_.config();
    config.erase("switch");
    std::string text =
        fmt::format("quotawatch-transcript 1\nstart 2026-11-23T12:00:00Z\nconfig {}\nuntil 300ms\n\n", config.dump());
    for (const char* session : {"ccl-auto-1", "ccl-auto-2", "main"}) {
      text += fmt::format("@0s screen {} 100x30\n", session);
      const std::string screen = fleet_.tmux().screen(session);
      for (const auto line : split_lines(screen)) text += fmt::format("|{}\n", line);
    }
    return text;
  }

  Fleet fleet_;
};

TEST_F(RunTest, TwoPoolPanesAndADedicatedOneMakeOneSwitch) {
  show_all(dated_banner);
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("switch_done")) << program.messages();
  ASSERT_TRUE(program.wait_for("skip", 5));
  program.signal(SIGTERM);
  const auto end = program.wait_for_end(one_second);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_status, 0);

  const auto requests = fleet_.requests();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0]["from"], "a");
  EXPECT_EQ(requests[0]["to"], "b");
  EXPECT_EQ(requests[0]["reset_text"], "8pm");
  EXPECT_EQ(requests[0]["session"], "ccl-auto-1");

  const std::vector<std::string> expected{"switch a->b ccl-auto-1", "switch_done a->b "};
  EXPECT_EQ(decisions_of(program.journal()), expected);

  // Replaying the same screens gives the same decision.
  os::testing_support::write_file(fleet_.path("same.transcript"), transcript_of_screens());
  const auto replayed = run_quotawatch({"replay", "--json", fleet_.path("same.transcript")});
  EXPECT_EQ(decisions_of(parse_journal(replayed.output)), expected) << replayed.error_output;
}

TEST_F(RunTest, TheJournalSaysWhatWasSeenAndWhy) {
  fleet_.show("ccl-auto-1", undated_banner);
  fleet_.show("ccl-auto-2", undated_banner);
  fleet_.show("main", vetoed_banner);
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("switch_done")) << program.messages();
  const auto journal = program.journal();
  ASSERT_GE(journal.size(), 6U);
  const std::vector<std::string> names{"verdict", "verdict", "verdict", "suspect", "switch", "switch_done"};
  for (std::size_t i = 0; i < names.size(); ++i) EXPECT_EQ(journal[i]["event"], names[i]) << i;
  EXPECT_EQ(journal[2]["verdict"], "server_error");
  EXPECT_EQ(journal[3]["session"], "ccl-auto-1");
  EXPECT_EQ(journal[3]["rule"], "too-many-requests");
  EXPECT_EQ(journal[4]["pool"], 2);
  EXPECT_EQ(journal[4]["interactive"], 0);
  EXPECT_EQ(journal[4]["id"], journal[5]["id"]);
}

TEST_F(RunTest, AServerErrorOnEveryScreenAsksForNothing) {
  show_all(vetoed_banner);
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("verdict", 3)) << program.messages();
  program.loop().run_until([] { return false; }, Milliseconds{500});
  program.signal(SIGINT);
  ASSERT_TRUE(program.wait_for_end(one_second));
  EXPECT_TRUE(decisions_of(program.journal()).empty());
  EXPECT_TRUE(fleet_.requests().empty());
}

// One banner, seen in two sessions of one group, is one hit; a banner whose agent has ended is
// none.
TEST_F(RunTest, OnePaneInTwoSessionsIsOneHitAndADeadOneIsNone) {
  fleet_.show("ccl-auto-1", dated_banner);
  fleet_.tmux().link("ccl-auto-2", "ccl-auto-1");
  fleet_.show("main", dated_banner);
  fleet_.tmux().end_program("main");
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("verdict", 3)) << program.messages();
  program.loop().run_until([] { return false; }, Milliseconds{500});
  program.signal(SIGINT);
  ASSERT_TRUE(program.wait_for_end(one_second));
  EXPECT_TRUE(decisions_of(program.journal()).empty());
  EXPECT_TRUE(fleet_.requests().empty());
  const auto journal = program.journal();
  EXPECT_EQ(journal[0]["verdict"], "exhausted");
  EXPECT_EQ(journal[1].value("why", ""), "shows the pane of ccl-auto-1, where it counts");
  EXPECT_EQ(journal[2].value("why", ""), "the program in the pane has ended");
}

TEST_F(RunTest, TheHookGetsTheRequestInItsEnvironment) {
  fleet_.set_hook(fmt::format("env | grep ^QUOTAWATCH_ > '{}'", fleet_.path("environment")));
  show_all(dated_banner);
  ASSERT_EQ(run_quotawatch(fleet_.run_arguments({"--once"})).exit_status, 0);
  const auto environment = os::testing_support::read_file(fleet_.path("environment"));
  const auto request = fleet_.requests().at(0);
  for (const auto& line : {std::string("QUOTAWATCH_FROM=a\n"), std::string("QUOTAWATCH_TO=b\n"),
                           std::string("QUOTAWATCH_RESET_TEXT=8pm\n"), std::string("QUOTAWATCH_SESSION=ccl-auto-1\n"),
                           fmt::format("QUOTAWATCH_ID={}\n", request["id"].get<std::string>()),
                           fmt::format("QUOTAWATCH_RESET_AT={}\n", request["reset_at"].get<std::string>())}) {
    EXPECT_NE(environment.find(line), std::string::npos) << line << environment;
  }
}

TEST_F(RunTest, WhileTheHookRunsTheLoopGoesOn) {
  fleet_.set_hook("sleep 100");
  show_all(dated_banner);
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("skip", 5)) << program.messages();
  for (const auto& line : program.journal()) {
    if (line["event"] == "skip") {
      EXPECT_EQ(line["reason"], "pending");
    }
  }
}

TEST_F(RunTest, AHookPastItsTimeFailsTheSwitchAndIsTriedAgainLater) {
  fleet_.set_hook("sleep 100");
  fleet_.config()["switch"]["timeout"] = "200ms";
  show_all(dated_banner);
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("switch_failed", 2)) << program.messages();
  const auto requests = fleet_.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_NE(requests[0]["id"], requests[1]["id"]);
  const auto journal = program.journal();
  const auto failed =
      std::find_if(journal.begin(), journal.end(), [](const auto& line) { return line["event"] == "switch_failed"; });
  EXPECT_EQ((*failed)["why"], "timed out");
}

// The hook ends while the monitor is stopped, after its timeout in wall time.
TEST_F(RunTest, AHookThatEndedWhileTheMonitorWasStoppedHasNotTimedOut) {
  fleet_.set_hook("sleep 0.7");
  fleet_.config()["switch"]["timeout"] = "1s";
  show_all(dated_banner);
  RunningProgram program(fleet_.run_arguments());
  const auto hook_runs = [this] { return fleet_.requests().size() == 1; };
  ASSERT_TRUE(os::testing_support::eventually(hook_runs, &program.loop())) << program.messages();
  program.signal(SIGSTOP);
  program.loop().run_until([] { return false; }, Milliseconds{2500});
  program.signal(SIGCONT);
  ASSERT_TRUE(program.wait_for("skip", 5)) << program.messages();
  const std::vector<std::string> expected{"switch a->b ccl-auto-1", "switch_done a->b "};
  EXPECT_EQ(decisions_of(program.journal()), expected);
  EXPECT_EQ(fleet_.requests().size(), 1U);
}

TEST_F(RunTest, PollsKeepToTheirGridWithoutDrift) {
  show_all(dated_banner);
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("skip", 20)) << program.messages();
  std::vector<WallTime> polls;
  for (const auto& line : program.journal()) {
    if (line["event"] == "skip") polls.push_back(*parse_wall(line["at"].get<std::string>()));
  }
  // Load may delay single polls but must not move the grid: the least lateness stays near zero.
  const auto half_interval = Milliseconds{50};
  const auto first_of_late = polls.back() - polls.front();
  const auto beside_grid = (first_of_late + half_interval) % Milliseconds{100} - half_interval;
  EXPECT_LT(std::chrono::abs(beside_grid), Milliseconds{40}) << first_of_late.count();
}

TEST_F(RunTest, TheStateIsPrivateAndKnowsTheNewAccount) {
  show_all(dated_banner);
  ASSERT_EQ(run_quotawatch(fleet_.run_arguments({"--once"})).exit_status, 0);
  struct stat info {};
  ASSERT_EQ(::stat(fleet_.state_path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  const auto state = nlohmann::json::parse(os::testing_support::read_file(fleet_.state_path()));
  EXPECT_EQ(state["active_account"], "b");
  // No text of any screen is stored.
  EXPECT_EQ(state.dump().find("hit your limit"), std::string::npos);
}

TEST_F(RunTest, ASecondRunLeavesTheOldBannersAlone) {
  show_all(dated_banner);
  ASSERT_EQ(run_quotawatch(fleet_.run_arguments({"--once"})).exit_status, 0);
  fleet_.config()["quota"]["reactivate_cooldown"] = "1ms";
  const auto second = run_quotawatch(fleet_.run_arguments({"--once"}));
  EXPECT_TRUE(decisions_of(parse_journal(second.output)).empty()) << second.output;
  EXPECT_NE(second.output.find("\"event\":\"stale\""), std::string::npos) << second.output;
  EXPECT_EQ(fleet_.requests().size(), 1U);
}

TEST_F(RunTest, OnceReportsAFailedSwitchByItsExitCode) {
  fleet_.set_hook("echo no such account; exit 3");
  show_all(dated_banner);
  const auto result = run_quotawatch(fleet_.run_arguments({"--once"}));
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_NE(result.output.find("\"why\":\"exit status 3\""), std::string::npos) << result.output;
  EXPECT_NE(result.error_output.find("hook: no such account"), std::string::npos);
}

TEST_F(RunTest, ADryRunOnlySays) {
  show_all(dated_banner);
  const auto result = run_quotawatch(fleet_.run_arguments({"--once", "--dry-run"}));
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(decisions_of(parse_journal(result.output)).front(), "switch a->b ccl-auto-1");
  EXPECT_NE(result.output.find("\"dry_run\":true"), std::string::npos);
  EXPECT_TRUE(fleet_.requests().empty());
  EXPECT_FALSE(os::testing_support::file_exists(fleet_.state_path()));
}

TEST_F(RunTest, WithoutAHookNothingIsRemembered) {
  fleet_.config().erase("switch");
  show_all(dated_banner);
  const auto result = run_quotawatch(fleet_.run_arguments({"--once"}));
  EXPECT_EQ(decisions_of(parse_journal(result.output)).front(), "switch a->b ccl-auto-1");
  EXPECT_NE(result.output.find("\"dry_run\":true"), std::string::npos);
  EXPECT_FALSE(os::testing_support::file_exists(fleet_.state_path()));
}

TEST_F(RunTest, AMisspeltSessionIsNamed) {
  show_all(calm);
  const auto result = run_quotawatch(fleet_.run_arguments({"--once", "--dedicated", "mian"}));
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_NE(result.error_output.find("no such session yet: \"mian\""), std::string::npos) << result.error_output;
}

TEST_F(RunTest, EachDecisionIsALineOfTheLogWithTimeAndLevel) {
  fleet_.set_hook("sleep 60");
  fleet_.config()["switch"]["timeout"] = "100ms";
  show_all(dated_banner);
  const auto result = run_quotawatch(fleet_.run_arguments({"--once"}));
  EXPECT_EQ(result.exit_status, 1);
  const std::string line_start = R"((^|\n)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d )";
  for (const char* line : {"info quotawatch: switch session=ccl-auto-1 from=a to=b id=",
                           "warning quotawatch: switch_failed from=a to=b id=.* why=\"timed out\"\n"}) {
    EXPECT_TRUE(RE2::PartialMatch(result.error_output, line_start + line)) << line << result.error_output;
  }
}

TEST_F(RunTest, ForJournaldTheLogHasNoTime) {
  show_all(dated_banner);
  std::vector<std::string> command{"sh", "-c", "JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2) exec \"$@\"", "sh",
                                   binary_path()};
  for (auto& word : fleet_.run_arguments({"--once"})) command.push_back(std::move(word));
  auto result = os::testing_support::run_program(command);
  EXPECT_TRUE(has("\n" + result.error_output, "\n<6>switch session="));
  command[2] = "JOURNAL_STREAM=1:2 exec \"$@\"";  // of an stderr that was redirected since
  result = os::testing_support::run_program(command);
  EXPECT_TRUE(has(result.error_output, " info quotawatch: watching"));
}

TEST_F(RunTest, CommandLineSessionsReplaceTheConfigs) {
  fleet_.show("solo", dated_banner);
  show_all(calm);
  const auto result = run_quotawatch(fleet_.run_arguments({"--once", "--pool", "none-:0:1", "--dedicated", "solo"}));
  EXPECT_EQ(decisions_of(parse_journal(result.output)).front(), "switch a->b solo");
}

}  // namespace
}  // namespace quotawatch::testing_support
