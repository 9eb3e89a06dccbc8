// What a session shows and which message it has, as far as rule A3 asks: equal for all ways to
// draw the same, and different once anything was said. And the reasons that `explain` gives.
#include <gtest/gtest.h>

#include "agent_screens.h"
#include "quotawatch/judge.h"

namespace quotawatch::shown {
namespace {

Judge& judge() {
  static Judge judge(load_packs("auto"));
  return judge;
}

Fingerprint shown_by(const std::string& conversation) {
  return judge().read(claude_screen(conversation)).shown;
}
Fingerprint message(const std::string& conversation) {
  return judge().read(claude_screen(conversation)).message;
}

const std::string banner = "  ⎿ \u00a0You've hit your limit · resets 8pm (Europe/Paris)\n";
const std::string ended = "❯ x\n" + banner;

TEST(Shown, IsTheSameForAllScreensWithoutALimit) {
  EXPECT_EQ(shown_by("❯ x\n\n● The limit of the upload is 5 MB.\n"), shown_by("❯ y\n\n● Done.\n"));
}

TEST(Shown, ChangesWithWhatTheProgramSaysBelowTheLimit) {
  EXPECT_NE(shown_by(ended + "\n● Conversation saved to notes.txt\n"), shown_by(ended));
  EXPECT_NE(shown_by("❯ x\n\n● Done.\n" + banner), shown_by("❯ x\n\n● Done, too.\n" + banner));
  EXPECT_NE(shown_by("❯ x\n  ⎿ \u00a0Reading 3 files\n" + banner), shown_by(ended));
}

TEST(Shown, LeavesOutWhatComesBelowALimitByItself) {
  EXPECT_EQ(shown_by(ended + "     /upgrade to increase your usage limit.\n"), shown_by(ended));
  EXPECT_EQ(shown_by(ended + "\n● 2 background tasks still run\n"), shown_by(ended));
  EXPECT_EQ(shown_by(ended + "  ⎿ \u00a0/usage-credits to request more\n"), shown_by(ended));
}

TEST(Shown, KeepsAPathThatAPersonOrTheModelNames) {
  EXPECT_NE(shown_by("❯ x\n\n● /etc/hosts is missing.\n" + banner), shown_by(ended));
  EXPECT_NE(shown_by("❯ x\n\n● You've hit your limit is what it says.\n" + banner), shown_by(ended))
      << "words about a limit are left out where a rule fits them, only";
}

TEST(Shown, LeavesOutCommandsThatTheProgramAnswersItself) {
  EXPECT_EQ(shown_by(ended + "\n❯ /usage\n  ⎿ \u00a0dismissed\n"), shown_by(ended));
  EXPECT_EQ(shown_by(ended + "\n❯ /usage\n  ⎿ \u00a0dismissed\n\n❯ /status\n  ⎿ \u00a0gone\n"),
            shown_by(ended));
}

TEST(Shown, LeavesSignsOfLifeOutOfEarlierTurnsToo) {
  const auto after = [](const std::string& earlier) { return shown_by(earlier + ended); };
  const auto plain = after("❯ hi\n\n● Done.\n\n");
  EXPECT_EQ(after("❯ hi\n\n● Done.\n\n✻ Cooked for 3s\n\n"), plain);
  EXPECT_EQ(after("❯ hi\n\n● Done.\n\n✻ Cooked for 3s\n  ⎿  Tip: use /fast\n\n"), plain);
  EXPECT_EQ(after("❯ hi\n\n● Done.\n\n  3 tasks (1 done, 2 open)\n  ✔ a\n  ◻ b\n\n"), plain);
  EXPECT_EQ(after("❯ hi\n\n\n● Done.\n\n"), plain) << "blank rows say nothing";
  EXPECT_EQ(after("❯ hi\n\n● Done.\n\n╭────────╮\n│ a tip  │\n╰────────╯\n\n"), plain);
  EXPECT_NE(after("❯ hi\n\n● Done.\n  ⎿ \u00a0and more\n\n"), plain);
  EXPECT_NE(after("❯ hi\n\n● Done.\n  And more.\n\n"), plain);
  EXPECT_NE(after("❯ ho\n\n● Done.\n\n"), plain);
  EXPECT_EQ(after("❯ hi\n\n● Done.\n✻ Cooked for 3s\n\n"), plain) << "without a blank row";
  EXPECT_EQ(after("❯ hi\n\n● Done.\n\n✻ Cooked for 3s\n     and more\n\n"), plain);
  EXPECT_NE(after("❯ hi\n\n✻ Cooked for 3s\n\n● One.\n\n"),
            after("❯ hi\n\n✻ Cooked for 3s\n\n● Two.\n\n"));
}

TEST(Shown, LeavesOutTheProgramsHeader) {
  for (const char* header : {"▐▛███▜▌   Claude Code v2.0.47\n▝▜█████▛▘  Sonnet 4.5\n",
                             "▀███▜▌   Claude Code v2.0.47\n", "▟███▜▌   Claude Code v2.0.47\n",
                             "╭─── Claude Code v2.0.47 ───╮\n│ Tips  │\n╰───────────────────╯\n",
                             "│ ✻ Welcome to Claude Code! │\n"}) {
    EXPECT_EQ(shown_by("words of a shell\n" + std::string(header) + "\n" + ended),
              shown_by("other words\n" + std::string(header) + "\n" + ended))
        << header;
  }
  EXPECT_NE(shown_by("words\n\nsee Claude Code v2.0.47\n\n" + ended),
            shown_by("other words\n\nsee Claude Code v2.0.47\n\n" + ended));
  EXPECT_NE(shown_by("words\n\n▐▛ of another program\n\n" + ended),
            shown_by("other words\n\n▐▛ of another program\n\n" + ended));
}

// Codex's signs that are words stand behind a blank row; right below others they are their rest.
TEST(Shown, TellsCodexsSignsFromWrappedWords) {
  const auto after = [](const std::string& earlier) {
    return judge()
        .read(codex_screen(earlier + "\n\n› x\n\n■ You’ve hit your usage limit. Try again at "
                                     "8:00 PM."))
        .shown;
  };
  const auto plain = after("› hi\n\n• Done.");
  EXPECT_EQ(after("› hi\n\n• Done.\n\n/status"), plain);
  EXPECT_EQ(after("› hi\n\n• Done.\n\n  Worked for 3s"), plain);
  EXPECT_NE(after("› hi\n\n• Done. It has\n  worked for 3s"), plain);
  EXPECT_NE(after("› hi\n\n■ It stands in\n/etc/hosts"), after("› hi\n\n■ It stands in"));
}

TEST(Shown, OfScreensOfNobodyIsTheirLastRows) {
  const auto plain = [](const std::string& above, const std::string& word) {
    return judge()
        .read(above + "\nA row that is longer than any other one on this small screen\n" + word +
              "\nThree\nYou've hit your limit · resets 8pm\nFive\n")
        .shown;
  };
  EXPECT_EQ(plain("something", "Two"), plain("another thing", "Two")) << "above the last five";
  EXPECT_NE(plain("something", "Two"), plain("something", "2"));
}

TEST(Message, IsThereUnderAVeto) {
  const auto same = message(ended);
  EXPECT_FALSE(same.empty());
  EXPECT_EQ(message(ended + "\n● API Error: 500 Internal server error.\n"), same);
  EXPECT_EQ(message("❯ x\n\n● API Error: 500 Internal server error.\n" + banner), same);
}

TEST(Message, EndsWithItsResetWhereTheRuleHasOne) {
  const std::string spend =
      "❯ x\n  ⎿ \u00a0You've hit your monthly spend limit · your session limit resets ";
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
  EXPECT_EQ(reasons(claude_screen(ended + "\n● I go on.\n")),
            "limit-banner: refused: the session went on below it\n");
  EXPECT_EQ(reasons(claude_screen(ended + "\n● Usage limit reset · continuing automatically\n")),
            "limit-banner: refused: a message below says that it is over\n"
            "*limit-reset: the last live word\n");
  EXPECT_EQ(reasons(claude_screen(ended + "\n● Please run /login\n")),
            "limit-banner: refused: something else is said below it\n"
            "*auth: the last live word\n");
  EXPECT_EQ(reasons(claude_screen(ended)), "*limit-banner: the last live word on a limit\n");
}

TEST(Explained, PointsAtTheRowOfAWrappedMatch) {
  const auto explanation = judge().explain(claude_screen(
      "❯ x\n\n● Bash(ls)\n  ⎿  a\n\n● Teammate @db failed:\n  You've hit your limit · "
      "resets 8pm\n"));
  ASSERT_FALSE(explanation.findings.empty());
  EXPECT_EQ(explanation.findings.back().row, 6U);
  EXPECT_EQ(explanation.findings.back().column, 3U);
}

TEST(Explained, AMenuIsShownAtItsFirstWords) {
  const auto explanation = judge().explain(
      "● Done.\n\n❯ /rate-limit-options\n" + across() +
      "\n What do you want to do?\n\n   1. Upgrade your plan\n ❯ 2. Stop and wait for limit "
      "to reset\n\n Enter to confirm · Esc to cancel\n");
  ASSERT_EQ(explanation.findings.size(), 1U);
  EXPECT_EQ(explanation.reading.row, 6U);
}

}  // namespace
}  // namespace quotawatch::shown
