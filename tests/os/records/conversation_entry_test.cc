#include "os/records/conversation_entry.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "support.h"

namespace quotawatch::os {
namespace {

using Says = Testimony::Says;

std::vector<std::string> recorded(const std::string& name) {
  std::ifstream file(std::string(FIXTURES) + "/witness/records/" + name);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  EXPECT_GT(lines.size(), 10U);
  return lines;
}

TEST(ClaudeCodeEntry, ARefusalIsOneOfTheAccount) {
  int refused = 0;
  for (const auto& line : recorded("claude-code.jsonl")) {
    const nlohmann::json json = nlohmann::json::parse(line);
    const auto testimony = read_claude_code_entry(line);
    if (json.value("isSidechain", false)) {
      EXPECT_FALSE(testimony) << line;
      continue;
    }
    ASSERT_TRUE(testimony) << line;
    const bool limits = json.contains("quotaLimits") && json.value("error", "") == "rate_limit";
    nlohmann::json limit = json.value("quotaLimits", nlohmann::json::object());
    const bool named = limit.contains("rateLimitType") && limit["rateLimitType"].is_string();
    const std::string kind = named ? limit["rateLimitType"].get<std::string>() : "";
    const bool of_model = kind.find("opus") != std::string::npos || kind.find("sonnet") != std::string::npos ||
                          kind == "seven_day_overage_included" || kind == "three_day_research";
    EXPECT_EQ(testimony->says == Says::refused, limits && !of_model) << line;
    if (testimony->says == Says::refused) ++refused;
  }
  EXPECT_GE(refused, 5);
}

TEST(ClaudeCodeEntry, ARefusalNamesItsReset) {
  const auto testimony = read_claude_code_entry(
      R"({"type":"assistant","timestamp":"2026-11-29T18:59:00.437Z","isApiErrorMessage":true,"error":"rate_limit",)"
      R"("quotaLimits":{"status":"rejected","resetsAt":1795989600,"rateLimitType":"five_hour"}})");
  ASSERT_TRUE(testimony);
  EXPECT_EQ(testimony->says, Says::refused);
  EXPECT_EQ(testimony->reset_at, WallTime(std::chrono::seconds{1795989600}));
  EXPECT_EQ(format_wall_ms(testimony->at), "2026-11-29T18:59:00.437Z");
}

TEST(ClaudeCodeEntry, KnowsTurnsThatEndAndThatGoOn) {
  const std::string at = R"("timestamp":"2026-11-29T18:59:00Z")";
  const auto read = [&](const std::string& rest) { return read_claude_code_entry("{" + at + "," + rest + "}"); };
  const auto expect = [&](const std::string& rest, Says wanted) {
    const auto testimony = read(rest);
    ASSERT_TRUE(testimony) << rest;
    EXPECT_EQ(testimony->says, wanted) << rest;
  };
  expect(R"("type":"user","message":{"role":"user","content":"go on"})", Says::under_way);
  expect(R"("type":"user","message":{"content":[{"type":"tool_result"}]})", Says::under_way);
  expect(R"("type":"user","message":{"content":[{"type":"text","text":"[Request interrupted by user]"}]})",
         Says::failed);
  expect(R"("type":"assistant","message":{"stop_reason":"end_turn","content":[{"type":"text"}]})", Says::fine);
  expect(R"("type":"assistant","message":{"stop_reason":"tool_use","content":[{"type":"text"}]})", Says::under_way);
  expect(R"("type":"assistant","message":{"stop_reason":null,"content":[{"type":"tool_use"}]})", Says::under_way);
  // The program's own /rate-limit-options and its output.
  EXPECT_FALSE(read(R"("type":"user","message":{"content":"<command-name>/rate-limit-options</command-name>"})"));
  EXPECT_FALSE(read(R"("type":"user","message":{"content":"<local-command-stdout></local-command-stdout>"})"));
  EXPECT_FALSE(read(R"("type":"user","isMeta":true,"message":{"content":"Caveat"})"));
  EXPECT_FALSE(read(R"("type":"summary")"));
}

TEST(ClaudeCodeEntry, WhatIsNoEntryIsNone) {
  for (const std::string line :
       {"", "{", "[]", "7", R"({"type":"assistant"})", R"({"type":"assistant","timestamp":7})"}) {
    EXPECT_FALSE(read_claude_code_entry(line)) << line;
  }
}

TEST(CodexEntry, ARefusalIsTheUsageLimitAlone) {
  int refused = 0;
  for (const auto& line : recorded("codex.jsonl")) {
    const auto testimony = read_codex_line(line).testimony;
    const bool limit = line.find(R"("usage_limit_exceeded")") != std::string::npos;
    if (line.find(R"("token_count")") != std::string::npos) {
      EXPECT_FALSE(testimony);
      continue;
    }
    ASSERT_TRUE(testimony) << line;
    EXPECT_EQ(testimony->says == Says::refused, limit) << line;
    refused += limit ? 1 : 0;
  }
  EXPECT_GE(refused, 2);
  const auto ended =
      read_codex_line(R"({"timestamp":"2026-11-29T18:59:00Z","type":"event_msg","payload":{"type":"task_complete"}})");
  ASSERT_TRUE(ended.testimony);
  EXPECT_EQ(ended.testimony->says, Says::fine);
}

TEST(CodexEntry, TheResetIsTheOneOfTheWindowThatIsUsedUp) {
  EXPECT_EQ(read_codex_line(R"({"payload":{"rate_limits":{"primary":{"used_percent":100.0,"resets_at":1795986681},)"
                            R"("secondary":{"used_percent":40.0,"resets_at":1796178010}}}})")
                .reset_at,
            WallTime(std::chrono::seconds{1795986681}));
  EXPECT_FALSE(
      read_codex_line(R"({"payload":{"rate_limits":{"primary":{"used_percent":99.9,"resets_at":7}}}})").reset_at);
  EXPECT_FALSE(read_codex_line(R"({"payload":{"rate_limits":null}})").reset_at);
}

TEST(CodexEntry, SaysHowMuchOfEachWindowIsUsed) {
  const auto read = read_codex_line(
      R"({"timestamp":"2026-11-29T19:00:00Z","type":"event_msg","payload":{"type":"token_count","rate_limits":{)"
      R"("primary":{"used_percent":92.4,"window_minutes":300,"resets_at":1795986607},)"
      R"("secondary":{"used_percent":40,"window_minutes":10080,"resets_at":null}}}})");
  ASSERT_EQ(read.use.size(), 2U);
  EXPECT_EQ(read.use[0], (WindowUse{std::chrono::hours{5}, 92, WallTime(std::chrono::seconds{1795986607})}));
  EXPECT_EQ(read.use[1], (WindowUse{std::chrono::hours{168}, 40, std::nullopt}));
  EXPECT_EQ(read.use_at, parse_wall("2026-11-29T19:00:00Z"));
  EXPECT_TRUE(read_codex_line(R"({"timestamp":"2026-11-29T19:00:00Z","payload":{"rate_limits":{"primary":)"
                              R"({"used_percent":"much","window_minutes":300},"secondary":{"used_percent":5}}}})")
                  .use.empty());
}

TEST(CodexEntry, OldVersionsDoNotSayHowTurnsEnd) {
  const auto version = [](const std::string& text) { return R"({"payload":{"cli_version":")" + text + R"("}})"; };
  EXPECT_TRUE(codex_says_how_turns_end(version("0.120.0")));
  EXPECT_TRUE(codex_says_how_turns_end(version("1.0.0")));
  EXPECT_FALSE(codex_says_how_turns_end(version("0.119.9")));
  EXPECT_FALSE(codex_says_how_turns_end(version("")));
  EXPECT_FALSE(codex_says_how_turns_end("{}"));
}

}  // namespace
}  // namespace quotawatch::os
