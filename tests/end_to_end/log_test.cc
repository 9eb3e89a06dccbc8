// `quotawatch log`: the journal with its rotated files, for people and as JSON; and `status --check`.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "tests/end_to_end/fleet.h"
#include "tests/end_to_end/program.h"

namespace quotawatch::testing_support {
namespace {

using os::testing_support::ProgramResult;
using os::testing_support::TemporaryFolder;
using os::testing_support::write_file;

constexpr const char* evening =
    R"({"at":"2026-11-29T22:00:00.000Z","event":"verdict","session":"main","verdict":"exhausted","snippet":"You've hit your limit"})"
    "\n"
    R"({"at":"2026-11-29T22:00:00.000Z","event":"switch","session":"main","from":"work","to":"spare","id":"1","why":"the screen names when the limit resets"})"
    "\n"
    R"({"at":"2026-11-29T22:00:02.000Z","event":"switch_failed","id":"1","from":"work","to":"spare","why":"exit status 3"})"
    "\n";
constexpr const char* night =
    R"({"at":"2026-11-29T22:01:00.000Z","event":"skip","reason":"backoff"})"
    "\n"
    R"({"at":"2026-11-29T23:30:00.000Z","event":"switch_done","id":"2","from":"work","to":"spare"})"
    "\n"
    R"({"at":"2026-11-29T23:30:05.000Z","event":"resume","session":"main","account":"spare","reason":"switch","how":"type","attempt":1})"
    "\n"
    R"({"at":"2026-11-29T23:30:30.000Z","event":"verdict","session":"main","verdict":"clear"})"
    "\n"
    R"({"at":"2026-11-29T23:30:30.000Z","event":"resumed","session":"main","after":"25s"})"
    "\n"
    R"({"at":"2026-11-30T01:00:00.000Z","event":"unrecognised","session":"other","snippet":"\u001b[31mred \u202e"})"
    "\n";

class LogTest : public testing::Test {
 protected:
  LogTest() {
    write_file(journal_ + ".2", evening);
    write_file(journal_, night);
    EXPECT_EQ(std::system(("gzip '" + journal_ + ".2' && mv '" + journal_ + ".2.gz' '" + journal_ + ".1.gz'").c_str()),
              0);
    write_file(
        folder_ / "quotawatch.json",
        R"({"pool":{"dedicated":[{"name":"main"}]},"journal":{"path":"journal.jsonl"},"timezone":"Europe/Paris"})");
  }

  ProgramResult log(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"log", "--config", folder_ / "quotawatch.json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_quotawatch(arguments);
  }

  TemporaryFolder folder_;
  std::string journal_ = folder_ / "journal.jsonl";
};

TEST_F(LogTest, OneLineADecisionInLocalTimeAndTheSummaryOfTheNight) {
  const auto all = log();
  EXPECT_EQ(all.exit_status, 0) << all.error_output;
  EXPECT_TRUE(
      all.output.starts_with("2026-11-29 23:00:00  switch               main  work -> spare"
                             "  (the screen names when the limit resets)\n"))
      << all.output;
  EXPECT_TRUE(has(all.output, "2026-11-30 00:30:00  switch_done          work -> spare\n"));
  EXPECT_EQ(all.output.find("skip"), std::string::npos);
  EXPECT_TRUE(has(all.output, "switches   1 done, 1 failed, 0 without effect"));
  EXPECT_TRUE(has(all.output, "resumed    1 of 1 attempts"));
  EXPECT_TRUE(has(all.output, "stood still main 1h30m\n"));
  EXPECT_EQ(all.output.find('\x1b'), std::string::npos);
  EXPECT_EQ(all.output.find("\xe2\x80\xae"), std::string::npos);
  EXPECT_TRUE(has(all.output, "\\x1b[31mred"));
}

TEST_F(LogTest, TimesAndSessionsAreChosen) {
  const auto late = log({"--since", "2026-11-30 00:00", "--until", "2026-11-30T00:00:00Z"});
  EXPECT_EQ(late.output.find("switch_failed"), std::string::npos) << late.output;
  EXPECT_TRUE(has(late.output, "switch_done"));
  EXPECT_EQ(late.output.find("unrecognised"), std::string::npos);
  const auto main = log({"--session", "main"});
  EXPECT_TRUE(has(main.output, "verdict              main  exhausted  You've hit your limit\n"));
  EXPECT_EQ(main.output.find("unrecognised"), std::string::npos);
  EXPECT_TRUE(has(log({"--since", "noon"}).error_output, "quotawatch: --since: \"noon\" is no time"));
}

TEST_F(LogTest, JsonIsTheJournalItselfWithoutControls) {
  const auto json = log({"--json"});
  EXPECT_EQ(parse_journal(json.output).size(), 9U) << json.output;
  EXPECT_EQ(json.output.find("stood still"), std::string::npos);
  EXPECT_EQ(json.output.find("\xe2\x80\xae"), std::string::npos);
}

TEST_F(LogTest, SaysWhatIsWrong) {
  EXPECT_TRUE(has(run_quotawatch({"log", "--journal", folder_ / "none"}).error_output, "no such journal"));
  write_file(journal_, "no event\n{\"at\": 1}\n");
  EXPECT_TRUE(has(log().error_output, "2 lines are no events of a journal"));
}

TEST(StatusCheckTest, SaysInOneLineWhetherAllIsWell) {
  Fleet fleet;
  const auto check = [&] { return run_quotawatch({"status", "--check", "--config", fleet.write_config()}); };
  const auto nobody = check();
  EXPECT_EQ(nobody.exit_status, 2);
  EXPECT_EQ(nobody.output, "QUOTAWATCH CRITICAL: no monitor runs\n");
  const auto unknown = run_quotawatch({"status", "--check", "--config", fleet.path("none")});
  EXPECT_EQ(unknown.exit_status, 3);
  EXPECT_TRUE(unknown.output.starts_with("QUOTAWATCH UNKNOWN: ")) << unknown.output;

  fleet.config()["pool"] = {{"dedicated", {{{"name", "main"}}}}};
  fleet.config()["accounts"] = {{{"name", "a"}}, {{"name", "b"}}, {{"name", "c"}}};
  fleet.show("main", "> go on\n");
  RunningProgram program(fleet.run_arguments());
  ASSERT_TRUE(program.wait_for("verdict")) << program.messages();
  const auto fine = check();
  EXPECT_EQ(fine.exit_status, 0) << fine.output;
  EXPECT_EQ(fine.output, "QUOTAWATCH OK: 1 session, account a\n");
  fleet.show("main", dated_banner);
  ASSERT_TRUE(program.wait_for("switch_done")) << program.messages();
  const auto stopped = check();
  EXPECT_EQ(stopped.exit_status, 1) << stopped.output;
  EXPECT_EQ(stopped.output, "QUOTAWATCH WARNING: stopped at a limit: main\n");
  fleet.tmux().remove("main");
}

std::string switch_line(int number) {
  return fmt::format(R"({{"at":"2026-11-30T02:00:0{}.000Z","event":"switch","id":"{}"}})", number, number) + "\n";
}

TEST_F(LogTest, FollowGoesOnWithWhatIsAddedWholeLinesOnceAlsoAfterARotation) {
  const auto add = [&](const std::string& text) { std::ofstream(journal_, std::ios::app) << text; };
  RunningProgram program({"log", "--config", folder_ / "quotawatch.json", "--follow", "--json"});
  ASSERT_TRUE(program.wait_for("unrecognised")) << program.messages();
  const auto before = program.journal().size();
  const std::string first = switch_line(1);
  add(first.substr(0, 30));
  program.loop().run_until([] { return false; }, one_second);
  EXPECT_EQ(program.journal().size(), before) << "half a line is none";
  add(first.substr(30));
  EXPECT_TRUE(program.wait_for("switch", 2)) << "the evening has one, too";
  add(switch_line(2));
  std::filesystem::rename(journal_, journal_ + ".1");
  add(switch_line(3));
  EXPECT_TRUE(program.wait_for("switch", 4));
  add(switch_line(4));
  EXPECT_TRUE(program.wait_for("switch", 5));
  const auto journal = program.journal();
  ASSERT_EQ(journal.size(), before + 4);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(journal[before + i].at("id"), std::to_string(i + 1));
  program.signal(SIGINT);
  const auto end = program.wait_for_end(os::testing_support::long_time);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_status, 0) << program.messages();
}

}  // namespace
}  // namespace quotawatch::testing_support
