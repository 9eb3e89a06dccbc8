// `quotawatch init` on a private tmux server and an empty home, and what `check` says of its config.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>

#include "base/text.h"
#include "quotawatch/config.h"
#include "tests/end_to_end/fleet.h"
#include "tests/end_to_end/program.h"

namespace quotawatch::testing_support {
namespace {

using os::testing_support::file_exists;
using os::testing_support::ProgramResult;
using os::testing_support::read_file;
using os::testing_support::run_program;
using os::testing_support::TemporaryFolder;
using os::testing_support::write_file;
using os::testing_support::write_script;

class InitTest : public testing::Test {
 protected:
  InitTest() {
    std::filesystem::create_directories(home_ / "tmux");
    for (const char* account : {"spare", "work"})
      std::filesystem::create_directories(home_.path() + "/.claude-accounts/" + account);
    std::filesystem::create_directories(home_ / "projects");
    const std::string screen = demo() + "/screens/ccl-auto-1.txt";
    for (const char* session : {"ccl-1", "ccl-2", "docs"}) start(session, "cat '" + screen + "'; sleep 100");
    start("shell", "sleep 100");
  }
  ~InitTest() override { sh("tmux -L night kill-server"); }

  ProgramResult sh(const std::string& line) {
    return run_program(
        {"sh", "-c", "cd \"$0\" && export HOME=\"$0\" TMUX_TMPDIR=\"$0/tmux\" && unset TMUX && " + line, home_.path()});
  }
  void start(const std::string& session, const std::string& program) {
    const auto started =
        sh(fmt::format("tmux -u -L night -f /dev/null new-session -d -x 100 -y 40 -s {} \"{}\"", session, program));
    ASSERT_EQ(started.exit_status, 0) << started.error_output;
  }
  ProgramResult quotawatch(const std::string& arguments) { return sh(binary_path() + " " + arguments); }

  TemporaryFolder home_;
};

TEST_F(InitTest, ProposesWhatRunsHere) {
  const auto made = quotawatch("init --yes");
  ASSERT_EQ(made.exit_status, 0) << made.error_output;
  const std::string path = home_ / ".config/quotawatch/quotawatch.json";
  EXPECT_TRUE(has(made.output, "written to " + path));
  EXPECT_TRUE(has(made.output, "agent         claude-code in session docs of server night"));
  EXPECT_TRUE(has(made.output, "\"StopFailure\""));
  const Config config = load_config(path);
  EXPECT_EQ(config.tmux_socket_name, "night");
  EXPECT_EQ(session_names(config), (std::vector<std::string>{"ccl-1", "ccl-2", "docs"}));
  EXPECT_EQ(config.accounts, (std::vector<std::string>{"spare", "work"}));
  EXPECT_TRUE(config.switch_command.empty()) << "nothing runs before its user has chosen it";
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);

  const std::string before = read_file(path);
  const auto again = quotawatch("init --yes");
  EXPECT_EQ(again.exit_status, 2);
  EXPECT_TRUE(has(again.error_output, "exists already, and is not written over"));
  EXPECT_EQ(read_file(path), before);
}

TEST_F(InitTest, AsksOnlyPeople) {
  const auto asked = quotawatch("init < /dev/null");
  EXPECT_EQ(asked.exit_status, 2);
  EXPECT_TRUE(has(asked.error_output, "--yes"));
  EXPECT_FALSE(file_exists(home_ / ".config/quotawatch/quotawatch.json"));
}

TEST_F(InitTest, WhereNothingRunsTheConfigSaysWhatIsNeeded) {
  const auto made = sh("TMUX_TMPDIR=/nowhere HOME=\"$0/projects\" " + binary_path() + " init --yes --config new.json");
  EXPECT_EQ(made.exit_status, 0) << made.error_output;
  EXPECT_TRUE(has(made.output, "- name the sessions to watch"));
  EXPECT_TRUE(load_config(home_ / "new.json").accounts.empty());
}

TEST_F(InitTest, CheckSaysOfEachThingWhetherItIsRight) {
  ASSERT_EQ(quotawatch("init --yes").exit_status, 0);
  const auto fresh = quotawatch("check");
  EXPECT_EQ(fresh.exit_status, 1) << fresh.error_output;
  EXPECT_TRUE(has(fresh.output, "wrong switch.command   there is none"));
  EXPECT_TRUE(has(fresh.output, "ok    session ccl-1    claude-code\n"));
  EXPECT_TRUE(has(fresh.output, "ok    tmux             tmux "));
  EXPECT_TRUE(has(fresh.output, "ok    accounts         spare, work; spare at the first start\n"));
  EXPECT_EQ(quotawatch("check").output, fresh.output) << "it changes nothing";

  write_script(home_ / "hook", "exit 0\n");
  write_file(home_ / "good.json",
             R"({"pool":{"dedicated":[{"name":"docs"}]},"tmux":{"socket_name":"night"},)"
             R"("accounts":[{"name":"a"},{"name":"b"}],"active_account":"a","switch":{"command":["~/hook"]}})");
  const auto good = quotawatch("check --config good.json");
  EXPECT_EQ(good.exit_status, 0) << good.output;
  for (const auto line : split_lines(good.output)) EXPECT_TRUE(line.starts_with("ok ")) << line;

  std::filesystem::permissions(home_ / "hook", std::filesystem::perms::all);
  write_file(home_ / "bad.json",
             R"({"pool":{"dedicated":[{"name":"shell"},{"name":"gone"}]},"tmux":{"socket_name":"night"},)"
             R"("accounts":[{"name":"a"}],"active_account":"a","switch":{"command":["~/hook"]},)"
             R"("timezone":"Asia/Tokyo","journal":{"path":"no/folder/journal.jsonl"},"witness":["codex"]})");
  const auto bad = sh("TZ=Europe/Paris " + binary_path() + " check --config bad.json");
  EXPECT_EQ(bad.exit_status, 1);
  for (const char* line : {"wrong switch.command ", "wrong accounts         only one",
                           "wrong session shell    a plain screen", "wrong session gone     there is no such session",
                           "wrong timezone ", "wrong journal ", "wrong witness codex "}) {
    EXPECT_TRUE(has(bad.output, line));
  }
  write_file(home_ / "worse.json", "{\"pol\": 1}");
  EXPECT_TRUE(has(quotawatch("check --config worse.json").output, "did you mean \"pool\"?"));
}

}  // namespace
}  // namespace quotawatch::testing_support
