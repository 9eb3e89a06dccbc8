// `quotawatch pause`: through the running monitor, over a restart, and its end. And the file of metrics, which
// says so, too.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/end_to_end/fleet.h"
#include "tests/end_to_end/program.h"

namespace quotawatch::testing_support {
namespace {

using os::testing_support::eventually;
using os::testing_support::file_exists;
using os::testing_support::ProgramResult;
using os::testing_support::read_file;

class PauseTest : public testing::Test {
 protected:
  PauseTest() {
    fleet_.config()["pool"] = {{"dedicated", {{{"name", "main"}}}}};
    fleet_.show("main", "> go on\n");
  }

  ProgramResult pause(std::vector<std::string> more) {
    std::vector<std::string> arguments{"pause", "--config", fleet_.write_config()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_quotawatch(arguments);
  }
  nlohmann::json monitor() const {
    return nlohmann::json::parse(
        run_quotawatch({"status", "--json", "--config", fleet_.config_path()}).output)["monitor"];
  }
  static bool stop(RunningProgram& program) {
    program.signal(SIGTERM);
    return program.wait_for_end().has_value();
  }

  Fleet fleet_;
};

TEST_F(PauseTest, NothingIsSwitchedUntilItEndsAlsoAfterARestart) {
  {
    RunningProgram program(fleet_.run_arguments());
    ASSERT_TRUE(program.wait_for("verdict")) << program.messages();
    const auto paused = pause({"1h"});
    EXPECT_EQ(paused.exit_status, 0) << paused.error_output;
    EXPECT_TRUE(has(paused.error_output, "paused for 1h"));
    fleet_.show("main", dated_banner);
    ASSERT_TRUE(program.wait_for("skip", 3)) << program.messages();
    EXPECT_TRUE(fleet_.requests().empty());
    EXPECT_EQ(monitor()["paused"], true);
    EXPECT_TRUE(monitor().contains("paused_until"));
    EXPECT_TRUE(has(run_quotawatch({"status", "--config", fleet_.config_path()}).output, "paused"));
    for (const auto& line : program.journal()) {
      if (line["event"] == "skip") {
        EXPECT_EQ(line["reason"], "paused");
      }
    }
    ASSERT_TRUE(stop(program));
  }
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("skip", 2)) << program.messages();
  EXPECT_TRUE(fleet_.requests().empty()) << "it survives a restart";
  EXPECT_EQ(pause({"0"}).exit_status, 0);
  ASSERT_TRUE(program.wait_for("switch_done")) << program.messages();
  EXPECT_FALSE(monitor().contains("paused"));
  EXPECT_TRUE(has(pause({"0"}).error_output, "not paused"));
}

TEST_F(PauseTest, ItEndsByItselfAndTheJournalSaysSo) {
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("verdict")) << program.messages();
  ASSERT_EQ(pause({"300ms"}).exit_status, 0);
  fleet_.show("main", dated_banner);
  ASSERT_TRUE(program.wait_for("switch_done")) << program.messages();
  std::vector<std::string> reasons;
  for (const auto& line : program.journal()) {
    if (line["event"] == "pause") reasons.push_back(line["reason"]);
  }
  EXPECT_EQ(reasons, (std::vector<std::string>{"begun", "over"}));
}

TEST_F(PauseTest, SaysWhatIsWrong) {
  EXPECT_TRUE(has(pause({"soon"}).error_output, "quotawatch: FOR: "));
  const auto nobody = pause({});
  EXPECT_EQ(nobody.exit_status, 2);
  EXPECT_TRUE(has(nobody.error_output, "no monitor runs"));
}

TEST_F(PauseTest, MetricsAreWrittenWholeForOthersToRead) {
  fleet_.config()["metrics"] = {{"path", "quotawatch.prom"}};
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("verdict")) << program.messages();
  ASSERT_EQ(pause({"1h"}).exit_status, 0);
  const std::string path = fleet_.path("quotawatch.prom");
  ASSERT_TRUE(eventually(
      [&] { return file_exists(path) && read_file(path).find("quotawatch_paused 1\n") != std::string::npos; },
      &program.loop()))
      << program.messages();
  ASSERT_EQ(pause({"0"}).exit_status, 0);
  fleet_.show("main", dated_banner);
  ASSERT_TRUE(eventually(
      [&] { return read_file(path).find("quotawatch_switches_total{outcome=\"done\"} 1\n") != std::string::npos; },
      &program.loop()))
      << read_file(path);
  const std::string text = read_file(path);
  for (const char* line :
       {"# TYPE quotawatch_sessions gauge\n", "quotawatch_account_active{account=\"b\"} 1\n",
        "quotawatch_account_free{account=\"a\"} 0\n",
        "quotawatch_account_limited_until_timestamp_seconds{account=\"a\"} ",
        "quotawatch_session_stood_still_seconds_total{session=\"main\"} ", "quotawatch_tmux_up 1\n",
        "# TYPE quotawatch_tmux_latency_seconds gauge\n", "# TYPE quotawatch_poll_duration_seconds gauge\n",
        "quotawatch_resumes_total{outcome=\"attempted\"} 0\n"}) {
    EXPECT_TRUE(has(text, line));
  }
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0644U);
  EXPECT_FALSE(file_exists(path + ".new"));
  // Prometheus' own checker, where it is installed.
  const auto installed = os::testing_support::run_program({"sh", "-c", "command -v promtool"});
  if (installed.exit_status != 0) return;
  const auto checked = os::testing_support::run_program({"sh", "-c", "promtool check metrics < \"$0\"", path});
  EXPECT_EQ(checked.exit_status, 0) << checked.output << checked.error_output;
}

}  // namespace
}  // namespace quotawatch::testing_support
