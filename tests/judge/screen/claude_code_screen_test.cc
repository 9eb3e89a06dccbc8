// Where Claude Code's regions are, whole and caught half-way, and who says what.
#include <gtest/gtest.h>

#include "agent_screens.h"
#include "quotawatch/screen.h"

namespace quotawatch {
namespace {

const std::string banner_row = "  ⎿ \u00a0You've hit your limit · resets 8pm (Europe/Paris)\n";

// The voices and normalised texts of the messages, a line each.
std::string messages_of(const std::string& text) {
  static const std::vector<std::string> voices{"program", "shared", "model", "tool", "user"};
  std::string all;
  for (const auto& message : read_screen(text, ScreenKind::claude_code, 3).messages) {
    if (message.region == RegionKind::footer) continue;
    all += voices.at(static_cast<std::size_t>(message.voice)) + (message.more ? "+" : "") +
           (message.decoration ? "*" : "") + ": " + message.normalised.text + "\n";
  }
  return all;
}

TEST(ClaudeCodeRegions, FromTheBottomUp) {
  ClaudeParts parts{"❯ hi\n\n● Done.\n\n❯ go on\n" + banner_row, "                          ◐ medium\n", "draft",
                    "  ⏵⏵ mode\n"};
  EXPECT_EQ(regions_of(claude_screen(parts)), "history turn notice prompt footer");
  parts.notice = "";
  EXPECT_EQ(regions_of(claude_screen(parts)), "history turn prompt footer");
  EXPECT_EQ(regions_of(claude_screen(parts) + "\n\n\n"), "history turn prompt footer");
}

TEST(ClaudeCodeRegions, TheOlderBox) {
  EXPECT_EQ(regions_of("> go on\n" + banner_row +
                       "\n╭──────────────────╮\n│ > draft          │\n"
                       "╰──────────────────╯\n  ? for shortcuts\n"),
            "turn prompt footer");
}

TEST(ClaudeCodeRegions, ADraftOfManyRowsIsPrompt) {
  EXPECT_EQ(regions_of("❯ go on\n" + banner_row + "\n" + across() + "❯\u00a0one\n  two\n\n  three\n" + across() +
                       "  ⏵⏵ mode\n"),
            "turn prompt footer");
}

TEST(ClaudeCodeRegions, AMenuTakesTheBoxesPlace) {
  const std::string options =
      " What do you want to do?\n\n ❯ 1. Stop and wait for limit to reset\n   2. Upgrade\n\n"
      " Enter to confirm · Esc to cancel\n";
  EXPECT_EQ(regions_of("❯ go on\n" + banner_row + "\n❯ /rate-limit-options\n" + across() + options), "turn panel");
  EXPECT_EQ(regions_of("❯ go on\n" + banner_row + "\n▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔\n" + options), "turn panel");
  EXPECT_EQ(regions_of(options), "panel") << "its edge has scrolled off";
}

TEST(ClaudeCodeRegions, CaughtHalfWay) {
  const std::string above = "❯ go on\n" + banner_row + "\n";
  EXPECT_EQ(regions_of(above + across() + "❯\u00a0draft\n"), "turn prompt") << "no lower rule";
  EXPECT_EQ(regions_of(above + "❯\u00a0draft\n" + across() + "  ⏵⏵ mode\n"), "turn prompt footer")
      << "no upper rule";
  EXPECT_EQ(regions_of(above + "  ⏵⏵ mode\n"), "turn footer") << "no box at all";
}

TEST(ClaudeCodeRegions, OfAPanelOnlyTheEdgeIsDrawn) {
  EXPECT_EQ(messages_of("▔▔▔▔▔▔▔▔\n"), "") << "there is no row for a message";
}

TEST(ClaudeCodeRegions, TheTurnBeginsAtTheLastPromptThatTalksToTheModel) {
  EXPECT_EQ(regions_of(claude_screen("❯ one\n" + banner_row + "\n❯ two\n\n● Done.\n")), "history turn prompt footer");
  EXPECT_EQ(regions_of(claude_screen("❯ one\n" + banner_row + "\n❯ /usage\n")), "turn prompt footer");
  EXPECT_EQ(regions_of(claude_screen("$ claude\n ▐▛███▜▌   Claude Code v2.1.61\n\n" + banner_row)),
            "history turn prompt footer")
      << "what stands above its header is a shell's";
}

TEST(ClaudeCodeRegions, SignsOfLifeAreStatus) {
  EXPECT_EQ(regions_of(claude_screen("❯ one\n" + banner_row + "\n✻ Cooked for 0s · done 8:52 PM\n")),
            "turn status prompt footer");
  EXPECT_EQ(regions_of(claude_screen("❯ one\n\n✻ Mulling… (esc to interrupt)\n  ⎿  ☐ a task\n     ☐ b\n")),
            "turn status prompt footer");
}

TEST(ClaudeCodeVoices, AreRecognisedByTheirGlyphs) {
  EXPECT_EQ(messages_of(claude_screen("❯ go on\n"
                                      "● Bash(ls)\n  ⎿ \u00a0a\n     b\n  ⎿ \u00a0second\n"
                                      "● Words, and\n  more.\n\n  A paragraph.\n"
                                      "✻ Mulling…\n  ⎿  Tip: x\n"
                                      "flush left\n")),
            "user: go on\n"
            "tool: Bash(ls)\n"
            "tool: a b\n"
            "program: second\n"
            "shared+: Words, and more.\n"
            "program*: Mulling…\n"
            "program*: Tip: x\n"
            "shared: flush left\n");
}

TEST(ClaudeCodeVoices, AWrappedRowThatCountsTasksIsNoTaskList) {
  EXPECT_EQ(messages_of(claude_screen("● Done are\n  3 tasks of five.\n")), "shared: Done are 3 tasks of five.\n");
}

TEST(ClaudeCodeVoices, HintsAreMessagesOfTheirOwn) {
  EXPECT_EQ(messages_of(claude_screen("❯ x\n" + banner_row + "     /upgrade to increase your usage limit.\n")),
            "user: x\nprogram: You've hit your limit · resets 8pm (Europe/Paris)\n"
            "program: /upgrade to increase your usage limit.\n");
  EXPECT_EQ(messages_of(claude_screen("● Please run\n  /usage-credits to continue\n")),
            "shared: Please run /usage-credits to continue\n");
  EXPECT_EQ(messages_of(claude_screen("● Spend limit\n  • /usage-credits to raise it\n")),
            "shared: Spend limit · /usage-credits to raise it\n");
}

TEST(ClaudeCodeVoices, WhatATranscriptInsideAToolPrintsIsTheTools) {
  EXPECT_EQ(messages_of(claude_screen("● Bash(tmux capture-pane -p)\n  ⎿ \u00a0❯ go on\n"
                                      "       ⎿  You've hit your limit\n")),
            "tool: Bash(tmux capture-pane -p)\ntool: go on ⎿ You've hit your limit\n");
}

TEST(ClaudeCodeVoices, CallsAreNamesRightBeforeTheirArguments) {
  for (const char* call :
       {"Bash(ls)", "Web Search(\"x\")", "github - list (MCP)(a: 1)", "mcp__x__y(1)", "Update(src/a.cc)"}) {
    EXPECT_EQ(messages_of(claude_screen("● " + std::string(call) + "\n")).substr(0, 5), "tool:") << call;
  }
  for (const char* words : {"Usage (see below)", "I called foo(bar)", "It's done(ish)", "(x)"}) {
    EXPECT_EQ(messages_of(claude_screen("● " + std::string(words) + "\n")).substr(0, 7), "shared:") << words;
  }
}

// Each row below stands alone in a turn.
TEST(ClaudeCodeRegions, WhatIsNoPartOfTheConversationIsMarked) {
  const auto regions = [](const std::string& row) { return regions_of(claude_screen("❯ x\n\n" + row + "\n")); };
  for (const char* row : {
           " ☐ a",
           "   ☐ a",
           "  ✔ a",
           "  3 tasks (1 done, 2 open)",
           "  1 task (0 done, 1 open)",
           "✻ Hm",
           "* Hm",
           "· Hm",
           "▀▀ a",
           "▟▟ a",
           "▐▛ a",
           "│ a",
           " │ a",
           "╭────────╮",
           " ╭────────╮",
           "╰─────╯",
           "────────",
           "✻",
       }) {
    EXPECT_EQ(regions(row), "turn status prompt footer") << row;
  }
  for (const char* row : {
           "☐ a",
           "    ☐ a",
           "  x a",
           "  tasks (1 done, 2 open)",
           "  3 files (1 new)",
           "✻Hm",
           "A word",
           "  │ a",
           "  ╭────────╮",
           "■ a",
           "╭─",
           "───────",
           "❯x",
       }) {
    EXPECT_EQ(regions(row), "turn prompt footer") << row;
  }
}

// Where an edge has scrolled off and a box is half drawn.
TEST(ClaudeCodeRegions, OfPartsOfAScreen) {
  const std::string menu = " Title\n\n   1. One\n      and more\n ❯ 2. Two\n\n Enter to confirm · Esc to cancel\n";
  EXPECT_EQ(regions_of("⏺ Done.\n\n❯ x\n  ⎿  a\n\n" + menu), "history turn panel");
  EXPECT_EQ(regions_of("❯ x\n  ⎿  a\n" + menu), "turn panel");
  EXPECT_EQ(regions_of("❯ x\n  ⎿  a\n" + across() + "❯ draft\n  more\n\n  ⏵⏵ mode\n"), "turn prompt footer");
  EXPECT_EQ(regions_of("❯ x\n  ⎿  a\n\n❯ draft\n" + across() + "  ⏵⏵ mode\n"), "turn prompt footer");
  EXPECT_EQ(regions_of("❯ x\n  ⎿  a\n\nwords\n" + across()), "turn status");
  EXPECT_EQ(regions_of(across() + "❯ \n" + across() + "  ⏵⏵ mode\n"), "prompt footer");
  EXPECT_EQ(regions_of("❯ x\n  ⎿  a\n\n ⏵⏵ mode\n"), "turn footer");
  EXPECT_EQ(regions_of("❯ x\n  ⎿  a\n\n⏵⏵ mode\n"), "turn");
}

TEST(ClaudeCodeRegions, OfDialogsByTheirEdges) {
  EXPECT_EQ(regions_of("❯ x\n\n▔▔▔▔▔▔▔▔\n Some dialog\n"), "turn panel");
  EXPECT_EQ(regions_of("❯ x\n\n● a\n\n ▔▔▔▔▔▔▔▔\n Some dialog\n"), "turn panel");
  EXPECT_EQ(regions_of("❯ x\n\n● a\n\n  ▔▔▔▔▔▔▔▔\n  Some dialog\n"), "turn") << "quoted";
  EXPECT_EQ(regions_of(claude_screen("❯ x\n") + across() + " ❯ 1. Yes\n   2. No\n"), "turn prompt footer panel");
}

TEST(ClaudeCodeVoices, ByTheSignAndPlaceOfEachRow) {
  const auto said = [](const std::string& rows) {
    const std::string all = messages_of(claude_screen("❯ x\n\n" + rows));
    return all.substr(all.find('\n') + 1);
  };
  EXPECT_EQ(messages_of(claude_screen("❯ x\n\n! ls\n")), "user: ! ls\n");
  EXPECT_EQ(said("│ a │\n"), "model*: a\n");
  EXPECT_EQ(said("● a\n b\n"), "shared: a b\n");
  EXPECT_EQ(said("● a\n· b\n"), "shared: a\nprogram*: · b\n");
  EXPECT_EQ(said("a\n\nb\n"), "shared: a\nshared: b\n");
  EXPECT_EQ(said("✻ Hm\n  ⎿  a\n  ⎿  b\n"), "program*: Hm\nprogram*: a\nprogram*: b\n");
  EXPECT_EQ(said("● Bash(x)\n  ⎿  a\n\n  b\n"), "tool: Bash(x)\ntool+: a\n");
}

TEST(ClaudeCodeVoices, AHintIsAMessageOfItsOwn) {
  const auto said = [](const std::string& rows) {
    const std::string all = messages_of(claude_screen("❯ x\n  ⎿  " + rows));
    return all.substr(all.find('\n') + 1);
  };
  EXPECT_EQ(said("a\n     /upgrade b\n"), "program: a\nprogram: /upgrade b\n");
  EXPECT_EQ(said("a\n     /add b\n"), "program: a\nprogram: /add b\n");
  EXPECT_EQ(said("a\n     /zip b\n"), "program: a\nprogram: /zip b\n");
  EXPECT_EQ(said("a\n     /b\n"), "program: a\nprogram: /b\n");
  for (const char* no : {"/", "/ b", "/9", "/Users", "/~", "b /c"}) {
    EXPECT_EQ(said("a\n     " + std::string(no) + "\n"), "program: a " + std::string(no) + "\n");
  }
  EXPECT_EQ(said("run\n     /upgrade\n"), "program: run\nprogram: /upgrade\n");
  EXPECT_EQ(said("a · run\n     /upgrade\n"), "program: a · run /upgrade\n");
  EXPECT_EQ(said("·\n     /upgrade\n"), "program: · /upgrade\n");
}

}  // namespace
}  // namespace quotawatch
