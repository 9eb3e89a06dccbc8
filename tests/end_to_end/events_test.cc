// The events that `quotawatch run` sends to `events.command`: with real panes and a real program.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "quotawatch/time.h"
#include "tests/end_to_end/fleet.h"
#include "tests/end_to_end/program.h"

namespace quotawatch::testing_support {
namespace {

using os::testing_support::eventually;
using os::testing_support::read_file;

// A user with one account and no switch hook.
class EventsTest : public testing::Test {
 protected:
  EventsTest() {
    fleet_.config().erase("switch");
    fleet_.config()["accounts"] = {{{"name", "a"}}};
    fleet_.config()["pool"] = {{"dedicated", {{{"name", "main"}}, {{"name", "side"}}}}};
    set_command("");
  }

  // The program records the object and its variables, and then runs `then`.
  void set_command(const std::string& then) {
    os::testing_support::write_script(
        fleet_.path("notify"),
        fmt::format("env >> '{1}'; cat >> '{0}'\n{2}\n", fleet_.path("sent"), fleet_.path("variables"), then));
    fleet_.config()["events"] = {{"command", {fleet_.path("notify")}}};
  }

  // The names of the events sent so far.
  std::vector<std::string> sent() const {
    std::vector<std::string> names;
    for (const auto& event : parse_journal(read_file(fleet_.path("sent")))) {
      names.push_back(event["event"]);
    }
    return names;
  }

  bool wait_for_sent(RunningProgram& program, const std::vector<std::string>& names) {
    return eventually([&] { return sent() == names; }, &program.loop());
  }

  using Names = std::vector<std::string>;
  Fleet fleet_;
};

TEST_F(EventsTest, TheEndOfALimitIsReportedOnTime) {
  // Polls at 1.5 s, 3 s and 4.5 s: the limit ends at 3.5 s.
  fleet_.config()["quota"]["poll_interval"] = "1500ms";
  for (const char* session : {"main", "side"}) {
    fleet_.show(session, "> go on\n  You've hit your limit · resets in 2 seconds\n");
  }
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("reset")) << program.messages();
  ASSERT_TRUE(wait_for_sent(program, {"exhausted_everywhere", "reset"})) << program.messages();
  program.signal(SIGTERM);
  ASSERT_TRUE(program.wait_for_end());

  const auto journal = program.journal();
  const auto reset =
      std::find_if(journal.begin(), journal.end(), [](const auto& line) { return line["event"] == "reset"; });
  EXPECT_EQ((*reset)["sessions"], (nlohmann::json{"main", "side"}));
  EXPECT_EQ((*reset)["account"], "a");
  EXPECT_EQ((*reset)["reset_text"], "in 2 seconds");
  const auto at = *parse_wall((*reset)["at"].get<std::string>());
  const auto reset_at = *parse_wall((*reset)["reset_at"].get<std::string>());
  EXPECT_GE(at, reset_at);
  EXPECT_LT(at - reset_at, Milliseconds{900}) << "at the moment, not at the next poll";
  EXPECT_EQ(parse_journal(read_file(fleet_.path("sent"))).back(), *reset);
  const std::string variables = read_file(fleet_.path("variables"));
  for (const auto& line : {std::string("QUOTAWATCH_EVENT=reset\n"), std::string("QUOTAWATCH_SESSIONS=main\nside\n"),
                           std::string("QUOTAWATCH_ACCOUNT=a\n"),
                           fmt::format("QUOTAWATCH_RESET_AT={}\n", (*reset)["reset_at"].get<std::string>()),
                           fmt::format("QUOTAWATCH_TMUX_SOCKET={}\n", fleet_.tmux().socket_name())}) {
    EXPECT_NE(variables.find(line), std::string::npos) << line << variables;
  }
}

TEST_F(EventsTest, OnlySelectedEventsAreSent) {
  fleet_.config()["pack"] = "auto";
  fleet_.config()["events"]["on"] = {"auth"};
  fleet_.show("main", "Invalid API key · Please run /login\n");
  fleet_.show("side", "You've hit your limit · resets 8pm (Europe/Paris)\n");
  const auto result = run_quotawatch(fleet_.run_arguments({"--once"}));
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(parse_journal(result.output).size(), 3U) << result.output;
  const auto events = parse_journal(read_file(fleet_.path("sent")));
  ASSERT_EQ(events.size(), 1U) << result.error_output;
  EXPECT_EQ(events[0]["event"], "verdict");
  EXPECT_EQ(events[0]["verdict"], "auth");
  EXPECT_EQ(events[0]["session"], "main");
}

TEST_F(EventsTest, WhatIsPassedOnHasNoSecretsUnlessTheConfigSaysSo) {
  const std::string secret = "sk-ant-api03-AAAAbbbb1234";
  fleet_.config()["pack"] = "auto";
  fleet_.config()["events"]["on"] = {"auth"};
  fleet_.show("main", "❯ go on\n  ⎿  API Error: 401 invalid x-api-key " + secret + " · Please run /login\n");
  const auto result = run_quotawatch(fleet_.run_arguments({"--once"}));
  EXPECT_NE(result.output.find(secret), std::string::npos) << "the journal is private: " << result.output;
  const std::string sent = read_file(fleet_.path("sent"));
  EXPECT_NE(sent.find("invalid x-api-key sk-ant-xxx00-XXXXxxxx0000"), std::string::npos) << sent;
  EXPECT_EQ((sent + read_file(fleet_.path("variables"))).find(secret), std::string::npos);

  fleet_.config()["events"]["redact"] = false;
  run_quotawatch(fleet_.run_arguments({"--once"}));
  EXPECT_NE(read_file(fleet_.path("sent")).find(secret), std::string::npos);
}

TEST_F(EventsTest, ADryRunSendsNothing) {
  fleet_.show("main", "You've hit your limit · resets 8pm (Europe/Paris)\n");
  const auto result = run_quotawatch(fleet_.run_arguments({"--once", "--dry-run"}));
  EXPECT_NE(result.output.find("exhausted_everywhere"), std::string::npos) << result.output;
  EXPECT_EQ(sent(), Names{});
}

TEST_F(EventsTest, WhatItSaysIsLoggedEscaped) {
  set_command("printf 'said \\033[31mred\\n'; exit 3");
  fleet_.show("main", "You've hit your limit · resets 8pm (Europe/Paris)\n");
  const auto result = run_quotawatch(fleet_.run_arguments({"--once"}));
  EXPECT_EQ(result.exit_status, 0) << "events are no part of the outcome";
  EXPECT_NE(result.error_output.find("event: said \\x1b[31mred"), std::string::npos) << result.error_output;
  EXPECT_NE(result.error_output.find("events.command failed for the event exhausted_everywhere: exit status 3"),
            std::string::npos)
      << result.error_output;
}

TEST_F(EventsTest, OneThatHangsDelaysNothingAndBothHooksEndWithinASecond) {
  fleet_.set_hook("trap '' TERM; echo ready; sleep 100");
  fleet_.config()["accounts"] = {{{"name", "a"}}, {{"name", "b"}}};
  set_command("trap '' TERM; echo ready; sleep 100");
  fleet_.config()["events"]["on"] = {"switch"};
  fleet_.show("main", "You've hit your limit · resets 8pm (Europe/Paris)\n");
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("skip", 5)) << program.messages();
  ASSERT_TRUE(program.wait_for_message("hook: ready"));
  ASSERT_TRUE(program.wait_for_message("event: ready"));
  program.signal(SIGTERM);
  const auto end = program.wait_for_end();
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_status, 0);
  EXPECT_NE(program.messages().find("stopped with 1 event not sent"), std::string::npos) << program.messages();
}

TEST_F(EventsTest, AReloadTakesTheNewCommandAndEvents) {
  fleet_.config().erase("events");
  fleet_.show("main", "at work\n");
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("verdict")) << program.messages();
  set_command("");
  fleet_.config()["events"]["on"] = {"verdict"};
  fleet_.write_config();
  program.signal(SIGHUP);
  ASSERT_TRUE(program.wait_for_message("the config was read again"));
  ASSERT_TRUE(wait_for_sent(program, {"verdict"})) << "reported again after a reload";
  fleet_.config()["events"]["on"] = {"stale"};
  fleet_.write_config();
  program.signal(SIGHUP);
  ASSERT_TRUE(program.wait_for("verdict", 3)) << program.messages();
  program.signal(SIGTERM);
  ASSERT_TRUE(program.wait_for_end());
  EXPECT_EQ(sent(), Names{"verdict"});
  EXPECT_EQ(program.messages().find("stopped before"), std::string::npos) << program.messages();
}

}  // namespace
}  // namespace quotawatch::testing_support
