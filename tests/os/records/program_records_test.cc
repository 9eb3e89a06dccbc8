#include "os/records/program_records.h"

#include <gtest/gtest.h>

#include "os/records/record_file.h"
#include "support.h"

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
  ProgramRecords records({}, [&](std::string_view line) { logged.emplace_back(line); });
  PaneCapture pane;
  pane.status = PaneCapture::Status::screen;
  pane.program_process = 1;
  EXPECT_FALSE(records.ask("main", pane));
  EXPECT_TRUE(logged.empty());
}

}  // namespace
}  // namespace quotawatch::os
