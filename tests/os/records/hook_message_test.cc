#include "os/records/hook_message.h"

#include <gtest/gtest.h>

namespace quotawatch::os {
namespace {

const std::string input = R"({"session_id":"a70db2c2","transcript_path":"/home/dev/.claude/x.jsonl","cwd":"/home/dev",)"
                          R"("hook_event_name":"StopFailure","error":"rate_limit","last_assistant_message":"secret"})";

TEST(HookMessage, HasWhatIsNeededAndNoMore) {
  const auto message = read_hook_input(input);
  ASSERT_TRUE(message);
  EXPECT_EQ(*message, (HookMessage{"rate_limit", "a70db2c2", "/home/dev"}));
  const std::string datagram = to_datagram(*message);
  EXPECT_EQ(datagram.find("secret"), std::string::npos);
  EXPECT_EQ(datagram.find("transcript"), std::string::npos);
}

TEST(HookMessage, IsReadThoughALongAnswerIsCutOffBehindIt) {
  EXPECT_TRUE(read_hook_input(input.substr(0, input.find("\"last_")) + R"("last_assistant_message":"and so)"));
  EXPECT_TRUE(read_hook_input(R"({"error":"rate_limit","hook_event_name":"StopFailure"})"));
  EXPECT_TRUE(read_hook_input(R"({"more":{"error":"no"},"list":[{"error":"no"}],)" + input.substr(1)));
}

TEST(HookMessage, WhatIsNoTurnThatFailedIsNone) {
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("[]"), std::string("7"), std::string("null"),
        std::string(R"([{"hook_event_name":"StopFailure","error":"rate_limit"}])"),
        std::string(R"({"nested":{"hook_event_name":"StopFailure","error":"rate_limit"}})"),
        std::string(R"({"hook_event_name":"Stop","error":"rate_limit"})"),
        std::string(R"({"hook_event_name":"StopFailure"})"),
        std::string(R"({"hook_event_name":"StopFailure","error":7})"), std::string(50'000, '['),
        std::string("\xff\0\x1b", 3)}) {
    EXPECT_FALSE(read_hook_input(text)) << text.substr(0, 100);
  }
}

TEST(HookMessage, ADatagramIsReadAsItWasSent) {
  const HookMessage message{"rate_limit", "a70db2c2", "/home/d\u00e9v \"x\"\n", "%12", "default"};
  EXPECT_EQ(read_datagram(to_datagram(message)), message);
  for (const std::string_view text : {"", "{", "[]", "{}", R"({"error":7})", "\xff"}) {
    EXPECT_FALSE(read_datagram(text)) << text;
  }
  EXPECT_TRUE(read_datagram(to_datagram({"\xff", "\xff", "\xff"}))) << "bytes that are no text are sent, too";
}

TEST(HookMessage, OnlyARateLimitMayBeTheAccounts) {
  EXPECT_EQ(says({"rate_limit", "", ""}), Testimony::Says::rate_limited);
  for (const std::string error : {"overloaded", "authentication_failed", "billing_error", "server_error", "?"}) {
    EXPECT_EQ(says({error, "", ""}), Testimony::Says::failed) << error;
  }
}

TEST(HookMessage, TheServerIsTheNameOfItsSocket) {
  EXPECT_EQ(server_in("/tmp/tmux-1000/default,312,0"), "default");
  EXPECT_EQ(server_in("/tmp/tmux-1000/a b"), "a b");
  EXPECT_EQ(server_in(""), "");
}

}  // namespace
}  // namespace quotawatch::os
