// The regions of Codex and Gemini CLI, and which program drew a screen.
#include <gtest/gtest.h>

#include "agent_screens.h"
#include "quotawatch/screen.h"

namespace quotawatch {
namespace {

std::string kind_of(const std::string& text) { return std::string(screen_name(read_recognised_screen(text, 3).kind)); }

// Who says the messages of the last turn: p(rogram), s(hared), m(odel), t(ool), u(ser), with * for
// signs of life and + where more paragraphs follow.
std::string voices_of(const std::string& text, ScreenKind kind) {
  std::string all;
  for (const auto& message : read_screen(text, kind, 3).messages) {
    if (message.region != RegionKind::turn) continue;
    all += std::string("psmtu").substr(static_cast<std::size_t>(message.voice), 1);
    all += std::string(message.decoration ? "*" : "") + (message.more ? "+" : "");
  }
  return all;
}

TEST(CodexRegions, FromTheBottomUp) {
  EXPECT_EQ(regions_of(codex_screen("› one\n\n• Done.\n\n› two\n\n■ You’ve hit your usage limit.\n")),
            "history turn prompt footer");
  EXPECT_EQ(regions_of("› one\n\n• Done.\n\n  Approaching rate limits\n  Switch?\n\n"
                       "› 1. Switch\n  2. Keep\n\n  enter select · esc back\n"),
            "turn panel");
}

TEST(CodexRegions, WrappedRowsInTheFirstColumnBelongTogether) {
  const Screen screen =
      read_screen(codex_screen("› x\n\n■ You’ve hit your usage limit. Visit https://\nchatgpt.com or try again at\n"
                               "11:47 PM.\n"),
                  ScreenKind::codex, 3);
  ASSERT_EQ(screen.messages.at(1).normalised.text,
            "You've hit your usage limit. Visit https:// chatgpt.com or try again at 11:47 PM.");
  EXPECT_EQ(screen.messages.at(1).voice, Voice::program);
}

TEST(CodexRegions, SignsThatAreWordsStandBehindABlankRow) {
  const auto said = [](const std::string& conversation) {
    std::string all;
    for (const auto& message : read_screen(codex_screen(conversation), ScreenKind::codex, 3).messages) {
      if (message.region == RegionKind::turn) all += message.normalised.text + "|";
    }
    return all;
  };
  EXPECT_EQ(said("› x\n\n⚠ Heads up. Run\n/status\nfor a breakdown.\n"), "x|Heads up. Run /status for a breakdown.|");
  EXPECT_EQ(said("› x\n\n⚠ Heads up.\n\n/status\n"), "x|Heads up.|/status|");
  EXPECT_EQ(said("› see what it\n  worked for 3 days\n"), "see what it worked for 3 days|");
  EXPECT_EQ(said("› x\n\n• Done.\n\n  Worked for 3s\n"), "x|Done.|Worked for 3s|");
}

TEST(CodexRegions, OfItsOlderSignAndOfWhatStandsBelow) {
  const std::string limit = "■ You’ve hit your usage limit.\n";
  EXPECT_EQ(regions_of("▌ one\n\n• Done.\n\n▌ two\n\n" + limit + "\n▌ Ask\n\n  gpt-5\n"), "history turn prompt footer");
  EXPECT_EQ(regions_of(codex_screen("› x\n\n" + limit) + "[0] 0:codex*\n"), "history turn prompt footer")
      << "a bar of tmux";
  EXPECT_EQ(regions_of(codex_screen("› x\n\n" + limit) + "• I go on\n"), "history turn");
  EXPECT_EQ(regions_of("› x\n\n" + limit + "\n  › quoted\n\n› Ask\n  more\n\n  gpt-5\n"), "turn prompt footer");
  EXPECT_EQ(regions_of("  >_ OpenAI Codex (v0.171.0)\n\n› x\n\n" + limit +
                       "\n  Switch?\n\n› 1. Switch\n  2. Keep\n\n  esc to go back\n"),
            "history turn panel");
  EXPECT_EQ(regions_of("› x\n\n" + limit + "\n› 1. Switch\n  2. Keep\n"), "turn panel");
}

TEST(CodexVoices, ByTheSignOfEachRow) {
  const auto voices = [](const std::string& rows) {
    return voices_of(codex_screen("› x\n" + rows + "\n"), ScreenKind::codex).substr(1);
  };
  for (const char* row : {"■ a", "⚠ a", "🖐 a"}) EXPECT_EQ(voices("\n" + std::string(row)), "p");
  for (const char* row : {"• a", "◦ a", "✔ a", "✗ a", "✘ a", "✓ a"}) {
    EXPECT_EQ(voices("\n" + std::string(row)), "m") << row;
  }
  for (const char* row :
       {"• Working (3s • esc to interrupt)", "◦ Working (esc to interrupt)", "/status", "  Worked for 3s"}) {
    EXPECT_EQ(voices("\n" + std::string(row)), "p*") << row;
  }
  for (const char* row : {"│ a │", " │ a │", "╭────────╮", "╰────────╯", "─ a"}) {
    EXPECT_EQ(voices("\n" + std::string(row)), "m*") << row;
  }
  for (const char* row : {"a", "/status a", "Worked for 3s"}) {
    EXPECT_EQ(voices("\n" + std::string(row)), "s") << row;
  }
  EXPECT_EQ(voices("\n• Ran a\n  └ b"), "mt");
  EXPECT_EQ(voices("\n• Ran a\n └ b"), "mt");
  EXPECT_EQ(voices("\n• Ran a\n  b"), "m");
}

TEST(GeminiRegions, OfItsInputsAndDialogs) {
  const std::string above = " ▝▜▄     Gemini CLI v0.61.0\n\n > x\n\n✦ Done.\n\n";
  const std::string below = "\n ~/src    gemini-2.5-pro\n";
  for (const char* sign : {">", "*", "!"}) {
    EXPECT_EQ(regions_of(above + across() + " " + sign + "   Type here\n" + below), "history turn prompt footer")
        << sign;
  }
  EXPECT_EQ(regions_of(above + across() + "\n\n\n >   Type here\n" + below), "history turn prompt footer");
  EXPECT_EQ(regions_of(above + across() + "\n\n\n\n >   Type here\n" + below), "history turn")
      << "the line is too far above it";
  EXPECT_EQ(regions_of(above + "╭────────╮\n│ > a    │\n╰────────╯\n" + below), "history turn prompt footer");
  EXPECT_EQ(regions_of(above + "│ > a    │\n" + below), "history turn prompt footer") << "half drawn";
  EXPECT_EQ(regions_of(above + "   > a\n" + below), "history turn") << "too far in";
  const std::string dialog = "╭────────╮\n│ Which? │\n│ ● 1. a │\n╰────────╯\n";
  EXPECT_EQ(regions_of(above + dialog), "history turn panel");
  EXPECT_EQ(regions_of(above + dialog + " a\n b\n c\n"), "history turn panel");
  EXPECT_EQ(regions_of(above + dialog + " a\n b\n c\n d\n"), "history turn");
  EXPECT_EQ(regions_of(above + "│ Which? │\n│ ● 1. a │\n"), "history turn") << "no upper edge";
  EXPECT_EQ(regions_of(above + "╭────────╮\n│ Which? │\n│ a      │\n╰────────╯\n"), "history turn")
      << "nothing to choose";
  EXPECT_EQ(regions_of(above + "                         ? for shortcuts\n" + across() + " > Type here\n" + below),
            "history turn notice prompt footer");
  EXPECT_EQ(regions_of(above + "                    ? for shortcuts\n" + across() + " > Type here\n" + below),
            "history turn prompt footer")
      << "twenty columns in is no right side";
}

TEST(GeminiVoices, ByTheSignOfEachRow) {
  const auto voices = [](const std::string& rows) {
    return voices_of(gemini_screen(" > x\n\n" + rows + "\n"), ScreenKind::gemini).substr(1);
  };
  for (const char* row : {"✕ a", "✖ a", "ℹ a", "⚠ a", "⚡ a", " ✕ a"}) {
    EXPECT_EQ(voices(row), "p") << row;
  }
  EXPECT_EQ(voices("✦ a"), "m");
  for (const char* row : {"⠋ a", "⠀ a", "⣿ a"}) EXPECT_EQ(voices(row), "p*") << row;
  for (const char* row : {"▀▀ a", "▟▟ a", "────────"}) EXPECT_EQ(voices(row), "m*") << row;
  for (const char* row : {"│ a", "╭────────╮", "╰────────╯"}) EXPECT_EQ(voices(row), "t") << row;
  EXPECT_EQ(voices("a"), "s");
  EXPECT_EQ(voices("✕ a\n  b"), "p");
  EXPECT_EQ(voices("✕ a\n > /stats\n"), "pu") << "a command begins no turn";
}

TEST(GeminiRegions, FromTheBottomUp) {
  EXPECT_EQ(regions_of(gemini_screen(" > one\n\n✦ Done.\n\n > two\n\n✕ [API Error: x]\n")),
            "history turn prompt footer");
  EXPECT_EQ(regions_of(" ▝▜▄     Gemini CLI v0.61.0\n > two\n\n╭──────────╮\n│ Usage limit │\n"
                       "│ ● 1. Keep │\n╰──────────╯\n"),
            "history turn panel");
  EXPECT_EQ(regions_of(gemini_screen(" > two\n\n╭──────────╮\n│ ✓ Shell │\n│ Usage limit │\n"
                                     "╰──────────╯\n")),
            "history turn prompt footer")
      << "a tool's box is no panel";
}

TEST(Recognise, EachProgram) {
  EXPECT_EQ(kind_of(claude_screen("● Done.\n")), "claude-code");
  EXPECT_EQ(kind_of("❯ go on\n  ⎿  You've hit your limit\n"), "claude-code");
  EXPECT_EQ(kind_of(codex_screen("• Done.\n")), "codex");
  EXPECT_EQ(kind_of(gemini_screen("✦ Done.\n")), "gemini");
}

TEST(Recognise, OneSignIsNotEnough) {
  for (const char* text : {"❯ x",
                           "> x",
                           "● a",
                           "⏺ a",
                           "  ⎿  a",
                           "  ⏵⏵ mode",
                           "  ⏸ mode",
                           "✻ a",
                           "▔▔▔▔▔▔▔▔",
                           "│ > a │",
                           "╭────────╮\n│ > a │",
                           "│ ❯ 1. a │",
                           "  ? for shortcuts",
                           "❯ x\n  ? for shortcuts",
                           "› a",
                           "■ a",
                           "• a",
                           "  └ a",
                           "• a\n  └ a",
                           "⚠ a",
                           "enter select · esc back",
                           "ℹ a",
                           " > a",
                           "Claude Code v2",
                           "see OpenAI Codex (v1)",
                           "Gemini CLI v1",
                           "Type your message or @path",
                           "Ask Codex",
                           "Press Enter to confirm",
                           "Stop and wait for limit to reset",
                           "  ✦ a",
                           "  ✕ a",
                           "  ■ a\n  › a",
                           "  ● a\n  ✻ a"}) {
    EXPECT_EQ(kind_of(text), "plain") << text;
  }
}

TEST(Recognise, TwoSignsOrOneThatOnlyOneProgramDraws) {
  const auto all_are = [](const std::string& kind, const std::string& first, const std::vector<std::string>& signs) {
    for (const auto& sign : signs) EXPECT_EQ(kind_of(first + sign), kind) << first << sign;
  };
  all_are("claude-code", "❯ x\n",
          {"● a", "⏺ a", "  ⎿  a", "  ⏵⏵ mode", "  ⏸ mode", "✻ a", "▔▔▔▔▔▔▔▔", "╭────────╮\n│ > a │",
           "│ ❯ 1. a │"});
  all_are("claude-code", "● a\n", {"  ? for shortcuts", "❯ x"});
  all_are(
      "claude-code", "",
      {"────────\n❯ a", "────────\n> a", "1. Stop and wait for limit to reset", "Enter to confirm", "enter to confirm",
       "▐▛ Claude Code v2", "▟▛ Claude Code v2", "▀▛ Claude Code v2", "│ Claude Code v2 │", "╭─ Claude Code v2 ─╮"});
  all_are("codex", "• a\n", {"› a", "■ a", "enter select · esc back", "  └ a\n⚠ a"});
  all_are("codex", "⚠ a\n", {"■ a", "› a"});
  all_are("codex", "", {"› Ask Codex to do anything", "  >_ OpenAI Codex (v1)", "│ OpenAI Codex (v1)"});
  all_are("gemini", " > a\n", {"ℹ a"});
  all_are("gemini", "",
          {"✦ a", "✕ a", " > Type your message or @path", "│ > Type your message or @path", "▝▜ Gemini CLI v1",
           "│ ● 1. a │"});
}

TEST(Recognise, ShellsAndStrangersAsPlain) {
  for (const char* text : {"", "\n", "dev@host:~$ ls\na  b\ndev@host:~$ \n", "❯ ls\na  b\n❯ \n", "at work\n",
                           "● nginx.service - web\n● ssh.service\n", "> quoted\n> more\n"}) {
    EXPECT_EQ(kind_of(text), "plain") << text;
  }
  EXPECT_EQ(kind_of(claude_screen("● Done.\n") + "dev@host:~$ \n"), "plain")
      << "the agent has ended, and its shell is back";
}

TEST(UnknownScreens, WhatAPrinterPrintedIsATools) {
  const auto voices = [](const std::string& text) {
    std::string all;
    std::size_t last = std::string::npos;
    for (const auto& message : read_screen(text, ScreenKind::plain, 5).messages) {
      if (message.first_row == last) continue;  // the same row, without what it may wrap onto
      last = message.first_row;
      all += message.voice == Voice::tool ? 't' : message.voice == Voice::user ? 'u' : 's';
    }
    return all;
  };
  EXPECT_EQ(voices("$ cat a.log\nlimit\n$ ls\n"), "utu");
  EXPECT_EQ(voices("$ ./run | tee log\nlimit\n"), "us");
  EXPECT_EQ(voices("$ ./run | grep x\nlimit\n"), "ut");
  EXPECT_EQ(voices("$ make\nlimit\n$\n"), "utu") << "what has ended and is no agent";
  EXPECT_EQ(voices("$ claude -p hi\nlimit\n$\n"), "usu");
  EXPECT_EQ(voices("> go on\nlimit\n>\n"), "sss") << "an agent's prompt";
  EXPECT_EQ(voices("dev@shop✨ go on\nlimit\ndev@shop✨\n"), "sss");
  EXPECT_EQ(voices("limit\nmore\n"), "ss");
  EXPECT_EQ(voices("limit\n(END)\n"), "tt") << "a pager";
  EXPECT_EQ(voices("limit\n~\n~\n\"a.md\" 3L, 20B\n"), "tttt") << "an editor";
  EXPECT_EQ(voices("~/src ❯ git log\nlimit\n~/src ❯\n"), "utu");
}

}  // namespace
}  // namespace quotawatch
