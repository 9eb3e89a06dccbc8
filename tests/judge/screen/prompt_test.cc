// What Judge::posture() makes of a program's prompt, menus and signs of life.
#include <gtest/gtest.h>

#include "quotawatch/judge.h"

namespace quotawatch {
namespace {

const std::string box_line = "────────────────────────────────────────────────────────────\n";
const std::string refused_turn = "❯ go on\n  ⎿  You've hit your 5-hour limit · resets 12am (Europe/Paris)\n\n";
const std::string mode_line = "  ⏵⏵ bypass permissions on (shift+tab to cycle)\n";

Posture posture_of(const std::string& text) {
  static const Judge judge(load_packs("auto"));
  return judge.posture(text);
}

std::string with_prompt(const std::string& draft, const std::string& above = refused_turn) {
  return above + box_line + "❯ " + draft + "\n" + box_line + mode_line;
}

std::string menu_of(const std::string& title, const std::string& entries) {
  return refused_turn + "▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔\n  " + title + "\n\n" + entries +
         "\n  Enter to confirm · Esc to cancel\n";
}

TEST(PostureTest, AnEmptyPromptHasNoDraft) {
  const Posture posture = posture_of(with_prompt(""));
  EXPECT_TRUE(posture.recognised);
  EXPECT_TRUE(posture.prompt);
  EXPECT_EQ(posture.draft, "");
  EXPECT_FALSE(posture.menu);
  EXPECT_FALSE(posture.works);
}

TEST(PostureTest, ADraftIsTheTextInTheBox) {
  EXPECT_EQ(posture_of(with_prompt("I am still typing")).draft, "I am still typing");
  EXPECT_EQ(posture_of(with_prompt("two\n  rows")).draft, "two rows");
}

TEST(PostureTest, AMenuIsAnsweredByTheNumberOfItsSafeEntry) {
  const auto posture = posture_of(
      menu_of("What do you want to do?", "  ❯ 1. Upgrade your plan\n    2. Stop and wait for limit to reset\n"));
  EXPECT_TRUE(posture.menu);
  EXPECT_FALSE(posture.prompt);
  EXPECT_EQ(posture.answer, "2");
}

TEST(PostureTest, AnotherMenuHasNoAnswer) {
  EXPECT_EQ(posture_of(menu_of("Do you want to proceed?", "  ❯ 1. Yes\n    2. No\n")).answer, "");
  const auto twice = menu_of("What do you want to do?",
                             "  ❯ 1. Stop and wait for limit to reset\n    2. Stop and wait for limit to reset\n");
  EXPECT_EQ(posture_of(twice).answer, "");
}

// Entries without numbers are reached by the cursor, one key at a time.
TEST(PostureTest, AMenuWithoutNumbersIsAnsweredByTheCursor) {
  const auto at = [](int cursor) {
    std::string entries;
    int number = 0;
    for (const char* entry : {"Exit Claude Code", "Change login", "Copy to b@example.com and continue"}) {
      entries += (number++ == cursor ? "  ❯ " : "    ") + std::string(entry) + "\n";
    }
    return posture_of(menu_of(
        "This session belongs to another account\n\n  Started as    a@example.com\n  Logged in as  b@example.com",
        entries));
  };
  EXPECT_EQ(at(0).answer, "Down");
  EXPECT_EQ(at(1).answer, "Down");
  EXPECT_EQ(at(2).answer, "Enter");
  EXPECT_TRUE(at(0).asks_owner);
  EXPECT_NE(at(0).still, at(1).still);
  const auto second = posture_of(
      menu_of("Copy this session to b@example.com?\n\n  It shares its history.", "    Continue\n  ❯ Go Back\n"));
  EXPECT_EQ(second.answer, "Up");
  EXPECT_TRUE(second.asks_owner);
  EXPECT_EQ(posture_of(menu_of("Copy this file to b?", "    Continue\n  ❯ Go Back\n")).answer, "");
}

TEST(PostureTest, AMessageThatTheOwnerWillBeAskedIsKnown) {
  const auto posture = posture_of(with_prompt(
      "", "❯ go on\n  ⎿  This session belongs to another account, so nothing was sent. Send a message to choose\n\n"));
  EXPECT_TRUE(posture.asks_owner);
  EXPECT_TRUE(posture.prompt);
  EXPECT_FALSE(posture_of(with_prompt("")).asks_owner);
}

TEST(PostureTest, ASpinnerIsWorkAndItsPastIsNot) {
  EXPECT_TRUE(posture_of(with_prompt("", refused_turn + "✻ Pondering… (2s · esc to interrupt)\n\n")).works);
  EXPECT_FALSE(posture_of(with_prompt("", refused_turn + "✻ Cooked for 3s\n\n")).works);
}

TEST(PostureTest, ClocksDoNotMoveAScreen) {
  const auto at = [](const std::string& time) {
    return posture_of(refused_turn + box_line + "❯ \n" + box_line + "  ctx 12% " + time + "\n" + mode_line).still;
  };
  EXPECT_EQ(at("12:01:09"), at("12:01:10"));
  EXPECT_NE(posture_of(with_prompt("")).still, posture_of(with_prompt("x")).still);
}

TEST(PostureTest, AShellIsNoAgent) { EXPECT_FALSE(posture_of("dev@host:~$ \n").recognised); }

}  // namespace
}  // namespace quotawatch
