// `quotawatch run` with files that others could change: refused before anything is done, with the
// reason and the remedy.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>

#include "tests/end_to_end/fleet.h"
#include "tests/end_to_end/program.h"

namespace quotawatch::testing_support {
namespace {

using os::testing_support::file_exists;
using os::testing_support::read_file;
using os::testing_support::write_file;
namespace fs = std::filesystem;

constexpr uid_t other_user = 65534;

class TrustTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* session : {"ccl-auto-1", "ccl-auto-2"}) fleet_.show(session, dated_banner);
  }

  // Expects the run to be refused for this reason, with nothing done.
  void expect_refused(const std::string& reason, std::vector<std::string> more = {}) {
    more.insert(more.begin(), "--once");
    const auto result = run_quotawatch(fleet_.run_arguments(more));
    EXPECT_EQ(result.exit_status, 2);
    EXPECT_NE(result.error_output.find(reason), std::string::npos) << result.error_output;
    EXPECT_EQ(result.output, "");
    EXPECT_TRUE(fleet_.requests().empty());
    EXPECT_FALSE(fs::is_regular_file(fleet_.state_path()));
  }

  void expect_accepted() {
    const auto result = run_quotawatch(fleet_.run_arguments({"--once"}));
    EXPECT_EQ(result.exit_status, 0) << result.error_output;
    EXPECT_EQ(fleet_.requests().size(), 1U);
  }

  // A folder for the hook, the state or the journal.
  std::string make_folder(const std::string& name, unsigned mode) {
    fs::create_directory(fleet_.path(name));
    fs::permissions(fleet_.path(name), fs::perms{mode});
    return fleet_.path(name);
  }

  Fleet fleet_;
};

TEST_F(TrustTest, AHookThatOthersCanWriteIsRefused) {
  fs::permissions(fleet_.path("hook"), fs::perms{0777});
  expect_refused(
      fmt::format("config.json: switch.command: \"{0}\": others could change what stands "
                  "there: the file \"{0}\" can be written by everybody; `chmod go-w {0}` "
                  "ends that",
                  fleet_.path("hook")));
  fs::permissions(fleet_.path("hook"), fs::perms{0755});
  expect_accepted();
}

TEST_F(TrustTest, AHookInAFolderThatOthersCanWriteIsRefused) {
  const auto folder = make_folder("open", 0777);
  fs::rename(fleet_.path("hook"), folder + "/hook");
  fleet_.config()["switch"]["command"] = {folder + "/hook"};
  expect_refused(fmt::format("the folder \"{}\" can be written by everybody", folder));
  fs::permissions(folder, fs::perms{01777});  // like /tmp
  expect_accepted();
}

// It may be installed later; until then each switch fails.
TEST_F(TrustTest, AMissingHookIsNamedAtTheStart) {
  fs::remove(fleet_.path("hook"));
  const auto result = run_quotawatch(fleet_.run_arguments({"--once"}));
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_NE(result.error_output.find(fmt::format(
                "switch.command: the program \"{}\" cannot be found: No such file or directory", fleet_.path("hook"))),
            std::string::npos)
      << result.error_output;
  EXPECT_NE(result.output.find("\"event\":\"switch_failed\""), std::string::npos);
}

TEST_F(TrustTest, AHookThatOthersCanWriteByNowIsNotRun) {
  fleet_.config()["quota"]["pool_threshold"] = 3;
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("verdict", 2)) << program.messages();
  fs::permissions(fleet_.path("hook"), fs::perms{0777});
  fleet_.show("main", dated_banner);
  ASSERT_TRUE(program.wait_for("switch_failed")) << program.messages();
  EXPECT_NE(program.journal().back()["why"].get<std::string>().find("written by everybody"), std::string::npos)
      << program.journal().back();
  EXPECT_TRUE(fleet_.requests().empty());
}

TEST_F(TrustTest, AProgramForEventsThatOthersCanWriteByNowIsNotRun) {
  os::testing_support::write_script(fleet_.path("notify"), "echo run >> " + fleet_.path("was-run"));
  fleet_.config()["events"] = {{"command", {fleet_.path("notify")}}, {"on", {"verdict"}}};
  for (const char* session : {"ccl-auto-1", "ccl-auto-2"}) fleet_.show(session, "calm\n");
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(os::testing_support::eventually([&] { return read_file(fleet_.path("was-run")) == "run\nrun\n"; },
                                              &program.loop()))
      << program.messages();
  fs::permissions(fleet_.path("notify"), fs::perms{0777});
  fs::remove(fleet_.path("was-run"));
  fleet_.show("main", "calm\n");
  ASSERT_TRUE(program.wait_for_message("written by everybody")) << program.messages();
  EXPECT_FALSE(file_exists(fleet_.path("was-run")));
}

TEST_F(TrustTest, AConfigThatOthersCanWriteIsRefused) {
  fleet_.write_config();
  fs::permissions(fleet_.config_path(), fs::perms{0666});
  expect_refused(fmt::format("the file \"{}\" can be written by everybody", fleet_.config_path()));
}

TEST_F(TrustTest, AStateInAFolderThatOthersCanWriteIsRefused) {
  const auto folder = make_folder("open", 0777);
  fleet_.config()["state"]["path"] = "open/state.json";
  expect_refused(
      fmt::format("open/state.json: others could change what stands there: the folder "
                  "\"{}\" can be written by everybody",
                  folder));
  EXPECT_TRUE(fs::is_empty(folder));
  fs::permissions(folder, fs::perms{01777});
  expect_accepted();
}

TEST_F(TrustTest, ATmuxThatOthersCanChangeIsRefused) {
  const auto folder = make_folder("open", 0777);
  os::testing_support::write_script(folder + "/tmux", "echo run > " + fleet_.path("was-run"));
  {
    const os::testing_support::Variable path(
        "PATH", (folder + ":" + std::getenv("PATH")).c_str());  // NOLINT(concurrency-mt-unsafe)
    const std::string reason = fmt::format(
        "quotawatch: PATH: tmux: \"{0}/tmux\": others could change what stands there: "
        "the folder \"{0}\" can be written by everybody",
        folder);
    expect_refused(reason);
    expect_refused(reason, {"--dry-run"});
  }
  EXPECT_FALSE(file_exists(fleet_.path("was-run")));
  expect_accepted();
}

// At the start, not at the first switch.
TEST_F(TrustTest, AStateThatCannotBeSavedIsRefused) {
  fs::create_directory(fleet_.state_path() + ".new");
  expect_refused("state.json: the state cannot be saved here: cannot remove");
  fs::remove(fleet_.state_path() + ".new");
  expect_accepted();
}

TEST_F(TrustTest, AJournalInAFolderThatOthersCanWriteIsRefused) {
  const auto folder = make_folder("open", 0777);
  expect_refused(fmt::format("the folder \"{}\" can be written by everybody", folder),
                 {"--journal", folder + "/journal"});
  EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(TrustTest, LinksOfOurOwnAreFollowed) {
  make_folder("elsewhere", 0700);
  fs::create_symlink("elsewhere/state", fleet_.state_path());
  fs::create_symlink("elsewhere/journal", fleet_.path("journal"));
  fs::create_symlink("hook", fleet_.path("elsewhere/hook"));
  fs::rename(fleet_.path("hook"), fleet_.path("elsewhere/real"));
  fs::create_symlink("elsewhere/real", fleet_.path("hook"));
  fleet_.config()["journal"] = {{"path", "journal"}};
  expect_accepted();
  EXPECT_TRUE(fs::is_symlink(fleet_.state_path()));
  EXPECT_TRUE(fs::is_regular_file(fleet_.path("elsewhere/state")));
  EXPECT_NE(read_file(fleet_.path("elsewhere/journal")).find("switch_done"), std::string::npos);
}

TEST_F(TrustTest, LinksOfAnotherUserAreNot) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give links away";
  write_file(fleet_.path("victim"), "precious");
  make_folder("shared", 01777);
  const std::string path = fleet_.path("shared/file");
  fs::create_symlink(fleet_.path("victim"), path);
  ASSERT_EQ(::lchown(path.c_str(), other_user, other_user), 0);
  const std::string reason = fmt::format("the link \"{}\" belongs to the user", path);
  fleet_.config()["journal"] = {{"path", path}};
  expect_refused(reason);
  fleet_.config().erase("journal");
  fleet_.config()["state"]["path"] = path;
  expect_refused(reason);
  EXPECT_EQ(read_file(fleet_.path("victim")), "precious");
}

TEST_F(TrustTest, AReloadWithAHookThatOthersCanWriteKeepsTheOldConfig) {
  fleet_.config()["quota"]["pool_threshold"] = 3;
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("verdict", 2)) << program.messages();
  const std::string good_hook = fleet_.path("hook");
  os::testing_support::write_script(fleet_.path("bad"), "echo bad > " + fleet_.path("was-run"));
  fs::permissions(fleet_.path("bad"), fs::perms{0777});
  fleet_.config()["switch"]["command"] = {fleet_.path("bad")};
  fleet_.config()["quota"]["pool_threshold"] = 2;
  fleet_.write_config();
  program.signal(SIGHUP);
  ASSERT_TRUE(program.wait_for_message("going on with the config from before"));
  EXPECT_NE(program.messages().find("can be written by everybody"), std::string::npos);
  program.loop().run_until([] { return false; }, Milliseconds{300});
  EXPECT_TRUE(decisions_of(program.journal()).empty());
  fleet_.config()["switch"]["command"] = {good_hook};
  fleet_.write_config();
  program.signal(SIGHUP);
  ASSERT_TRUE(program.wait_for("switch_done")) << program.messages();
  EXPECT_FALSE(file_exists(fleet_.path("was-run")));
  EXPECT_EQ(fleet_.requests().size(), 1U);
}

}  // namespace
}  // namespace quotawatch::testing_support
