// The regions and voices of agents that share a reader, of opencode, and how they differ from others.
#include <gtest/gtest.h>

#include "agent_screens.h"
#include "quotawatch/judge.h"
#include "quotawatch/screen.h"

namespace quotawatch {
namespace {

const std::string copilot_footer = " Interactive · / commands · ? help\n";

std::string copilot_screen(const std::string& conversation, const std::string& footer = copilot_footer) {
  return conversation + "\n /home/dev/acme/shop\n" + across() + "❯\n" + across() + footer;
}

std::string opencode_screen(const std::string& conversation, const std::string& state = "   /home/dev/acme/shop") {
  return conversation + "\n  ┃\n  ┃\n  ┃  Build · GPT-5\n  ╹▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀\n" + state + "\n";
}

std::string recognised(const std::string& text) {
  return std::string(screen_name(read_recognised_screen(text, 3).kind));
}

// The messages of the last turn: the first letter of who says each, and its text.
std::string said(const std::string& text) {
  std::string all;
  for (const auto& message : read_recognised_screen(text, 3).messages) {
    if (message.region != RegionKind::turn || message.decoration) continue;
    all +=
        std::string("psmtu").substr(static_cast<std::size_t>(message.voice), 1) + ":" + message.normalised.text + "|";
  }
  return all;
}

std::string verdict_of(const std::string& text) {
  static Judge judge(load_packs("auto"));
  return std::string(verdict_name(judge.read(text).verdict));
}

TEST(AgentScreens, AreRecognisedByTheirLowestRows) {
  for (const char* footer :
       {" Interactive · / commands · ? help", " Interactive · @ files · # issues", " ◉ Working esc esc edit prompt",
        " shift+tab switch mode      Remaining reqs.: 70%", "  Auto mode (shift + tab to cycle)",
        " ~/shop   no sandbox   qwen3-coder-plus (99% context left)", " gpt-4o $0.00   ○ Plan ● Act (Tab)",
        "  /home/dev/shop     ◉ Continue CLI", "↑10 ↓20 0.0%/200k (auto)   gpt-5", "? for shortcuts"}) {
    EXPECT_EQ(recognised(copilot_screen(" ❯ hi\n\n ● Done.\n", std::string(footer) + "\n")), "agent") << footer;
  }
  EXPECT_EQ(recognised(claude_screen("● " + copilot_footer + "\n● a\n")), "claude-code") << "said by another program";
  EXPECT_EQ(recognised(copilot_screen("● a\n", "  ? for shortcuts\n")), "claude-code") << "indented";
}

TEST(AgentScreens, FromTheBottomUp) {
  EXPECT_EQ(regions_of(copilot_screen(" ❯ one\n\n ● Done.\n\n ❯ two\n\n ✗ No quota.\n")),
            "history turn notice prompt footer");
  EXPECT_EQ(regions_of(" ❯ two\n\n ✗ No quota.\n\n╭────────╮\n│ ● Ask  │\n╰────────╯\n  ◉ Continue CLI\n"),
            "turn prompt footer");
}

TEST(AgentScreens, WhoSpeaksIsTheSignInTheFirstColumn) {
  EXPECT_EQ(said(copilot_screen(" ❯ hi\n\n ✗ You've hit a limit that\n   restricts you.\n")),
            "u:hi|p:You've hit a limit that restricts you.|");
  EXPECT_EQ(said(copilot_screen(" ❯ hi\n\n ● It says\n   ✗ No quota.\n")), "u:hi|m:It says ✗ No quota.|");
  EXPECT_EQ(said(copilot_screen(" ❯ hi\n\n ● Shell ls\n   └ a\n")), "u:hi|m:Shell ls|t:a|");
  EXPECT_EQ(said(copilot_screen("  > hi\n\n  ✕ [API Error: 401]\n  ◆︎ Done.\n")),
            "u:> hi|p:[API Error: 401]|m:◆ Done.|")
      << "at any margin";
  EXPECT_EQ(said(copilot_screen("> hi\n\n⚠ No quota.\nResets in 3h.\n")), "u:> hi|p:No quota. Resets in 3h.|")
      << "directly below";
  EXPECT_EQ(said(copilot_screen("hi\n\nNo quota.\n")), "s:hi|s:No quota.|")
      << "without signs only whole messages count";
}

TEST(AgentScreens, BannersOfTheProgramCountAndWordsOfTheModelDoNot) {
  const std::string limit = "Sorry, you've hit a rate limit that restricts requests. Please try again in 58 hours.";
  EXPECT_EQ(verdict_of(copilot_screen(" ❯ hi\n\n ✗ " + limit + "\n")), "exhausted");
  EXPECT_EQ(verdict_of(copilot_screen(" ❯ hi\n\n ● " + limit + "\n")), "clear");
  EXPECT_EQ(verdict_of(copilot_screen(" ❯ " + limit + "\n")), "clear");
  EXPECT_EQ(verdict_of(copilot_screen(" ❯ hi\n\n ✗ " + limit + "\n\n ❯ again\n\n ● Done.\n")), "clear");
  EXPECT_EQ(verdict_of(copilot_screen(" ❯ hi\n\n ✗ You've hit a rate limit. Please try again in 6 seconds.\n")),
            "throttled");
}

TEST(OpencodeScreens, FromTheBottomUp) {
  EXPECT_EQ(regions_of(opencode_screen("  ┃  one\n\n     Done.\n\n     ▣  Build · 2s\n\n  ┃  two\n")),
            "history turn prompt footer");
  EXPECT_EQ(recognised("  ╹▀▀▀▀▀▀▀▀▀▀\n a\n b\n c\n d\n e\n"), "plain") << "an edge further up is shown";
}

TEST(OpencodeScreens, ABarWhereAnAnswerWasExpectedIsThePrograms) {
  EXPECT_EQ(said(opencode_screen("  ┃  hi\n\n  ┃  No quota,\n  ┃  sorry.\n\n     ▣  Build\n")),
            "u:hi|p:No quota, sorry.|");
  EXPECT_EQ(said(opencode_screen("  ┃  hi\n\n     I look.\n     More.\n\n  ┃  No quota.\n")),
            "u:hi|m:I look. More.|p:No quota.|");
  EXPECT_EQ(said(opencode_screen("  ┃  hi\n\n     ▣  Build · 2s\n\n  ┃  two\n\n")), "u:two|");
  EXPECT_EQ(said(opencode_screen("  ┃\n  ┃  hi\n  ┃  there\n  ┃\n")), "u:hi there|");
}

TEST(OpencodeScreens, ItsStateIsReadWithoutSquaresAndKeys) {
  const auto state = [](const std::string& row) { return said(opencode_screen("  ┃  hi\n\n     ▣  Build\n", row)); };
  EXPECT_EQ(state("   ⬝You■exceeded your quota  (click)\n    retrying in 9s attempt #5]"),
            "u:hi|p:You exceeded your quota (click) retrying in 9s attempt #5]|");
  EXPECT_EQ(state("   ⬝⬝■■  Too many requests [retrying in 9s]      esc interrupt"),
            "u:hi|p:Too many requests [retrying in 9s]|");
  EXPECT_EQ(state("   /home/dev/limit reached"), "u:hi|");
}

TEST(OpencodeScreens, TheLengthOfItsWaitTellsAThrottle) {
  const auto judged = [](const std::string& wait) {
    return verdict_of(opencode_screen(
        "  ┃  hi\n\n", "   ⬝⬝⬝⬝  Rate limit exceeded. Try later. [retrying in " + wait + " attempt #1]"));
  };
  for (const char* wait : {"73801s", "6h16m", "~1 week", "12 minutes"}) EXPECT_EQ(judged(wait), "exhausted") << wait;
  for (const char* wait : {"9s", "35s"}) EXPECT_NE(judged(wait), "exhausted") << wait;
}

}  // namespace
}  // namespace quotawatch
