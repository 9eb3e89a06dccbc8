// A run with two groups on a real tmux server: each switches for its own limits alone, by its own hook.
#include <gtest/gtest.h>
#include <signal.h>

#include <nlohmann/json.hpp>

#include "tests/end_to_end/fleet.h"
#include "tests/end_to_end/program.h"

namespace quotawatch::testing_support {
namespace {

using Json = nlohmann::json;

class GroupsTest : public testing::Test {
 protected:
  GroupsTest() {
    Json& config = fleet_.config();
    Json one{{"name", "one"}};
    Json two{{"name", "two"}};
    for (const char* key : {"accounts", "active_account", "switch"}) {
      one[key] = config.at(key);
      two[key] = config.at(key);
      config.erase(key);
    }
    config.erase("pool");
    one["pool"]["autonomous"] = {{"start_index", 1}, {"max", 2}};
    two["pool"]["dedicated"] = Json::parse(R"([{"name": "main"}])");
    config["groups"] = Json::array({one, two});
  }

  Fleet fleet_;
};

TEST_F(GroupsTest, EachSwitchesForItsOwnLimitsAlone) {
  fleet_.config()["metrics"] = {{"path", "quotawatch.prom"}};
  fleet_.show("main", dated_banner);
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("switch_done")) << program.messages();
  ASSERT_EQ(fleet_.requests().size(), 1U);
  EXPECT_EQ(fleet_.requests()[0]["group"], "two");
  fleet_.show("ccl-auto-1", dated_banner);
  fleet_.show("ccl-auto-2", dated_banner);
  ASSERT_TRUE(program.wait_for("switch_done", 2)) << "in the cooldown of the other group\n" << program.messages();
  ASSERT_EQ(fleet_.requests().size(), 2U);
  EXPECT_EQ(fleet_.requests()[1]["group"], "one");
  EXPECT_NE(fleet_.requests()[0]["id"], fleet_.requests()[1]["id"]);
  const auto metrics = [&] { return os::testing_support::read_file(fleet_.path("quotawatch.prom")); };
  EXPECT_TRUE(os::testing_support::eventually(
      [&] { return metrics().find("switches_total{group=\"one\",outcome=\"done\"} 1\n") != std::string::npos; },
      &program.loop()));
  for (const char* line : {"quotawatch_sessions{group=\"one\",verdict=\"exhausted\"} 2\n",
                           "quotawatch_sessions{group=\"two\",verdict=\"exhausted\"} 1\n",
                           "quotawatch_account_active{group=\"two\",account=\"b\"} 1\n",
                           "quotawatch_session_stood_still_seconds_total{group=\"two\",session=\"main\"} "}) {
    EXPECT_TRUE(has(metrics(), line));
  }
  program.signal(SIGTERM);
  ASSERT_TRUE(program.wait_for_end());

  const auto status = run_quotawatch({"status", "--json", "--config", fleet_.config_path()});
  const auto groups = Json::parse(status.output).at("groups");
  ASSERT_EQ(groups.size(), 2U);
  for (const auto& group : groups) EXPECT_EQ(group.at("active_account"), "b") << group.at("group");

  const auto answer = run_quotawatch({"account", "use", "a", "--config", fleet_.config_path()});
  EXPECT_EQ(answer.exit_status, 2);
  EXPECT_NE(answer.error_output.find("say which with --group"), std::string::npos) << answer.error_output;
}

}  // namespace
}  // namespace quotawatch::testing_support
