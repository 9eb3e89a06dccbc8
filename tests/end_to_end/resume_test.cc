// Sessions go on, for real: `quotawatch run` on real tmux, with agents that react to keys (agent.py).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "tests/end_to_end/fleet.h"
#include "tests/end_to_end/program.h"

namespace quotawatch::testing_support {
namespace {

using os::testing_support::eventually;
using os::testing_support::read_file;
using os::testing_support::write_file;

// Long enough for whatever should not happen: several polls, and what is waited for between two looks.
constexpr Milliseconds a_while{1500};

class ResumeTest : public testing::Test {
 protected:
  ResumeTest() {
    fleet_.config()["pack"] = "auto";
    fleet_.config()["pool"] = {{"dedicated", {{{"name", "main"}}, {{"name", "other"}}}}};
    fleet_.config()["resume"] = {{"how", "type"}, {"settle", "300ms"}, {"spacing", "100ms"}};
    fleet_.set_hook(fmt::format("echo $QUOTAWATCH_TO > '{}'", path("account")));
    write_file(path("account"), "a");
  }

  std::string path(std::string_view name) const { return fleet_.path(name); }

  std::vector<std::string> agent(const std::string& session, const std::string& begin) const {
    return {"python3", std::string(std::getenv("PROJECT_ROOT")) + "/tests/end_to_end/agent.py", path(session + ".keys"),
            path("account"), begin};
  }

  void start(const std::string& session, const std::string& begin) {
    fleet_.show(session, "starting\n");
    fleet_.tmux().respawn(session, agent(session, begin));
    EXPECT_TRUE(shows(session, "Claude Code"));
  }

  bool shows(const std::string& session, const std::string& text) {
    return eventually([&] { return fleet_.tmux().screen(session).find(text) != std::string::npos; });
  }

  // What was typed into it: a line for what came at once.
  std::string keys(const std::string& session) const { return read_file(path(session + ".keys")); }

  // Why a session was held, once one was.
  static std::string why_held(RunningProgram& monitor, const std::string& session) {
    monitor.wait_for("resume_held");
    for (const auto& line : monitor.journal()) {
      if (line["event"] == "resume_held" && line["session"] == session) return line["why"];
    }
    return "";
  }

  Fleet fleet_;
};

TEST_F(ResumeTest, AStoppedSessionGoesOnAfterTheSwitchAndAWorkingOneIsLeftAlone) {
  start("main", "limit");
  start("other", "work");
  RunningProgram monitor(fleet_.run_arguments());
  EXPECT_TRUE(monitor.wait_for("resumed"));
  EXPECT_TRUE(shows("main", "Working…"));
  EXPECT_EQ(keys("main"), "continue\nEnter\n");  // apart
  monitor.loop().run_until([] { return false; }, a_while);
  EXPECT_EQ(keys("main"), "continue\nEnter\n");  // and once
  EXPECT_EQ(keys("other"), "");
  EXPECT_EQ(fleet_.requests().size(), 1U);
}

TEST_F(ResumeTest, ADraftIsLeftAsItIs) {
  start("main", "draft");
  RunningProgram monitor(fleet_.run_arguments());
  EXPECT_EQ(why_held(monitor, "main"), "a draft stands in its prompt");
  monitor.loop().run_until([] { return false; }, a_while);
  EXPECT_EQ(keys("main"), "");
  EXPECT_TRUE(shows("main", "I am still typing"));
}

TEST_F(ResumeTest, TheLimitsMenuIsAnsweredFirst) {
  start("main", "menu");
  RunningProgram monitor(fleet_.run_arguments());
  EXPECT_TRUE(monitor.wait_for("resumed"));
  EXPECT_TRUE(shows("main", "Working…"));
  EXPECT_EQ(keys("main"), "2\ncontinue\nEnter\n");
}

// The program says so in its list of what runs, whatever its screen shows.
TEST_F(ResumeTest, AProgramThatSaysThatItWorksIsLeftAlone) {
  const os::testing_support::Variable config_folder("CLAUDE_CONFIG_DIR", fleet_.path("").c_str());
  start("main", "limit");
  const std::string process = fleet_.tmux().run({"display-message", "-p", "-t", "=main:", "#{pane_pid}"});
  std::filesystem::create_directory(path("sessions"));
  write_file(path("sessions/1.json"),
             fmt::format(R"({{"pid":{},"sessionId":"a70db2c2-72fb","status":"busy"}})", std::stoi(process)));
  RunningProgram monitor(fleet_.run_arguments());
  EXPECT_EQ(why_held(monitor, "main"), "the agent says that it works");
  monitor.loop().run_until([] { return false; }, a_while);
  EXPECT_EQ(keys("main"), "");
}

TEST_F(ResumeTest, AProgramThatIsStartedAgainIsAskedAtItsPrompt) {
  start("main", "limit");
  fleet_.config()["switch"]["reaches"] = "restarted";
  fleet_.config()["resume"]["how"] = "restart";
  fleet_.config()["resume"]["command"] = agent("main", "start");
  RunningProgram monitor(fleet_.run_arguments());
  EXPECT_TRUE(monitor.wait_for("resumed"));
  EXPECT_TRUE(shows("main", "Working…"));
  EXPECT_EQ(keys("main"), "continue\nEnter\n");
}

}  // namespace
}  // namespace quotawatch::testing_support
