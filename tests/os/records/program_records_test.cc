#include "os/records/program_records.h"

#include <gtest/gtest.h>

#include "os/records/record_file.h"
#include "tests/os/records/agents.h"

namespace quotawatch::os {
namespace {

using Says = Testimony::Says;

std::string entry(const std::string& seconds, const std::string& rest) {
  return R"({"timestamp":"2026-11-29T18:59:)" + seconds + R"(Z",)" + rest + "}\n";
}
const std::string asked = R"("type":"user","message":{"content":"go on"})";
const std::string answered = R"("type":"assistant","message":{"stop_reason":"end_turn","content":[]})";
const std::string refused = R"("type":"assistant","isApiErrorMessage":true,"error":"rate_limit",)"
                            R"("quotaLimits":{"status":"rejected","rateLimitType":"five_hour","resetsAt":1795989600})";

TEST(RecordFile, GivesLinesFromTheEndWhateverTheirLength) {
  const tests::TemporaryFolder folder;
  const std::string large(300'000, 'x');
  const std::string path = folder.write("lines", "first\n" + large + "\n\nlast\nbeing writ");
  std::vector<std::string> lines;
  EXPECT_TRUE(read_lines_backwards(path, 1U << 20U, [&](std::string_view line) {
    lines.emplace_back(line);
    return false;
  }));
  EXPECT_EQ(lines, (std::vector<std::string>{"last", large, "first"}));
  EXPECT_EQ(read_first_line(path, 100), "first");
  EXPECT_EQ(read_first_line(path, 3), "");
  EXPECT_FALSE(read_lines_backwards(folder.path() + "/none", 100, [](std::string_view) { return true; }));
  EXPECT_FALSE(read_lines_backwards(folder.path(), 100, [](std::string_view) { return true; }));
}

TEST(RecordFile, StopsAtItsLimitAndWhereItIsTold) {
  const tests::TemporaryFolder folder;
  const std::string path = folder.write("lines", "first\n" + std::string(200'000, 'x') + "\nlast\n");
  int lines = 0;
  EXPECT_TRUE(read_lines_backwards(path, 1000, [&](std::string_view) { return ++lines > 100; }));
  EXPECT_EQ(lines, 1);
}

TEST(ClaudeCodeRecord, TheLastTurnDecides) {
  const tests::TemporaryFolder folder;
  const auto read = [&](const std::string& text) { return read_claude_code_record(folder.write("c.jsonl", text)); };
  EXPECT_EQ(read(entry("01", asked) + entry("02", refused))->says, Says::refused);
  EXPECT_EQ(read(entry("01", asked) + entry("02", refused) + entry("03", asked))->says, Says::under_way);
  EXPECT_EQ(read(entry("01", refused) + entry("03", asked) + entry("04", answered))->says, Says::fine);
  EXPECT_EQ(read(entry("01", asked) + entry("02", refused) + R"({"type":"system"})" + "\n")->says, Says::refused);
  EXPECT_EQ(read(entry("01", asked) + entry("02", refused) + R"({"type":"assis)")->says, Says::refused);
  EXPECT_FALSE(read(""));
}

TEST(CodexRecord, AnErrorBeforeTheEndOfTheTurnIsItsEnd) {
  const tests::TemporaryFolder folder;
  const std::string meta = R"({"type":"session_meta","payload":{"cli_version":"0.120.0"}})"
                           "\n";
  const auto event = [](const std::string& second, const std::string& payload) {
    return entry(second, R"("type":"event_msg","payload":{)" + payload + "}");
  };
  const std::string begun = event("01", R"("type":"task_started")");
  const std::string limits =
      event("02", R"("type":"token_count","rate_limits":{"primary":{"used_percent":100,"resets_at":1795986681}})");
  const std::string error = event("03", R"("type":"error","codex_error_info":"usage_limit_exceeded")");
  const std::string ended = event("04", R"("type":"task_complete")");
  const auto read = [&](const std::string& text) { return read_codex_record(folder.write("rollout-1.jsonl", text)); };
  const auto testimony = read(meta + begun + limits + error + ended);
  ASSERT_TRUE(testimony);
  EXPECT_EQ(testimony->says, Says::refused);
  EXPECT_EQ(testimony->reset_at, WallTime(std::chrono::seconds{1795986681}));
  EXPECT_EQ(read(meta + begun + limits + ended)->says, Says::fine);
  // The error is another turn's.
  EXPECT_EQ(read(meta + begun + error + ended + begun + ended)->says, Says::fine);
  EXPECT_EQ(read(meta + begun + error + ended + begun)->says, Says::under_way);
  EXPECT_FALSE(read(begun + error + ended));
}

TEST(ProgramRecords, OnlyThoseOfTheConfigAreRead) {
  std::vector<std::string> logged;
  ProgramRecords records({}, "default", [&](std::string_view line) { logged.emplace_back(line); });
  PaneCapture pane;
  pane.status = PaneCapture::Status::screen;
  pane.program_process = 1;
  EXPECT_FALSE(records.ask("main", pane));
  EXPECT_TRUE(logged.empty());
}

// Sessions whose programs list themselves, or do not, and a hook.
class HeardHookTest : public testing::Test {
 protected:
  static constexpr WallTime at{std::chrono::seconds{1'795'979'000}};
  const std::string one_ = "a70db2c2-72fb-4342-a87f-c595a12642a7";
  const std::string two_ = "01a22b73-92fd-7fa2-88eb-f8a13cfcd00c";

  // Lists its program, if a conversation is given, and asks about it.
  PaneCapture start(const std::string& session, const std::string& conversation = "") {
    auto pane = agents_.start_claude_code(session);
    if (!conversation.empty()) agents_.list(session, conversation);
    EXPECT_FALSE(records_.ask(session, pane)) << session;
    return pane;
  }
  void hear(const HookMessage& message) { records_.hear(message, at); }
  bool hears(const std::string& session, const PaneCapture& pane) {
    const auto testimony = records_.ask(session, pane);
    EXPECT_TRUE(!testimony || *testimony == (Testimony{Says::rate_limited, at}));
    return testimony.has_value();
  }

  testing_support::Agents agents_;
  ProgramRecords records_{{"claude-code"}, "default", [](std::string_view /*line*/) {}};
};

TEST_F(HeardHookTest, ByTheListOfWhatRunsWhateverElseItSays) {
  const auto a = start("a", one_);
  const auto b = start("b", two_);
  hear({"rate_limit", two_, "/", a.pane, "default"});
  EXPECT_FALSE(hears("a", a));
  EXPECT_TRUE(hears("b", b));
}

TEST_F(HeardHookTest, ByThePaneWhereNothingIsListed) {
  const auto a = start("a");
  const auto b = start("b");
  hear({"rate_limit", one_, "/", b.pane, "default"});
  EXPECT_FALSE(hears("a", a));
  EXPECT_TRUE(hears("b", b));
}

TEST_F(HeardHookTest, APaneOfAnotherServerOrOfAnotherConversationIsNotMeant) {
  const auto a = start("a");
  hear({"rate_limit", one_, "/", a.pane, "other"});
  hear({"rate_limit", one_, "/", "%99", "default"});
  EXPECT_FALSE(hears("a", a));
  agents_.list("a", two_);  // an agent that it has started itself has run the hook
  hear({"rate_limit", one_, "/", a.pane, "default"});
  EXPECT_FALSE(hears("a", a));
}

TEST_F(HeardHookTest, ByTheFolderWhereNoPaneIsNamed) {
  const auto a = start("a");
  hear({"rate_limit", one_, "/elsewhere"});
  EXPECT_FALSE(hears("a", a));
  hear({"rate_limit", one_, "/"});
  EXPECT_TRUE(hears("a", a));
}

TEST_F(HeardHookTest, TwoThatCouldBeMeantAreNone) {
  const auto a = start("a");
  const auto b = start("b");
  hear({"rate_limit", one_, "/"});
  EXPECT_FALSE(hears("a", a) || hears("b", b));
  agents_.list("a", one_);
  agents_.list("b", one_);
  hear({"rate_limit", one_, "/", b.pane, "default"});
  EXPECT_FALSE(hears("a", a) || hears("b", b));
}

TEST_F(HeardHookTest, AnotherProgramInThePaneHasSaidNothing) {
  auto a = start("a");
  hear({"rate_limit", one_, "/", a.pane, "default"});
  EXPECT_TRUE(hears("a", a));
  a.program_process = ::getpid();
  EXPECT_FALSE(hears("a", a));
}

TEST_F(HeardHookTest, TheConversationsFileKnowsBetterAndLater) {
  const auto a = start("a", one_);
  const auto say = [&](Says says, Milliseconds after) {
    testing_support::append(agents_.conversation_file(one_), testing_support::claude_code_line({says, at + after}));
    return records_.ask("a", a)->says;
  };
  const std::chrono::seconds second{1};
  EXPECT_EQ(say(Says::under_way, -second), Says::under_way);
  hear({"rate_limit", one_, "/"});
  EXPECT_EQ(records_.ask("a", a)->says, Says::rate_limited) << "the turn has ended";
  EXPECT_EQ(say(Says::failed, -second), Says::failed) << "it was a limit of the moment";
  hear({"rate_limit", one_, "/"});
  EXPECT_EQ(records_.ask("a", a)->says, Says::failed);
  EXPECT_EQ(say(Says::under_way, second), Says::under_way) << "the next turn";
  EXPECT_EQ(say(Says::fine, 2 * second), Says::fine);
}

}  // namespace
}  // namespace quotawatch::os
