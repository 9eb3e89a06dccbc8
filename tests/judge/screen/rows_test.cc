// Rows by themselves: what each looks like, at the bounds of every rule.
#include "judge/screen/rows.h"

#include <gtest/gtest.h>

#include <string>

#include "base/text.h"

namespace quotawatch::row_tests {
namespace {

// The first row of a text, which has to outlive it.
Row row_of(const char* text) { return make_rows(split_lines(text)).at(0); }

std::string repeated(const char* what, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += what;
  return all;
}

TEST(SplitRows, SpacesOfEveryKindAreNoText) {
  const Row row = row_of(" \t\u00a0a\u00a0b \u00a0\t\r");
  EXPECT_EQ(row.text, " \t\u00a0a\u00a0b");
  EXPECT_EQ(row.body, "a\u00a0b");
  EXPECT_EQ(row.indent, 3U);
  EXPECT_EQ(row.glyph, U'a');
  const Rows rows = make_rows(split_lines("a\n \nb\n\u00a0\n\n"));
  ASSERT_EQ(rows.size(), 3U) << "blank rows at the end are left out";
  EXPECT_TRUE(rows[1].blank());
  EXPECT_EQ(rows[2].offset, 4U);
  EXPECT_TRUE(make_rows(split_lines("")).empty());
  EXPECT_TRUE(make_rows(split_lines("\n \n")).empty());
  EXPECT_EQ(row_of("\xc2\xa1").text, "\u00a1") << "its bytes are not a space's";
}

TEST(Utf8Size, ChangesAtItsBounds) {
  EXPECT_EQ(utf8_size(0x7f), 1U);
  EXPECT_EQ(utf8_size(0x80), 2U);
  EXPECT_EQ(utf8_size(0x7ff), 2U);
  EXPECT_EQ(utf8_size(0x800), 3U);
  EXPECT_EQ(utf8_size(0xffff), 3U);
  EXPECT_EQ(utf8_size(0x10000), 4U);
}

TEST(AfterGlyph, IsWhatFollowsTheSignAndItsSpaces) {
  EXPECT_EQ(after_glyph(row_of("❯ \u00a0a b")), "a b");
  EXPECT_EQ(after_glyph(row_of("❯")), "");
  EXPECT_EQ(after_glyph(make_rows(split_lines("\na")).at(0)), "");
}

TEST(SkipSigns, LeavesWordsAndQuotes) {
  for (const char* sign : {"⎿", "└", "●", "⏺", "⚠", "■", "✻", "❯", "›", "•", "✦", "✕", "ℹ", "⚡", "⏵"}) {
    EXPECT_EQ(skip_signs(std::string(sign) + " \u00a0a"), "a") << sign;
  }
  EXPECT_EQ(skip_signs("● ⎿ a ● b"), "a ● b");
  EXPECT_EQ(skip_signs("\"a"), "\"a");
  EXPECT_EQ(skip_signs("▎ a"), "▎ a");
  EXPECT_EQ(skip_signs("●"), "");
}

TEST(IsRule, OfEightColumnsAtLeast) {
  for (const char* sign : {"─", "━", "═", "╌"}) {
    EXPECT_TRUE(is_rule(row_of(repeated(sign, 8).c_str()))) << sign;
    EXPECT_FALSE(is_rule(row_of(repeated(sign, 7).c_str()))) << sign;
  }
  const std::string line = repeated("─", 8);
  EXPECT_TRUE(is_rule(row_of((" " + line).c_str())));
  EXPECT_FALSE(is_rule(row_of(("  " + line).c_str())));
  EXPECT_FALSE(is_rule(row_of(("a" + line).c_str())));
  EXPECT_TRUE(is_rule(row_of((line + " and a label").c_str())));
  EXPECT_TRUE(is_rule(row_of("── label ──────"))) << "most of it is the line";
  EXPECT_FALSE(is_rule(row_of("── 1234567 ──────"))) << "less than half";
  EXPECT_TRUE(is_rule(row_of("── 123456 ──────"))) << "half of it";
  EXPECT_FALSE(is_rule(row_of("── a long label of many words ──────")));
  EXPECT_FALSE(is_rule(row_of("── a ───"))) << "five in all";
}

TEST(Boxes, ByTheirEdges) {
  for (const char* top : {"╭──╮", "┌────────┐", " ╭──────╮"}) EXPECT_TRUE(is_box_top(row_of(top)));
  for (const char* no : {"╭─", "  ╭──────╮", "│ a", "a ╭──╮"}) EXPECT_FALSE(is_box_top(row_of(no)));
  for (const char* bottom : {"╰──╯", "└──┘", " ╰──╯"}) EXPECT_TRUE(is_box_bottom(row_of(bottom)));
  for (const char* no : {"└ a", "╰─ a", "  ╰──╯", "a ──"}) EXPECT_FALSE(is_box_bottom(row_of(no)));
  for (const char* side : {"│ a │", "┃ a", "║ a", " │ a"}) EXPECT_TRUE(is_boxed(row_of(side)));
  for (const char* no : {"| a", "  │ a", "a │"}) EXPECT_FALSE(is_boxed(row_of(no)));
  EXPECT_EQ(inside_box(row_of("│ a b  │")), "a b");
  EXPECT_EQ(inside_box(row_of("┃ a ┃")), "a");
  EXPECT_EQ(inside_box(row_of("║ a ║")), "a");
  EXPECT_EQ(inside_box(row_of("│ a")), "a");
}

TEST(IsOption, ADigitADotAndASpace) {
  for (const char* yes :
       {"1. a", "0. a", "9. a", "❯ 1. a", "› 1. a", "● 1. a", "> 1. a", "○ 1. a", "❯\u00a01. a", "1.\u00a0a", "1. "}) {
    EXPECT_TRUE(is_option(yes)) << yes;
  }
  for (const char* no : {"", "1", "1.", "1.a", "1) a", "a. a", "/. a", ":. a", "• 1. a", "12. a", "❯ ❯ 1. a"}) {
    EXPECT_FALSE(is_option(no)) << no;
  }
}

TEST(ArrowPrompts, ShowWhereTheyAre) {
  for (const char* yes : {"➜  src", "~/src ❯ ls", "/ ❯", "a/ ❯", "~ »", "~/x λ ls"}) {
    EXPECT_TRUE(is_arrow_prompt(row_of(yes))) << yes;
  }
  for (const char* no : {"❯ ls", " ➜  src", " ~ ❯", "ab/ ❯", "say ❯", "~/src", "» a/b"}) {
    EXPECT_FALSE(is_arrow_prompt(row_of(no))) << no;
  }
  EXPECT_TRUE(is_arrow_prompt(row_of(("~" + repeated("a", 58) + "❯").c_str())));
  EXPECT_FALSE(is_arrow_prompt(row_of(("~" + repeated("a", 59) + "❯").c_str())));
  EXPECT_FALSE(is_arrow_prompt(make_rows(split_lines("\na")).at(0)));
}

TEST(ShellPrompts, EndWithASignAndASpace) {
  for (const char* yes :
       {"$", "$ ls", "%", "% ls", "user@host:~$ ls", "user@host:~/a b$ ls", "[user@host dir]# ls", "(venv) host $ ls",
        "host% ls", "root# ls", "~ x $ ls", "a b@c $ ls", "~/src/% ls", "host1$ ls", "root@host2# ls"}) {
    EXPECT_TRUE(is_shell_prompt(row_of(yes))) << yes;
  }
  for (const char* no : {"# a heading", "#", " $ ls", " user@host:~$ ls", "$HOME", "user@host:~$ls", "100% ls",
                         "5% $ ls", "it cost 5 $ in all", "two words", "a b # c"}) {
    EXPECT_FALSE(is_shell_prompt(row_of(no))) << no;
  }
  EXPECT_TRUE(is_shell_prompt(row_of((repeated("a", 79) + "$").c_str())));
  EXPECT_FALSE(is_shell_prompt(row_of((repeated("a", 80) + "$").c_str())));
  EXPECT_FALSE(is_shell_prompt(make_rows(split_lines("\na")).at(0)));
}

}  // namespace
}  // namespace quotawatch::row_tests
