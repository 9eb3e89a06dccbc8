// Banners in words that no rule knows: what makes their shape, and what is only like it.
#include "judge/rules/shape.h"

#include <gtest/gtest.h>

#include "judge/rules/separators.h"
#include "quotawatch/judge.h"
#include "tests/judge/screen/agent_screens.h"

namespace quotawatch {
namespace {

Shape of_program(std::string_view text) { return shape_of(text, Voice::program); }
Shape behind_bullet(std::string_view text) { return shape_of(text, Voice::shared); }

TEST(Shape, IsALimitThatIsReachedAndATimeOrARemedyBehindIt) {
  for (const char* text :
       {"Max plan limit reached · resets 8pm (Europe/Paris)", "Credits exhausted · add funds or wait until Dec 1",
        "No usage left this week · resets Mon 8pm", "Usage paused until 8pm",
        "Your team's budget is spent. Ask your admin to raise it.", "Out of usage until Mon 9am",
        "Weekly allowance used (100%). Resets Thu 9am.", "This account is limited until 8pm"}) {
    EXPECT_EQ(of_program(text), Shape::whole) << text;
  }
}

TEST(Shape, WithoutATimeOrARemedyIsAPart) {
  for (const char* text : {"Max plan limit reached", "Your plan's allowance is exhausted", "Plan limit · resets 8pm"}) {
    EXPECT_EQ(of_program(text), Shape::part) << text;
  }
}

TEST(Shape, OfWhatLimitsSomethingElseIsAnother) {
  for (const char* text :
       {"Context limit reached · /compact or /clear to continue", "Disk quota exceeded, upgrade the plan",
        "MCP server search reached its request limit, try again at 8pm", "Image exceeds the 5 MB limit",
        "GitHub API rate limit exceeded · resets at 15:42 UTC", "Tool call limit reached · try again later"}) {
    EXPECT_EQ(of_program(text), Shape::other) << text;
  }
}

TEST(Shape, OfAnAccountThatIsNotOutIsAnother) {
  for (const char* text :
       {"You've used 75% of your weekly limit · resets Thu 9am", "Approaching your weekly limit · resets Thu 9am",
        "You have 12 messages left until 8pm", "Now using Sonnet until your Opus limit resets at 8pm",
        "Your limit has been raised to $100 · resets Dec 1"}) {
    EXPECT_EQ(of_program(text), Shape::other) << text;
  }
}

TEST(Shape, OfWhatIsOnlyTalkedAboutIsNone) {
  for (const char* text :
       {"If the limit is reached, try again at 8pm", "Why was the quota exceeded? /usage",
        "The text \"limit reached · resets 8pm\" is matched", "Rate limit reached. Try again in 20s"}) {
    EXPECT_LE(of_program(text), Shape::mentions) << text;
  }
}

TEST(Shape, OfAnUnknownKindOfLimitIsAPart) {
  EXPECT_EQ(of_program("Notification limit reached · try again at 8pm"), Shape::part);
}

TEST(Shape, BehindABulletIsNothingButABanner) {
  for (const char* text :
       {"Max plan limit reached · resets 8pm (Europe/Paris)", "Your session limit has been reached · resets 8pm",
        "Included usage spent · renews in 3d 4h · /usage-credits to keep going"}) {
    EXPECT_EQ(behind_bullet(text), Shape::whole) << text;
  }
  for (const char* text :
       {"The weekly limit is used up. It resets Thursday at 9am.", "The banner says limit reached · resets 8pm",
        "Limit reached · resets 7pm · /upgrade to Max is what the monitor looks for",
        "I've hit the usage limit · resets 8pm", "Done. Limit reached · resets 7pm"}) {
    EXPECT_EQ(behind_bullet(text), Shape::part) << text;
  }
}

TEST(Shape, NamesTheModelThatIsStopped) {
  EXPECT_TRUE(names_model("Limit reached for Opus 6 · resets Mon 8pm"));
  EXPECT_FALSE(names_model("You've hit your limit for Claude messages"));
}

TEST(Separators, AreNoWording) {
  Judge judge(load_packs("auto"));
  for (const char* between : {" · ", " - ", " – ", " — ", " ∙ ", " | ", ": ", " ("}) {
    const std::string end = std::string_view(between) == " (" ? ")" : "";
    for (const std::string banner : {"You've hit your limit", "Weekly limit reached", "You're out of extra usage"}) {
      const auto reading = judge.read(claude_screen("❯ x\n  ⎿ \u00a0" + banner + between + "resets 8pm" + end + "\n"));
      EXPECT_EQ(reading.verdict, Verdict::exhausted) << banner << between;
      EXPECT_NE(reading.rule, limit_by_shape) << banner << between;
      ASSERT_TRUE(reading.reset) << banner << between;
      EXPECT_EQ(reading.reset->text, "8pm") << banner << between;
    }
  }
}

TEST(Separators, AreExpandedOutsideOfClassesOnly) {
  EXPECT_EQ(with_any_separator("a[^·]b"), "a[^·]b");
  EXPECT_NE(with_any_separator("a · b"), "a · b");
}

}  // namespace
}  // namespace quotawatch
