// `quotawatch drill`: the chain is played on a private tmux server, and each step that does not work
// is named.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/end_to_end/fleet.h"
#include "tests/end_to_end/program.h"

namespace quotawatch::testing_support {
namespace {

using os::testing_support::file_exists;
using os::testing_support::read_file;
using os::testing_support::write_script;

class DrillTest : public testing::Test {
 protected:
  DrillTest() {
    fleet_.config()["pack"] = "auto";
    fleet_.set_hook(fmt::format("echo \"$QUOTAWATCH_DRILL $QUOTAWATCH_FROM $QUOTAWATCH_TO\" >> '{}'", path("hooked")));
    set_events_command("");
  }

  void set_events_command(const std::string& then) {
    write_script(path("notify"), fmt::format("cat >> '{}'; echo \"$QUOTAWATCH_DRILL\" >> '{}'\n{}\n", path("sent"),
                                             path("notified"), then));
    fleet_.config()["events"] = {{"command", {path("notify")}}};
  }

  std::string path(std::string_view name) const { return fleet_.path(name); }

  // Nothing of the real run may appear or change.
  os::testing_support::ProgramResult drill() {
    const std::string config = fleet_.write_config();
    auto result = run_quotawatch({"drill", "--config", config});
    EXPECT_FALSE(file_exists(fleet_.state_path()));
    EXPECT_EQ(fleet_.tmux().run({"list-sessions"}), "");
    return result;
  }

  Fleet fleet_;
};

TEST_F(DrillTest, EachStepOfAChainThatWorksIsNamed) {
  const auto result = drill();
  EXPECT_EQ(result.exit_status, 0) << result.output << result.error_output;
  for (const char* step : {"config loads", "switch.command can be run", "events.command can be run", "tmux starts",
                           "the screen is recognised", "exhausted is decided", "a switch is asked for",
                           "the hook ends with 0", "events.command is run"}) {
    EXPECT_TRUE(has(result.output, fmt::format("{:<32}ok", step)));
  }
  EXPECT_EQ(result.output.find("failed"), std::string::npos) << result.output;
  EXPECT_EQ(read_file(path("hooked")), "1 a b\n");
  EXPECT_EQ(read_file(path("notified")), "1\n");
  ASSERT_EQ(parse_journal(read_file(path("sent"))).size(), 1U);
  EXPECT_EQ(parse_journal(read_file(path("sent")))[0]["event"], "switch_done");
}

TEST_F(DrillTest, TheSessionIsAskedToGoOnAndDoes) {
  fleet_.config()["resume"] = {
      {"how", "type"}, {"text", "go on, please"}, {"settle", "200ms"}, {"sessions", {{"main", {{"how", "off"}}}}}};
  const auto result = drill();
  EXPECT_EQ(result.exit_status, 0) << result.output << result.error_output;
  EXPECT_TRUE(has(result.output, fmt::format("{:<32}ok (type)", "the session is asked to go on")));
  EXPECT_TRUE(has(result.output, fmt::format("{:<32}ok (after ", "the session goes on")));
}

// In the place of the real program, the drill's agent is started again.
TEST_F(DrillTest, AProgramThatIsStartedAgainIsAskedToo) {
  const std::string program = path("agent");
  write_script(program, fmt::format("echo started >> '{}'", path("started")));
  fleet_.config()["switch"]["reaches"] = "restarted";
  fleet_.config()["resume"] = {{"how", "restart"}, {"settle", "200ms"}, {"command", {program, "{session_id}"}}};
  const auto result = drill();
  EXPECT_EQ(result.exit_status, 0) << result.output << result.error_output;
  EXPECT_TRUE(has(result.output, fmt::format("{:<32}ok (restart)", "the session is asked to go on")));
  EXPECT_TRUE(has(result.output, fmt::format("{:<32}ok (after ", "the session goes on")));
  EXPECT_FALSE(file_exists(path("started")));
}

TEST_F(DrillTest, TypingThatReachesNobodyIsNamed) {
  fleet_.config()["switch"]["reaches"] = "restarted";
  fleet_.config()["resume"] = {{"how", "type"}, {"settle", "200ms"}};
  const auto result = drill();
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_TRUE(
      has(result.output, fmt::format("{:<32}failed: typing reaches no program", "the session is asked to go on")));
}

TEST_F(DrillTest, AProgramForGoingOnThatCannotBeRunIsNamed) {
  fleet_.config()["resume"] = {{"how", "command"}, {"settle", "200ms"}, {"command", {path("nowhere")}}};
  const auto result = drill();
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_TRUE(has(result.output, fmt::format("{:<32}failed: ", "resume.command can be run")));
}

TEST_F(DrillTest, AHookThatFailsIsNamedWithWhatItSays) {
  fleet_.set_hook("echo no such login; exit 3");
  const auto result = drill();
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_TRUE(has(result.output, fmt::format("{:<32}failed: exit status 3", "the hook ends with 0")));
  EXPECT_TRUE(has(result.output, "hook: no such login"));
  EXPECT_TRUE(has(result.output, "does not work yet"));
}

TEST_F(DrillTest, AHookThatHangsIsNamed) {
  fleet_.set_hook("sleep 60");
  fleet_.config()["switch"]["timeout"] = "1s";
  const auto result = drill();
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_TRUE(has(result.output, fmt::format("{:<32}failed: timed out", "the hook ends with 0")));
  EXPECT_TRUE(has(result.output, "within 1s (switch.timeout)"));
}

TEST_F(DrillTest, WhatCannotBeRunIsNamed) {
  fleet_.config()["switch"]["command"] = {path("nowhere")};
  auto result = drill();
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_TRUE(has(result.output, fmt::format("{:<32}failed: ", "switch.command can be run")));
  fleet_.config().erase("switch");
  result = drill();
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_TRUE(has(result.output, "is not set; name the program that switches accounts"));
}

TEST_F(DrillTest, AnEventsCommandThatFailsIsNamed) {
  set_events_command("exit 4");
  const auto result = drill();
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_TRUE(has(result.output, fmt::format("{:<32}failed: exit status 4", "events.command is run")));
}

TEST_F(DrillTest, ASingleAccountHasNoneToSwitchTo) {
  fleet_.config()["accounts"] = {{{"name", "a"}}};
  const auto result = drill();
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_TRUE(has(result.output, fmt::format("{:<32}failed: there is no account", "a switch is asked for")));
}

TEST_F(DrillTest, ABadConfigIsBadInput) {
  fleet_.config()["swich"] = 1;
  const auto result = drill();
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_TRUE(has(result.error_output, "swich"));
  EXPECT_EQ(result.output, "");
}

TEST_F(DrillTest, StartsFromTheAccountInUse) {
  std::filesystem::create_directory(path("elsewhere"));
  fleet_.config()["state"]["path"] = "elsewhere/state.json";
  EXPECT_EQ(run_quotawatch({"account", "use", "b", "--config", fleet_.write_config()}).exit_status, 0);
  const std::string state = read_file(path("elsewhere/state.json"));
  EXPECT_EQ(drill().exit_status, 0);
  EXPECT_EQ(read_file(path("hooked")), "1 b a\n");
  EXPECT_EQ(read_file(path("elsewhere/state.json")), state);
}

}  // namespace
}  // namespace quotawatch::testing_support
