// What a conversation is recognised by when it is drawn again (rule A3): the same for all ways to
// draw it, and another once anything was asked, answered or done. And the reasons that `explain`
// gives.
#include <gtest/gtest.h>

#include "quotawatch/judge.h"
#include "tests/judge/screen/agent_screens.h"

namespace quotawatch::shown {
namespace {

Judge& judge() {
  static Judge judge(load_packs("auto"));
  return judge;
}

Fingerprint message(const std::string& conversation) {
  const auto limit = judge().read(claude_screen(conversation)).limit;
  return limit ? limit->message : Fingerprint{};
}

// True if the two screens show the same limit in the same conversation.
bool is_same_on(const std::string& before, const std::string& now) {
  const auto first = judge().read(before).limit;
  const auto second = judge().read(now).limit;
  return first && second && is_same(*first, *second);
}
bool is_same_below(const std::string& before, const std::string& now) {
  return is_same_on(claude_screen(before), claude_screen(now));
}

const std::string banner = "  ⎿ \u00a0You've hit your limit · resets 8pm (Europe/Paris)\n";
const std::string ended = "❯ x\n" + banner;

TEST(ConversationShown, IsRememberedOnlyWithALimit) {
  EXPECT_FALSE(judge().read(claude_screen("❯ x\n\n● The limit of the upload is 5 MB.\n")).limit);
  EXPECT_TRUE(judge().read(claude_screen(ended)).limit);
}

TEST(ConversationShown, ChangesWithWhatIsAnsweredOrDone) {
  EXPECT_FALSE(is_same_below(ended, ended + "\n● Conversation saved to notes.txt\n\n❯ x\n" + banner));
  EXPECT_FALSE(is_same_below("❯ x\n\n● Done.\n" + banner, "❯ x\n\n● Done, too.\n" + banner));
  EXPECT_FALSE(is_same_below(ended, "❯ x\n\n● /etc/hosts is missing.\n" + banner));
}

TEST(ConversationShown, LeavesOutWhatHangsBelowAndWhatSpeaksOfLimits) {
  EXPECT_TRUE(is_same_below(ended, "❯ x\n  ⎿ \u00a0Reading 3 files\n" + banner));
  EXPECT_TRUE(is_same_below(ended, ended + "     /upgrade to increase your usage limit.\n"));
  EXPECT_TRUE(is_same_below(ended, ended + "\n● 2 background tasks still run\n"));
  EXPECT_TRUE(is_same_below(ended, ended + "  ⎿ \u00a0/usage-credits to request more\n"));
  EXPECT_TRUE(is_same_below(ended, ended + "\n● Usage limit reached · set to continue automatically at 8pm\n"));
}

TEST(ConversationShown, LeavesOutCommandsThatTheProgramAnswersItself) {
  EXPECT_TRUE(is_same_below(ended, ended + "\n❯ /usage\n  ⎿ \u00a0dismissed\n"));
  EXPECT_TRUE(is_same_below(ended, ended + "\n❯ /usage\n  ⎿ \u00a0dismissed\n\n❯ /status\n  ⎿ \u00a0gone\n"));
}

TEST(ConversationShown, LeavesSignsOfLifeOutOfEarlierTurnsToo) {
  const auto is_plain = [](const std::string& earlier) {
    return is_same_below("❯ hi\n\n● Done.\n\n" + ended, earlier + ended);
  };
  EXPECT_TRUE(is_plain("❯ hi\n\n● Done.\n\n✻ Cooked for 3s\n\n"));
  EXPECT_TRUE(is_plain("❯ hi\n\n● Done.\n\n✻ Cooked for 3s\n  ⎿  Tip: use /fast\n\n"));
  EXPECT_TRUE(is_plain("❯ hi\n\n● Done.\n\n  3 tasks (1 done, 2 open)\n  ✔ a\n  ◻ b\n\n"));
  EXPECT_TRUE(is_plain("❯ hi\n\n\n● Done.\n\n")) << "blank rows say nothing";
  EXPECT_TRUE(is_plain("❯ hi\n\n● Done.\n\n╭────────╮\n│ a tip  │\n╰────────╯\n\n"));
  EXPECT_TRUE(is_plain("❯ hi\n\n● Done.\n✻ Cooked for 3s\n\n")) << "without a blank row";
  EXPECT_TRUE(is_plain("❯ hi\n\n● Done.\n\n✻ Cooked for 3s\n     and more\n\n"));
  EXPECT_FALSE(is_plain("❯ hi\n\n● Done.\n  And more.\n\n"));
  EXPECT_FALSE(is_plain("❯ ho\n\n● Done.\n\n"));
  EXPECT_FALSE(
      is_same_below("❯ hi\n\n✻ Cooked for 3s\n\n● One.\n\n" + ended, "❯ hi\n\n✻ Cooked for 3s\n\n● Two.\n\n" + ended));
}

TEST(ConversationShown, BeginsBelowTheProgramsHeader) {
  for (const char* header :
       {"▐▛███▜▌   Claude Code v2.0.47\n▝▜█████▛▘  Sonnet 4.5\n", "▀███▜▌   Claude Code v2.0.47\n",
        "▟███▜▌   Claude Code v2.0.47\n", "╭─── Claude Code v2.0.47 ───╮\n│ Tips  │\n╰───────────────────╯\n",
        "│ ✻ Welcome to Claude Code! │\n"}) {
    EXPECT_TRUE(is_same_below("● words of a run before\n" + std::string(header) + "\n" + ended,
                              "● other words\n" + std::string(header) + "\n" + ended))
        << header;
  }
  EXPECT_FALSE(is_same_below("● words\n\nsee Claude Code v2.0.47\n\n" + ended,
                             "● other words\n\nsee Claude Code v2.0.47\n\n" + ended));
  EXPECT_FALSE(is_same_below("● words\n\n▐▛ of another program\n\n" + ended,
                             "● other words\n\n▐▛ of another program\n\n" + ended));
}

// Codex's signs that are words stand behind a blank row; right below others they are their rest.
TEST(ConversationShown, DistinguishesCodexsGlyphsFromWrappedWords) {
  const auto is_plain = [](const std::string& earlier) {
    const std::string refused = "\n\n› x\n\n■ You’ve hit your usage limit. Try again at 8:00 PM.";
    return is_same_on(codex_screen("› hi\n\n• Done." + refused), codex_screen(earlier + refused));
  };
  EXPECT_TRUE(is_plain("› hi\n\n• Done.\n\n/status"));
  EXPECT_TRUE(is_plain("› hi\n\n• Done.\n\n  Worked for 3s"));
  EXPECT_FALSE(is_plain("› hi\n\n• Done. It has\n  worked for 3s"));
}

TEST(ConversationShown, OfUnrecognisedScreensIsTheirLastRows) {
  const auto plain = [](const std::string& above, const std::string& word) {
    return above + "\nA row that is longer than any other one on this small screen\n" + word +
           "\nThree\nYou've hit your limit · resets 8pm\nFive\n";
  };
  EXPECT_TRUE(is_same_on(plain("something", "Two"), plain("another thing", "Two"))) << "above the last five";
  EXPECT_FALSE(is_same_on(plain("something", "Two"), plain("something", "2")));
}

TEST(Message, IsThereUnderAVeto) {
  const auto same = message(ended);
  EXPECT_FALSE(same.empty());
  EXPECT_EQ(message(ended + "\n● API Error: 500 Internal server error.\n"), same);
  EXPECT_EQ(message("❯ x\n\n● API Error: 500 Internal server error.\n" + banner), same);
}

TEST(Message, EndsWithItsResetWhereTheRuleHasOne) {
  const std::string spend = "❯ x\n  ⎿ \u00a0You've hit your monthly spend limit · your session limit resets ";
  EXPECT_NE(message(spend + "3pm\n"), message(spend + "4pm\n")) << "another limit's time is words";
}

TEST(Explained, EachRuleThatDoesNotDecideSaysWhich) {
  const auto reasons = [](const std::string& text) {
    std::string all;
    for (const auto& finding : judge().explain(text).findings) {
      all += (finding.decided ? "*" : "") + finding.rule + ": " + finding.reason + "\n";
    }
    return all;
  };
  EXPECT_EQ(reasons(claude_screen(ended + "\n● API Error: 500 Internal server error.\n")),
            "limit-banner: refused: server-error decides\n"
            "*server-error: a server error vetoes the turn\n");
  EXPECT_EQ(reasons(claude_screen(ended + "\n● I go on.\n")), "limit-banner: refused: the session went on below it\n");
  EXPECT_EQ(reasons(claude_screen(ended + "\n● Usage limit reset · continuing automatically\n")),
            "limit-banner: refused: a message below says that it is over\n"
            "*limit-reset: the last live word\n");
  EXPECT_EQ(reasons(claude_screen(ended + "\n● Please run /login\n")),
            "limit-banner: refused: something else is said below it\n"
            "*auth: the last live word\n");
  EXPECT_EQ(reasons(claude_screen(ended)), "*limit-banner: the last live word on a limit\n");
}

TEST(Explained, PointsAtTheRowOfAWrappedMatch) {
  const auto explanation =
      judge().explain(claude_screen("❯ x\n\n● Bash(ls)\n  ⎿  a\n\n● Teammate @db failed:\n  You've hit your limit · "
                                    "resets 8pm\n"));
  ASSERT_FALSE(explanation.findings.empty());
  EXPECT_EQ(explanation.findings.back().row, 6U);
  EXPECT_EQ(explanation.findings.back().column, 3U);
}

TEST(Explained, AMenuIsShownAtItsFirstWords) {
  const auto explanation =
      judge().explain("● Done.\n\n❯ /rate-limit-options\n" + across() +
                      "\n What do you want to do?\n\n   1. Upgrade your plan\n ❯ 2. Stop and wait for limit "
                      "to reset\n\n Enter to confirm · Esc to cancel\n");
  ASSERT_EQ(explanation.findings.size(), 1U);
  EXPECT_EQ(explanation.reading.row, 6U);
}

}  // namespace
}  // namespace quotawatch::shown
