// What the built-in packs make of screens: who may say what where, which word counts.
#include <gtest/gtest.h>

#include "quotawatch/judge.h"
#include "tests/judge/screen/agent_screens.h"

namespace quotawatch {
namespace {

Judge& judge() {
  static Judge judge(load_packs("auto"));
  return judge;
}

// "exhausted limit-banner", "clear".
std::string said(const std::string& text) {
  const Reading reading = judge().read(text);
  EXPECT_EQ(judge().explain(text).reading.verdict, reading.verdict) << text;
  return std::string(verdict_name(reading.verdict)) + (reading.rule.empty() ? "" : " " + reading.rule);
}

const std::string limit_text = "You've hit your limit · resets 8pm (Europe/Paris)";
const std::string limit_row = "  ⎿ \u00a0" + limit_text + "\n";

TEST(WhoSpeaks, TheProgramWhereItWrites) {
  EXPECT_EQ(said(claude_screen("❯ x\n" + limit_row)), "exhausted limit-banner");
  EXPECT_EQ(said(claude_screen("❯ x\n\n● " + limit_text + "\n")), "exhausted limit-banner");
  EXPECT_EQ(said(claude_screen("❯ x\n\n" + limit_text + "\n")), "exhausted limit-banner");
  EXPECT_EQ(said(claude_screen("❯ x\n\n● Bash(ls)\n  ⎿  a\n" + limit_row)), "exhausted limit-banner");
  EXPECT_EQ(said(claude_screen("❯ x\n\n● Teammate @db failed: " + limit_text + "\n")), "exhausted teammate-limit");
  EXPECT_EQ(said(codex_screen("› x\n\n■ You’ve hit your usage limit. Try again at 8:00 PM.\n")),
            "exhausted usage-limit");
}

TEST(WhoSpeaks, QuotedAndToolTextIsNotTheProgramsOwn) {
  for (const std::string& conversation : std::vector<std::string>{
           "❯ " + limit_text + "\n",
           "❯ look:\n\n  " + limit_text + "\n",
           "❯ x\n\n● Bash(cat log)\n" + limit_row,
           "❯ x\n\n! cat log\n" + limit_row,
           "❯ x\n\n● The pane says:\n\n  " + limit_text + "\n",
           "❯ x\n\n● You've hit your limit when the pane shows it.\n",
           "❯ x\n\n● " + limit_text + " is what it looks for.\n",
           "❯ x\n\n● \"" + limit_text + "\"\n",
           "❯ x\n\n●   ▎ " + limit_text + "\n",
           "❯ x\n\n● " + limit_text + "\n\n  That is the text.\n",
           "❯ x\n\n● Bash(git diff)\n  ⎿  12 + a\n     13 + " + limit_text + "\n",
       }) {
    EXPECT_EQ(said(claude_screen(conversation)), "clear") << conversation;
  }
  EXPECT_EQ(said(claude_screen({"❯ x\n\n● Done.\n", "", limit_text, "  ⏵⏵ mode\n"})), "clear") << "a draft";
  EXPECT_EQ(said(codex_screen("› x\n\n• You've hit your usage limit. Try again at 8:00 PM.\n")), "clear");
  EXPECT_EQ(said(codex_screen("› x\n\n• Ran cat log\n  └ You've hit your usage limit.\n")), "clear");
  EXPECT_EQ(said(gemini_screen(" > x\n\n╭────────────╮\n│ ✓  Shell cat log │\n"
                               "│ Usage limit reached for all Pro models. │\n╰────────────╯\n")),
            "clear");
  EXPECT_EQ(said("$ cat log\n" + limit_text + "\n$ \n"), "clear");
}

TEST(WhichWordCounts, TheLastLiveOne) {
  EXPECT_EQ(said(claude_screen("❯ x\n" + limit_row + "\n● I go on.\n")), "clear");
  EXPECT_EQ(said(claude_screen("❯ x\n" + limit_row + "\n❯ again\n")), "clear");
  EXPECT_EQ(said(claude_screen("❯ x\n" + limit_row + "\n❯ /usage\n")), "exhausted limit-banner");
  EXPECT_EQ(said(claude_screen("❯ x\n" + limit_row +
                               "     /upgrade to increase your usage limit.\n\n"
                               "✻ Cooked for 0s · done 8:52 PM\n")),
            "exhausted limit-banner");
  EXPECT_EQ(said(claude_screen("❯ x\n" + limit_row +
                               "\n✻ Mulling… (esc to interrupt)\n\n  3 tasks (1 done, "
                               "2 open)\n  ✔ a\n  ◻ b\n")),
            "exhausted limit-banner")
      << "a spinner can stay while limited";
  EXPECT_EQ(said(claude_screen("❯ x\n" + limit_row + "     Retrying in 4 seconds… (attempt 1/10)\n")),
            "throttled transient-throttle")
      << "it is busy";
  EXPECT_EQ(said(claude_screen("❯ x\n" + limit_row + "\n● Usage limit reset · continuing automatically\n")),
            "clear limit-reset");
  EXPECT_EQ(said(claude_screen({"❯ x\n" + limit_row,
                                "      Your usage limit has reset · press enter to "
                                "continue\n",
                                "", "  ⏵⏵ mode\n"})),
            "clear limit-reset");
}

TEST(WhichWordCounts, AServerErrorVetoesItsOwnTurn) {
  const std::string error = "● API Error: 500 Internal server error. Try again.\n";
  EXPECT_EQ(said(claude_screen("❯ x\n\n" + error + "\n" + limit_row)), "server_error server-error");
  EXPECT_EQ(said(claude_screen("❯ x\n" + limit_row + "\n" + error)), "server_error server-error");
  EXPECT_EQ(said(claude_screen("❯ w\n\n" + error + "\n❯ x\n" + limit_row)), "exhausted limit-banner");
  EXPECT_EQ(said(claude_screen("❯ w\n" + limit_row + "\n❯ x\n\n" + error)), "server_error server-error");
  EXPECT_EQ(said(claude_screen("❯ x\n\n● Bash(tail log)\n  ⎿  API Error: 500 x\n" + limit_row)),
            "exhausted limit-banner")
      << "what a tool prints vetoes nothing";
}

TEST(WhichWordCounts, TheRuleThatKnowsMoreNamesTheLimit) {
  const std::string screen =
      claude_screen({"❯ x\n  ⎿ \u00a0You've hit your 5-hour limit · resets 12am (Europe/Paris)\n\n"
                     "● Usage limit reached · set to continue automatically at 12am\n",
                     "", "", "  ⚠ Usage limit reached · limit resets 12am\n    Continuing automatically at 12am\n"});
  const Reading reading = judge().read(screen);
  EXPECT_EQ(reading.rule, "session-limit");
  EXPECT_EQ(reading.row, 2U);
  ASSERT_TRUE(reading.reset && reading.reset->zone);
  EXPECT_EQ(reading.reset->zone->name(), "Europe/Paris");
  EXPECT_EQ(reading.window, Milliseconds{std::chrono::hours{5}});
}

TEST(Regions, MenusFootersAndNotices) {
  const std::string menu =
      " What do you want to do?\n\n   1. Upgrade your plan\n ❯ 2. Stop and wait for limit "
      "to reset\n\n Enter to confirm · Esc to cancel\n";
  EXPECT_EQ(said("● Done.\n\n❯ /rate-limit-options\n" + across() + menu), "exhausted limit-menu");
  EXPECT_EQ(said("▔▔▔▔▔▔▔▔▔▔▔▔\n" + menu), "exhausted limit-menu");
  ClaudeParts parts{"❯ x\n\n● Done.\n",
                    "                    You've used 92% of your 5-hour limit · resets "
                    "12am\n",
                    "", "  ⏵⏵ mode\n"};
  EXPECT_EQ(said(claude_screen(parts)), "warning limit-warning");
  parts.notice = "        You're now using usage credits · Your 5-hour limit resets 12am (Europe/Paris)\n";
  EXPECT_EQ(said(claude_screen(parts)), "clear extra-usage");
  parts.notice = "";
  parts.footer = "  ⏵⏵ bypass permissions on (shift+t… You've used 92% of your limit · resets 12…\n";
  EXPECT_EQ(said(claude_screen(parts)), "warning limit-warning") << "two columns in one row";
  parts.footer =
      "  ⏵⏵ bypass permissions on     5-hour limit reached, now\n"
      "  (shift+tab to cycle)         using extra usage\n";
  EXPECT_EQ(said(claude_screen(parts)), "clear extra-usage") << "two columns in two rows";
  parts.footer = "  ⚠ Usage limit reached · limit resets 12am\n    Continuing automatically at 12am\n";
  EXPECT_EQ(said(claude_screen(parts)), "exhausted auto-continue");
}

TEST(Scope, AModelsLimitIsMarked) {
  const auto scope = [](const std::string& words) {
    return judge().read(claude_screen("❯ x\n  ⎿ \u00a0" + words + "\n")).scope;
  };
  EXPECT_EQ(scope("You've hit your Opus limit · resets 3pm"), LimitScope::model);
  EXPECT_EQ(scope("Opus weekly limit reached ∙ resets 3pm"), LimitScope::model);
  EXPECT_EQ(scope("You've hit your weekly limit · resets 3pm"), LimitScope::account);
}

TEST(Counts, TransientThrottlesNever) {
  const auto counts = [](const std::string& words) {
    return judge().read(claude_screen("❯ x\n\n● " + words + "\n")).counts;
  };
  EXPECT_FALSE(counts("API Error: Server is temporarily limiting requests (not your usage limit_text) · x"));
  EXPECT_FALSE(counts("API Error: Rate limit reached"));
  EXPECT_TRUE(
      counts("API Error: Request rejected (429) · This request would exceed your account's "
             "rate limit. Please try again later."));
}

TEST(Resets, ASpendLimitEndsWithTheLimitThatItNames) {
  const auto reading =
      judge().read(claude_screen("❯ x\n  ⎿ \u00a0You've hit your monthly spend limit · your session limit "
                                 "resets 3pm\n"));
  EXPECT_EQ(reading.rule, "spend-limit");
  ASSERT_TRUE(reading.reset);
  EXPECT_EQ(reading.reset->text, "3pm") << "the session is back then";
}

TEST(Unrecognised, WordsThatFitNoRuleAreReportedNotGuessed) {
  const auto near = [](const std::string& conversation) {
    const Reading reading = judge().read(claude_screen(conversation));
    EXPECT_EQ(reading.verdict, Verdict::clear) << conversation;
    return reading.unrecognised;
  };
  EXPECT_EQ(near("❯ x\n  ⎿ \u00a0Your plan's allowance is exhausted\n"), "Your plan's allowance is exhausted");
  EXPECT_EQ(near("❯ x\n\n● Your quota was used up.\n"), "Your quota was used up.");
  EXPECT_EQ(near("❯ x\n  ⎿ \u00a0Your plan's allowance is exhausted\n\n● I go on.\n"), "");
  EXPECT_EQ(near("❯ x\n\n● Bash(x)\n  ⎿ \u00a0Your plan's allowance is exhausted\n"), "");
  EXPECT_EQ(near("❯ x\n\n● Your quota was used up.\n\n  So says the log.\n"), "");
  EXPECT_EQ(judge().read(claude_screen("❯ x\n" + limit_row)).unrecognised, "");
}

TEST(Reading, OfASilentScreenIsAlwaysTheSame) {
  const Reading one = judge().read(claude_screen("❯ x\n\n● Done.\n"));
  const Reading two = judge().read("at work\n");
  EXPECT_EQ(one, two);
  EXPECT_FALSE(one.limit);
  EXPECT_EQ(one.context, Context::unread);
}

TEST(Reading, ShowsTheSameHoweverItIsDrawn) {
  const auto shown = [](const std::string& text) { return *judge().read(text).limit; };
  const std::string before = "❯ hi\n\n● Done.\n\n";
  const auto still = shown(claude_screen(before + "❯ x\n" + limit_row));
  EXPECT_EQ(shown(claude_screen(before + "❯ x\n" + limit_row + "\n✻ Mulling… 3s\n  ⎿  Tip: y\n")), still);
  EXPECT_EQ(shown(claude_screen({before + "❯ x\n" + limit_row, "            notice\n", "draft", "  other\n"})), still);
  EXPECT_EQ(shown(claude_screen(before + "❯ x\n  ⎿ \u00a0You've hit your limit · resets\n"
                                         "     8pm (Europe/Paris)\n")),
            still)
      << "another width";
  EXPECT_EQ(shown(claude_screen(before + "❯ x\n" + limit_row +
                                "     /upgrade to increase your usage limit.\n\n"
                                "● Usage limit reached · set to continue automatically at 8pm\n")),
            still)
      << "more about the same limit";
  EXPECT_EQ(shown(claude_screen(before + "❯ x\n" + limit_row + "\n❯ /usage\n  ⎿  dismissed\n")), still)
      << "only a question";
  const auto is_still = [&](const std::string& rows) { return is_same(still, shown(claude_screen(rows))); };
  EXPECT_FALSE(is_still(before + "❯ x\n" + limit_row + "\n❯ x\n" + limit_row)) << "the same again is new";
  EXPECT_FALSE(is_still(before + "❯ y\n" + limit_row));
  EXPECT_FALSE(is_still("❯ x\n" + limit_row)) << "too little to decide";
  EXPECT_TRUE(is_still("● Done.\n\n❯ x\n" + limit_row)) << "scrolled further";
}

TEST(Reading, IsAboutTheSameMessageWhateverHintsFollowItsReset) {
  const auto message = [](const std::string& rows) {
    return judge().read(claude_screen("❯ x\n  ⎿ \u00a0" + rows)).limit->message;
  };
  const auto same = message(limit_text + "\n");
  EXPECT_EQ(message(limit_text + " · /upgrade to Max\n"), same);
  EXPECT_EQ(message(limit_text + "\n     /upgrade to Max\n"), same);
  EXPECT_NE(message("You've hit your limit · resets 9pm (Europe/Paris)\n"), same);
  EXPECT_NE(message("You've hit your weekly limit · resets 8pm (Europe/Paris)\n"), same);
}

TEST(Reading, ShowsWhatAPromptLongerThanAnyBannerSaysAtItsEnd) {
  std::string prompt = "❯ many words\n";
  for (int i = 0; i < 40; ++i) prompt += "  and more of them in each of many rows\n";
  const auto shown = [&](const std::string& end) {
    return judge().read(claude_screen(prompt + end + limit_row)).limit->conversation;
  };
  EXPECT_NE(shown("  until tests pass\n"), shown("  until main is green\n"));
  EXPECT_EQ(shown("  until tests pass\n"), shown("  until\n  tests pass\n"));
}

TEST(Explain, PointsAtRowAndColumnAndSaysWhyNot) {
  const std::string screen =
      claude_screen("❯ x\n\n● Bash(cat log)\n  ⎿  " + limit_text + "\n  ⎿  " + limit_text + "\n");
  const Explanation explanation = judge().explain(screen);
  EXPECT_EQ(explanation.pack, "claude-code");
  ASSERT_EQ(explanation.findings.size(), 2U);
  EXPECT_EQ(explanation.findings[0].reason, "refused: a tool call, or what it printed");
  EXPECT_EQ(explanation.findings[0].row, 4U);
  EXPECT_TRUE(explanation.findings[1].decided);
  EXPECT_EQ(explanation.findings[1].row, 5U);
  EXPECT_EQ(explanation.findings[1].column, 6U);
}

}  // namespace
}  // namespace quotawatch
