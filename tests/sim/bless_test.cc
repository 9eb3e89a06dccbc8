// Blessing: corrects the expectations and changes no other byte.
#include <gtest/gtest.h>

#include <filesystem>

#include "sim/replay/replay.h"
#include "tests/judge/rules/judges.h"

namespace quotawatch::sim {
namespace {

const std::string blessed_story = R"(quotawatch-transcript 1
# what this is about
start 2026-11-23T12:00:00Z
config {"pool":{"dedicated":[{"name":"main"}]},"accounts":[{"name":"a"},{"name":"b"}],"active_account":"a","pack":"seed"}
until 2m

# the banner
@0s screen main 80x24
|429 Too many requests
|   

)";

std::string blessed(const std::string& text) {
  const auto transcript = parse_transcript(text, "file");
  return bless(transcript, replay(transcript, judges()));
}

bool passes(const std::string& text) { return replay(parse_transcript(text, "file"), judges()).passed(); }

std::vector<std::string> lines_without_expectations(const std::string& text) {
  std::vector<std::string> kept;
  for (const auto& line : parse_transcript(text, "file").lines) {
    if (!line.starts_with("expect ")) kept.push_back(line);
  }
  return kept;
}

const std::string right_expectations = R"(expect @30s suspect session=main
expect @60s switch from=a to=b
expect @60s switch_done from=a to=b
)";

TEST(Bless, WritesTheExpectationsThatAreMissing) {
  EXPECT_EQ(blessed(blessed_story), blessed_story + right_expectations);
}

TEST(Bless, LeavesWhatHoldsAsItStands) {
  const std::string text = blessed_story + R"(# at first a suspicion
expect @30s suspect   rule=too-many-requests   session="main"

expect @30s verdict verdict=exhausted
expect @60s switch_done
# then, not in the journal's order,
expect @60s switch pool=0 interactive=1
expect @90s skip reason=cooldown
# the end)";
  EXPECT_TRUE(passes(text));
  EXPECT_EQ(blessed(text), text);
}

TEST(Bless, CorrectsTheFieldsTheAuthorChoseInTheirPlace) {
  const std::string text = blessed_story + R"(expect @30s suspect session=side
# between
expect @60s switch to=c
expect @60s switch_done

# the end
)";
  EXPECT_EQ(blessed(text), blessed_story + R"(expect @30s suspect session=main
# between
expect @60s switch to=b
expect @60s switch_done

# the end
)");
}

TEST(Bless, DropsWhatDidNotHappenAndAddsWhatDid) {
  const std::string text = blessed_story + R"(expect @30s clear
expect @30s suspect
# the second poll
expect @90s switch
expect @120s stale
# the end
)";
  const std::string after = blessed(text);
  EXPECT_EQ(after, blessed_story + R"(expect @30s suspect
expect @60s switch from=a to=b
expect @60s switch_done from=a to=b
# the second poll
# the end
)");
}

TEST(Bless, PutsWhatCameBeforeAllExpectationsBeforeThem) {
  const std::string text = blessed_story + "# expectations\nexpect @60s switch\nexpect @60s switch_done\n";
  EXPECT_EQ(blessed(text), blessed_story +
                               "# expectations\nexpect @30s suspect session=main\nexpect @60s switch\n"
                               "expect @60s switch_done\n");
}

TEST(Bless, OfATextWithoutALastNewlineOrAnEmptyLine) {
  std::string text = blessed_story;
  while (text.back() == '\n') text.pop_back();
  const std::string after = blessed(text);
  EXPECT_TRUE(passes(after));
  EXPECT_EQ(after, text + "\n\n" + right_expectations.substr(0, right_expectations.size() - 1));
}

TEST(Bless, OfATranscriptInWhichNothingIsDecidedChangesNothing) {
  const std::string text = "quotawatch-transcript 1\nstart 2026-11-23T12:00:00Z\nuntil 10m";
  EXPECT_EQ(blessed(text), text);
}

TEST(Bless, QuotesWhatNeedsQuotes) {
  const std::string text = R"(quotawatch-transcript 1
start 2026-11-23T12:00:00Z
config {"pool":{"dedicated":[{"name":"two \"words\" = é"}]},"active_account":"my account","pack":"seed"}
until 1m

@0s switcher fail the hook = says "no"
@0s screen "two \"words\" = é" 80x24
|429 Too many requests

)";
  const std::string after = blessed(text);
  EXPECT_TRUE(passes(after));
  EXPECT_EQ(after, text + R"(expect @30s suspect session="two \"words\" = é"
expect @60s switch from="my account" to=
expect @60s switch_failed why="the hook = says \"no\"" retry_at=2026-11-23T12:01:30Z
)");
}

TEST(Bless, OfEveryFixtureStrippedOfItsExpectationsPasses) {
  std::size_t decided = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(FIXTURES)) {
    if (entry.path().extension() != ".transcript") continue;
    auto transcript = load_transcript(entry.path().string());
    std::erase_if(transcript.lines, [](const auto& line) { return line.starts_with("expect "); });
    const std::string stripped = print_transcript(transcript);
    const auto bare = parse_transcript(stripped, entry.path().string());
    const auto first = bless(bare, replay(bare, judges()));
    const auto again = parse_transcript(first, entry.path().string());
    const auto result = replay(again, judges());
    EXPECT_TRUE(result.mismatches.empty()) << entry.path();
    EXPECT_EQ(bless(again, result), first) << entry.path();
    decided += again.expectations.size();
  }
  EXPECT_GT(decided, 0U);
}

TEST(Bless, OfSpoiltExpectationsTouchesNothingElse) {
  const std::vector<std::string> spoilt{
      blessed_story + "expect @30s switch\n# a\n\nexpect @120s switch_failed why=x\n",
      blessed_story + "expect @30s suspect session=x\nexpect @30s suspect\nexpect @60s switch\n",
      "# before\nexpect @60s clear\n# after\n\n"};
  for (auto text : spoilt) {
    if (text[0] == '#') text = blessed_story + text;
    const std::string after = blessed(text);
    EXPECT_TRUE(passes(after)) << after;
    EXPECT_EQ(blessed(after), after);
    EXPECT_EQ(lines_without_expectations(after), lines_without_expectations(text));
  }
}

}  // namespace
}  // namespace quotawatch::sim
