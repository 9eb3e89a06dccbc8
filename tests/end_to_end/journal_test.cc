// The journal of `quotawatch run` in a file: its place, its limits, and logrotate.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>

#include "tests/end_to_end/fleet.h"
#include "tests/end_to_end/program.h"

namespace quotawatch::testing_support {
namespace {

using os::testing_support::eventually;
using os::testing_support::file_exists;
using os::testing_support::read_file;
namespace fs = std::filesystem;

class JournalTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* session : {"ccl-auto-1", "ccl-auto-2"}) fleet_.show(session, dated_banner);
    fleet_.config()["journal"] = {{"path", "journal"}};
  }

  std::string text(const std::string& name) const { return read_file(fleet_.path(name)); }

  bool wait_for_text(RunningProgram& program, const std::string& name, const std::string& part) {
    return eventually([&] { return text(name).find(part) != std::string::npos; }, &program.loop());
  }

  Fleet fleet_;
};

TEST_F(JournalTest, LiesWhereTheConfigSaysUnlessTheCommandLineSaysElse) {
  auto result = run_quotawatch(fleet_.run_arguments({"--once"}));
  EXPECT_EQ(result.exit_status, 0) << result.error_output;
  EXPECT_EQ(result.output, "");
  const std::string journal = text("journal");
  EXPECT_NE(journal.find("\"event\":\"switch_done\""), std::string::npos) << journal;

  result = run_quotawatch(fleet_.run_arguments({"--once", "--journal", fleet_.path("other")}));
  EXPECT_EQ(result.output, "");
  EXPECT_NE(text("other").find("\"event\":"), std::string::npos);
  EXPECT_EQ(text("journal"), journal);
}

TEST_F(JournalTest, ADryRunIsNotWrittenAmongWhatReallyHappened) {
  const auto result = run_quotawatch(fleet_.run_arguments({"--once", "--dry-run"}));
  EXPECT_EQ(result.exit_status, 0) << result.error_output;
  EXPECT_NE(result.output.find("\"event\":\"switch\""), std::string::npos);
  EXPECT_FALSE(file_exists(fleet_.path("journal")));
}

TEST_F(JournalTest, FilesAreBoundedAndNoLineIsLostOrCut) {
  fleet_.config()["quota"]["poll_interval"] = "5ms";
  fleet_.config()["journal"]["max_bytes"] = 4096;
  fleet_.config()["journal"]["keep"] = 100;
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(wait_for_text(program, "journal.3", "\n")) << program.messages();
  program.signal(SIGTERM);
  ASSERT_TRUE(program.wait_for_end());
  std::string all;
  int files = 1;
  while (file_exists(fleet_.path(fmt::format("journal.{}", files)))) ++files;
  for (int number = files - 1; number >= 1; --number) {
    const std::string part = text(fmt::format("journal.{}", number));
    EXPECT_LE(part.size(), 4096U);
    EXPECT_TRUE(part.ends_with('\n'));
    all += part;
  }
  all += text("journal");
  EXPECT_TRUE(all.ends_with('\n'));
  const auto events = parse_journal(all);
  EXPECT_EQ(events.size(), static_cast<std::size_t>(std::count(all.begin(), all.end(), '\n')));
  EXPECT_EQ(decisions_of(events).size(), 2U);
  for (std::size_t i = 1; i < events.size(); ++i) EXPECT_LE(events[i - 1]["at"], events[i]["at"]);
}

// A limit set by the shell (ulimit -f) is handled like a full disk.
TEST_F(JournalTest, AFileThatMayNotGrowIsSaidAndEndsNothing) {
  fleet_.config()["journal"]["max_bytes"] = 0;
  auto arguments = fleet_.run_arguments({"--once"});
  arguments.insert(arguments.begin(), {"sh", "-c", "ulimit -f 1; exec \"$@\"", "sh", binary_path()});
  const auto result = os::testing_support::run_program(std::move(arguments));
  EXPECT_TRUE(result.ended);
  EXPECT_NE(result.error_output.find("File too large"), std::string::npos) << result.error_output;
  EXPECT_EQ(result.exit_status, 1) << "the state could not be kept either: no switch";
  EXPECT_TRUE(fleet_.requests().empty());
}

TEST_F(JournalTest, SighupOpensItAgainHoweverTheConfigIs) {
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(wait_for_text(program, "journal", "switch_done")) << program.messages();
  fs::rename(fleet_.path("journal"), fleet_.path("moved"));
  program.signal(SIGHUP);
  ASSERT_TRUE(wait_for_text(program, "journal", "\"event\":\"skip\"")) << program.messages();
  EXPECT_EQ(fs::status(fleet_.path("journal")).permissions(), fs::perms{0600});
  EXPECT_NE(text("moved").find("switch_done"), std::string::npos);
  EXPECT_EQ(text("journal").find("switch_done"), std::string::npos);

  fleet_.config()["quotas"] = 1;
  fleet_.write_config();
  fs::rename(fleet_.path("journal"), fleet_.path("moved-again"));
  program.signal(SIGHUP);
  ASSERT_TRUE(program.wait_for_message("going on with the config from before"));
  ASSERT_TRUE(wait_for_text(program, "journal", "\"event\":\"skip\"")) << program.messages();
}

TEST_F(JournalTest, AReloadChangesItsLimitsButNotItsPlace) {
  fleet_.config()["quota"]["poll_interval"] = "5ms";
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(eventually([&] { return text("journal").size() > 5000; }, &program.loop()));
  EXPECT_FALSE(file_exists(fleet_.path("journal.1")));
  fleet_.config()["journal"] = {{"path", "other"}};
  fleet_.write_config();
  program.signal(SIGHUP);
  ASSERT_TRUE(program.wait_for_message("journal.path has changed, which needs a restart"));
  EXPECT_FALSE(file_exists(fleet_.path("other")));
  fleet_.config()["journal"] = {{"path", "journal"}, {"max_bytes", 4096}};
  fleet_.write_config();
  program.signal(SIGHUP);
  EXPECT_TRUE(eventually([&] { return file_exists(fleet_.path("journal.2")); }, &program.loop())) << program.messages();
}

}  // namespace
}  // namespace quotawatch::testing_support
