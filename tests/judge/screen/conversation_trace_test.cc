// How a conversation is recognised when it is drawn again (rule A3).
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "quotawatch/verdict.h"
#include "tests/judge/rules/judges.h"

namespace quotawatch {
namespace {

using Parts = std::vector<std::uint64_t>;

ConversationTrace whole(Parts parts) { return {std::move(parts), true, false}; }
ConversationTrace tail(Parts parts) { return {std::move(parts), false, false}; }
ConversationTrace block(std::uint64_t part) { return {{part}, true, true}; }

TEST(ConversationTraces, AreTheSameWhereTheVisiblePartsAgree) {
  EXPECT_TRUE(is_same(tail({1, 2, 3}), tail({1, 2, 3})));
  EXPECT_TRUE(is_same(tail({1, 2, 3}), tail({1, 2}))) << "less is visible";
  EXPECT_TRUE(is_same(tail({1, 2}), tail({1, 2, 3}))) << "more is visible";
  EXPECT_TRUE(is_same(whole({1, 2}), tail({1, 2}))) << "the beginning has scrolled off";
  EXPECT_TRUE(is_same(tail({1, 2}), whole({1, 2}))) << "and is back";
  EXPECT_TRUE(is_same(tail({}), tail({})));
}

TEST(ConversationTraces, DifferWhereOneGoesOnOrBeganOtherwise) {
  EXPECT_FALSE(is_same(tail({1, 2, 3}), tail({4, 1, 2, 3}))) << "another turn";
  EXPECT_FALSE(is_same(whole({1, 2}), whole({1, 2, 3})));
  EXPECT_FALSE(is_same(whole({1, 2, 3}), whole({1, 2})));
  EXPECT_FALSE(is_same(whole({1, 2}), tail({1, 2, 3}))) << "there was nothing above 2";
  EXPECT_FALSE(is_same(tail({1, 2, 3}), whole({1, 2})));
  EXPECT_FALSE(is_same(tail({1}), tail({1, 2}))) << "one part is too little to decide";
  EXPECT_FALSE(is_same(tail({}), tail({1})));
}

TEST(ConversationTraces, ATurnRepeatedInTheSameWordsIsANewOne) {
  EXPECT_FALSE(is_same(tail({1, 1}), tail({1, 1, 1})));
  EXPECT_FALSE(is_same(tail({1, 2, 1, 2}), tail({1, 2, 1, 2, 1, 2})));
  EXPECT_TRUE(is_same(tail({1, 1, 2}), tail({1, 1, 2, 3})));
  EXPECT_TRUE(is_same(tail({1, 1, 1}), tail({1, 1}))) << "what scrolls off at the top is not new";
}

TEST(ConversationTraces, OfPlainScreensHaveToBeEqual) {
  EXPECT_TRUE(is_same(block(1), block(1)));
  EXPECT_FALSE(is_same(block(1), block(2)));
  EXPECT_FALSE(is_same(block(1), whole({1})));
}

// Claude Code 2.1.332 as it drew one conversation: at its limit, taken up again with --continue
// (hints and a note more), and resized.
const std::string at_the_limit =
    "  Line 10 of a long answer, with some words.\n"
    "  Line 11 of a long answer, with some words.\n"
    "\n"
    "✻ Worked for 0s · done 9:02 PM\n"
    "\n"
    "❯ go on\n"
    "  ⎿  You've hit your 5-hour limit · resets 12:10am (Europe/Paris)\n"
    "\n"
    "● Usage limit reached · set to continue automatically at 12:10am\n"
    "\n"
    "❯ again\n"
    "\n"
    "● Usage limit reached again · set to continue automatically at 12:10am\n"
    "  ⎿  You've hit your 5-hour limit · resets 12:10am (Europe/Paris)\n"
    "\n"
    "──────────────────────────────────────────────────────────────────────────\n"
    "❯ \n"
    "──────────────────────────────────────────────────────────────────────────\n"
    "  ⚠ Usage limit reached · limit resets 12:10am\n"
    "    Continuing automatically at 12:10am · Esc to cancel\n"
    "  ⏵⏵ bypass permissions on (shift+tab to cycle)\n";

const std::string taken_up =
    "❯ go on\n"
    "  ⎿  You've hit your 5-hour limit · resets 12:10am (Europe/Paris)\n"
    "     /upgrade to increase your usage limit.\n"
    "\n"
    "● Usage limit reached · set to continue automatically at 12:10am\n"
    "\n"
    "❯ again\n"
    "\n"
    "● Usage limit reached again · set to continue automatically at 12:10am\n"
    "  ⎿  You've hit your 5-hour limit · resets 12:10am (Europe/Paris)\n"
    "     /upgrade to increase your usage limit.\n"
    "\n"
    "● Automatic continue cancelled · Claude Code exited during the wait, so the task will not\n"
    "  resume on its own when the usage limit resets (send a prompt after the reset to continue)\n"
    "──────────────────────────────────────────────────────────────────────────\n"
    "❯ \n"
    "──────────────────────────────────────────────────────────────────────────\n"
    "  ⏵⏵ bypass permissions on (shift+tab to cycle) · ← for agents\n";

class ConversationOnScreen : public testing::Test {
 protected:
  static Reading read(const std::string& screen) { return sim::judges().find("claude-code").read(screen); }
  static bool is_same_as_at_the_limit(const std::string& screen) {
    const auto now = read(screen).limit;
    return now && is_same(*read(at_the_limit).limit, *now);
  }
};

TEST_F(ConversationOnScreen, IsTheSameWhenItIsTakenUpOrResized) {
  EXPECT_TRUE(is_same_as_at_the_limit(taken_up));
  EXPECT_TRUE(is_same_as_at_the_limit("❯ second question\n\n● Line 0 of a long answer.\n\n" + taken_up))
      << "a taller pane";
}

TEST_F(ConversationOnScreen, IsAnotherOnceSomethingWasAskedAnsweredOrDone) {
  const auto below = [](const std::string& rows) {
    std::string screen = taken_up;
    return screen.insert(screen.find("─────"), rows);
  };
  const std::string refused = "  ⎿  You've hit your 5-hour limit · resets 12:10am (Europe/Paris)\n\n";
  EXPECT_FALSE(is_same_as_at_the_limit(below("\n❯ and again\n" + refused)));
  EXPECT_FALSE(is_same_as_at_the_limit(below("\n❯ again\n" + refused)));
  EXPECT_FALSE(is_same_as_at_the_limit(below("\n❯ /work-on 12\n" + refused)));
  EXPECT_FALSE(is_same_as_at_the_limit(below("\n● Bash(make)\n  ⎿  done\n\n" + refused)));
  EXPECT_FALSE(is_same_as_at_the_limit(below("\n❯ ! make\n" + refused)));
  EXPECT_TRUE(is_same_as_at_the_limit(below("\n❯ /usage\n  ⎿  Settings dialog dismissed\n")));
  EXPECT_TRUE(is_same_as_at_the_limit(below("\n❯ /rate-limit-options\n")));
  EXPECT_TRUE(is_same_as_at_the_limit(below("\n❯ /vim\n  ⎿  Editor mode set to vim\n")));
}

TEST_F(ConversationOnScreen, IsHiddenByAShellAndByAProgramThatHasJustStarted) {
  Judge& judge = sim::judges().find("auto");
  EXPECT_EQ(judge.context(at_the_limit), Context::conversation);
  EXPECT_EQ(judge.context("user@host:~$ claude --continue\n"), Context::block);
  const std::string started =
      " ▐▛███▛█   Claude Code v2.1.332\n▝▜██████▀  Sonnet 5.5 · Claude API\n"
      " ▝▝   ▝▝   /home/dev/acme/shop1\n\n"
      "──────────────────────────────────────────────────────────────────────────\n"
      "❯ \n"
      "──────────────────────────────────────────────────────────────────────────\n"
      "  ⏵⏵ bypass permissions on (shift+tab to cycle)\n";
  EXPECT_EQ(judge.context(started), Context::start);
  EXPECT_EQ(sim::judges().find("seed").context(at_the_limit), Context::block);
}

}  // namespace
}  // namespace quotawatch
