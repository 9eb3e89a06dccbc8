// `quotawatch run` with failures around it: signals, hangs, crashes, invalid configs, readers that
// go away.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <nlohmann/json.hpp>
#include <set>

#include "tests/end_to_end/fleet.h"
#include "tests/end_to_end/program.h"

namespace quotawatch::testing_support {
namespace {

using os::testing_support::eventually;

class Faults : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* session : {"ccl-auto-1", "ccl-auto-2"}) {
      fleet_.show(session, dated_banner);
    }
  }

  Fleet fleet_;
};

TEST_F(Faults, StopsWithinASecondWhileTmuxHangs) {
  fleet_.config()["tmux"]["timeout"] = "1m";
  fleet_.tmux().suspend();
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for_message("watching"));
  program.loop().run_until([] { return false; }, Milliseconds{300});  // into the first poll
  program.signal(SIGTERM);
  const auto end = program.wait_for_end(one_second);
  fleet_.tmux().resume();
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_status, 0);
  EXPECT_TRUE(program.journal().empty());
}

TEST_F(Faults, StopsWithinASecondWhileTheHookHangsAndResumesItsSwitch) {
  fleet_.set_hook("trap '' TERM; sleep 100");
  std::string id;
  {
    RunningProgram program(fleet_.run_arguments());
    ASSERT_TRUE(program.wait_for("switch"));
    ASSERT_TRUE(eventually([&] { return fleet_.requests().size() == 1; }, &program.loop()));
    program.signal(SIGTERM);
    const auto end = program.wait_for_end(one_second);
    ASSERT_TRUE(end);
    EXPECT_EQ(end->exit_status, 0);
    id = fleet_.requests()[0]["id"];
  }
  fleet_.set_hook("");
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("switch_done")) << program.messages();
  EXPECT_EQ(program.journal().front()["event"], "switch_resumed");
  EXPECT_EQ(program.journal().front()["id"], id);
  EXPECT_EQ(fleet_.requests().back()["id"], id);
}

TEST_F(Faults, AKillAtAnyMomentNeverMakesASecondId) {
  fleet_.set_hook("sleep 0.05");
  for (int delay_ms = 0; delay_ms < 300; delay_ms += 23) {
    RunningProgram program(fleet_.run_arguments());
    program.loop().run_until([] { return false; }, Milliseconds{delay_ms});
    program.signal(SIGKILL);
    ASSERT_TRUE(program.wait_for_end(one_second));
  }
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("skip", 3)) << program.messages();
  std::set<std::string> ids;
  for (const auto& request : fleet_.requests()) ids.insert(request["id"].get<std::string>());
  EXPECT_EQ(ids.size(), 1U);
}

TEST_F(Faults, AKilledMonitorLeavesNoSessionOnTheServer) {
  fleet_.config()["tmux"]["keep_connection"] = true;
  const auto sessions = [&] { return fleet_.tmux().run({"list-sessions", "-F", "#{session_name}"}); };
  const std::string before = sessions();
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("switch_done")) << program.messages();
  EXPECT_NE(sessions(), before);
  program.signal(SIGKILL);
  ASSERT_TRUE(program.wait_for_end(one_second));
  EXPECT_TRUE(eventually([&] { return sessions() == before; })) << sessions();
}

TEST_F(Faults, ASecondRunSaysWhoHoldsTheState) {
  RunningProgram first(fleet_.run_arguments());
  ASSERT_TRUE(first.wait_for_message("watching"));
  const auto second = run_quotawatch(fleet_.run_arguments());
  EXPECT_EQ(second.exit_status, 2);
  const std::string holder = first.messages().substr(0, first.messages().find('\n'));
  EXPECT_NE(second.error_output.find(holder), std::string::npos) << second.error_output;
}

TEST_F(Faults, ReloadsAGoodConfigAndKeepsTheOldOneForABad) {
  fleet_.config()["quota"]["pool_threshold"] = 3;
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("verdict", 2)) << program.messages();
  fleet_.config()["quota"]["pool_treshold"] = 2;
  fleet_.write_config();
  program.signal(SIGHUP);
  ASSERT_TRUE(program.wait_for_message("going on with the config from before"));
  EXPECT_NE(program.messages().find("did you mean \"pool_threshold\"?"), std::string::npos) << program.messages();
  EXPECT_TRUE(decisions_of(program.journal()).empty());
  fleet_.config()["quota"].erase("pool_treshold");
  fleet_.config()["quota"]["pool_threshold"] = 2;
  fleet_.write_config();
  program.signal(SIGHUP);
  ASSERT_TRUE(program.wait_for("switch_done")) << program.messages();
}

TEST_F(Faults, AServerThatGoesAndComesBackIsReportedOnce) {
  fleet_.show("ccl-auto-1", "calm\n");
  fleet_.show("ccl-auto-2", "calm\n");
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("verdict", 2)) << program.messages();
  fleet_.tmux().stop();
  ASSERT_TRUE(program.wait_for("tmux_down"));
  program.loop().run_until([] { return false; }, Milliseconds{350});
  EXPECT_FALSE(fleet_.tmux().running());
  fleet_.tmux().start();
  ASSERT_TRUE(program.wait_for("tmux_up"));
  program.signal(SIGTERM);
  ASSERT_TRUE(program.wait_for_end(one_second));
  std::size_t downs = 0;
  for (const auto& line : program.journal()) downs += line["event"] == "tmux_down" ? 1U : 0U;
  EXPECT_EQ(downs, 1U);
}

TEST_F(Faults, AJournalReaderThatGoesAwayIsReportedAndSurvived) {
  const auto arguments = fleet_.run_arguments();
  const auto script = fmt::format("('{}' run --config '{}' & echo $! > '{}'; wait) 2> '{}' | head -n 1 > /dev/null",
                                  binary_path(), arguments[2], fleet_.path("pid"), fleet_.path("messages"));
  os::EventLoop loop;
  os::ChildProcess pipeline(loop, {{"sh", "-c", script}, {}, ""}, {{}, {}, {}});
  const auto messages = [&] {
    return os::testing_support::file_exists(fleet_.path("messages"))
               ? os::testing_support::read_file(fleet_.path("messages"))
               : "";
  };
  EXPECT_TRUE(eventually([&] { return messages().find("journal") != std::string::npos; }, &loop)) << messages();
  EXPECT_TRUE(eventually([&] { return fleet_.requests().size() == 1; }, &loop));
  const int process = std::stoi(os::testing_support::read_file(fleet_.path("pid")));
  EXPECT_TRUE(os::testing_support::process_runs(process));
  ::kill(process, SIGTERM);
  EXPECT_TRUE(eventually([&] { return !os::testing_support::process_runs(process); }, &loop));
}

TEST_F(Faults, AFullDiskUnderTheJournalIsReportedAndSurvived) {
  const auto result = run_quotawatch(fleet_.run_arguments({"--once", "--journal", "/dev/full"}));
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_NE(result.error_output.find("No space left on device"), std::string::npos) << result.error_output;
  EXPECT_EQ(fleet_.requests().size(), 1U);
}

TEST_F(Faults, ClosedStandardDescriptorsAreNoHarm) {
  for (const char* closed : {"<&-", ">&-", "2>&-", "<&- >&- 2>&-"}) {
    const auto config = fleet_.write_config();
    const auto result = os::testing_support::run_program(
        {"sh", "-c", fmt::format("exec '{}' run --config '{}' --once {}", binary_path(), config, closed)});
    EXPECT_EQ(result.exit_status, 0) << closed << result.error_output;
    const auto state = nlohmann::json::parse(os::testing_support::read_file(fleet_.state_path()));
    EXPECT_EQ(state["active_account"], "b") << closed;
  }
}

TEST_F(Faults, AConfigThatNamesNoPossibleFileIsRefusedOnReload) {
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("switch_done")) << program.messages();
  fleet_.config()["pack"] = std::string(5000, 'x');
  fleet_.write_config();
  program.signal(SIGHUP);
  EXPECT_TRUE(program.wait_for_message("going on with the config from before"));
}

TEST_F(Faults, OnceStoppedBeforeTheHookEndsSaysSo) {
  fleet_.set_hook("sleep 100");
  RunningProgram program(fleet_.run_arguments({"--once"}));
  ASSERT_TRUE(program.wait_for("switch"));
  program.signal(SIGTERM);
  const auto end = program.wait_for_end(one_second);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_status, 1);
}

TEST_F(Faults, AStateThatCannotBeSavedStartsNoHook) {
  fleet_.config()["state"]["path"] = fleet_.path("gone/state.json");
  const auto result = run_quotawatch(fleet_.run_arguments({"--once"}));
  EXPECT_EQ(result.exit_status, 2) << result.output << result.error_output;
  EXPECT_TRUE(fleet_.requests().empty());
}

}  // namespace
}  // namespace quotawatch::testing_support
