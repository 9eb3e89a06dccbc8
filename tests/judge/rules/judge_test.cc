// Reading screens with the seed pack: what counts, what decides, what is reported.
#include "quotawatch/judge.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "quotawatch/pack.h"

namespace quotawatch {
namespace {

Judge& seed() {
  static Judge judge(load_pack("seed"));
  return judge;
}

// A phrase of each rule of the seed, in its list's order.
const std::vector<std::pair<std::string, std::string>> exhausted_rules{
    {"hit-your-limit", "You've hit your limit"},
    {"rate-limit-error", "{\"type\":\"rate_limit_error\"}"},
    {"quota-exceeded", "Quota exceeded."},
    {"usage-limit-reached", "Claude usage limit reached."},
    {"claude-pro-usage", "Claude Pro usage is at its end"},
    {"too-many-requests", "429 Too Many Requests"},
    {"five-hour-limit", "the 5-hour limit"}};
const std::vector<std::pair<std::string, std::string>> error_rules{{"api-error-type", "{\"type\":\"api_error\"}"},
                                                                   {"overloaded-error-type", "overloaded_error"},
                                                                   {"internal-server-error", "Internal Server Error"},
                                                                   {"api-error-5xx", "API Error: 529"}};

std::string upper(std::string text) {
  for (auto& character : text) {
    if (character >= 'a' && character <= 'z') character = static_cast<char>(character - 'a' + 'A');
  }
  return text;
}

TEST(SeedRules, AreTheSeedsTwoLists) {
  ASSERT_EQ(seed().packs().front().rules.size(), exhausted_rules.size() + error_rules.size());
  EXPECT_EQ(seed().packs().front().tail, 3U);
}

TEST(SeedRules, EachMatchesOnItsOwnWhateverTheCase) {
  for (const auto& [id, text] : exhausted_rules) {
    for (const auto& shown : {text, upper(text)}) {
      const Reading reading = seed().read("  " + shown + " \n");
      EXPECT_EQ(reading.verdict, Verdict::exhausted) << shown;
      EXPECT_EQ(reading.rule, id);
      EXPECT_EQ(reading.line, "  " + shown + " ");
      EXPECT_TRUE(reading.limit);
    }
  }
  for (const auto& [id, text] : error_rules) {
    for (const auto& shown : {text, upper(text)}) {
      const Reading reading = seed().read(shown + "\n");
      EXPECT_EQ(reading.verdict, Verdict::server_error) << shown;
      EXPECT_EQ(reading.rule, id);
      EXPECT_FALSE(reading.limit);
    }
  }
}

TEST(SeedRules, NearMissesAreClear) {
  for (const char* text : {"You’ve hit your limit", "You've hit your  limit", "rate limit error", "quota is exceeded",
                           "usage limit almost reached", "many requests", "5 hour limit", "API Error: 429", "api-error",
                           "internal error", "You've hit your\nlimit", ""}) {
    const Reading reading = seed().read(std::string(text) + "\n");
    EXPECT_EQ(reading.verdict, Verdict::clear) << text;
    EXPECT_EQ(reading.rule, "");
    EXPECT_EQ(reading.line, "");
    EXPECT_EQ(reading.row, 0U);
    EXPECT_FALSE(reading.limit);
    EXPECT_FALSE(reading.reset);
  }
}

TEST(SeedRules, TheFirstInTheListDecidesNotTheFirstOnTheScreen) {
  for (std::size_t i = 0; i < exhausted_rules.size(); ++i) {
    for (std::size_t j = i + 1; j < exhausted_rules.size(); ++j) {
      const Reading reading = seed().read(exhausted_rules[j].second + "\n" + exhausted_rules[i].second + "\n");
      EXPECT_EQ(reading.rule, exhausted_rules[i].first);
      EXPECT_EQ(reading.row, 2U);
      EXPECT_EQ(reading.line, exhausted_rules[i].second);
    }
  }
}

TEST(SeedRules, AServerErrorAnywhereInTheBlockVetoes) {
  for (const auto& [id, text] : error_rules) {
    for (const auto& screen : {text + "\nYou've hit your limit\nmore\n", "You've hit your limit\nmore\n" + text + "\n",
                               "more\nYou've hit your limit " + text + "\nmore\n"}) {
      const Reading reading = seed().read(screen);
      EXPECT_EQ(reading.verdict, Verdict::server_error) << screen;
      EXPECT_EQ(reading.rule, id);
    }
  }
}

TEST(SeedRules, AServerErrorAboveTheBlockDoesNotVeto) {
  const Reading reading = seed().read("API Error: 500\nYou've hit your limit\na\nb\n");
  EXPECT_EQ(reading.verdict, Verdict::exhausted);
  EXPECT_EQ(seed().read("API Error: 500\n\nYou've hit your limit\na\n").verdict, Verdict::server_error)
      << "blank lines are no lines";
}

TEST(Block, OnlyTheLastThreeLinesThatAreNotBlankCount) {
  const std::string banner = "You've hit your limit";
  EXPECT_EQ(seed().read(banner + "\na\nb\n").verdict, Verdict::exhausted);
  EXPECT_EQ(seed().read(banner + "\na\nb\nc\n").verdict, Verdict::clear);
  EXPECT_EQ(seed().read(banner + "\n\na\n \t \nb\n\n\n\n").verdict, Verdict::exhausted);
  EXPECT_EQ(seed().read(banner + "\na\nb").verdict, Verdict::exhausted) << "no newline at the end";
  EXPECT_EQ(seed().read(banner + "\na\nb\nc").verdict, Verdict::clear);
}

TEST(Block, AScreenWithNothingOnItIsClear) {
  for (const char* text : {"", "\n", "\n\n\n", "   \n\t\n"}) {
    const Reading reading = seed().read(text);
    EXPECT_EQ(reading.verdict, Verdict::clear);
    EXPECT_FALSE(reading.limit);
  }
}

TEST(Block, AHugeScreenIsReadFromItsEnd) {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += "API Error: 500\n";
  text += "a\nYou've hit your limit\nb\n" + std::string(100'000, '\n');
  const Reading reading = seed().read(text);
  EXPECT_EQ(reading.verdict, Verdict::exhausted);
  EXPECT_EQ(reading.row, 200'002U);
  const std::string long_row = std::string(1 << 20, 'x') + "quota exceeded";
  EXPECT_EQ(seed().read(long_row).rule, "quota-exceeded");
}

TEST(ReadingTest, NamesTheRowAndTheLineAsShown) {
  const Reading reading = seed().read("\n> go on\n\n  ⎿ You've hit your limit · resets 8pm  \n\n? help\n\n");
  EXPECT_EQ(reading.row, 4U);
  EXPECT_EQ(reading.line, "  ⎿ You've hit your limit · resets 8pm  ");
  ASSERT_TRUE(reading.reset);
  EXPECT_EQ(reading.reset->text, "8pm");
}

TEST(ReadingTest, TheFirstLineThatMatchesIsReported) {
  const Reading reading = seed().read("quota exceeded 1\nquota exceeded 2\n");
  EXPECT_EQ(reading.row, 1U);
  EXPECT_EQ(reading.line, "quota exceeded 1");
}

TEST(ReadingTest, TheResetIsOfTheBlockOnly) {
  EXPECT_FALSE(seed().read("resets 8pm\na\nb\nYou've hit your limit\n").reset);
  EXPECT_TRUE(seed().read("resets 8pm\nb\nYou've hit your limit\n").reset);
  EXPECT_FALSE(seed().read("resets 8pm\nb\n").reset) << "no message, no reset";
}

TEST(ReadingTest, TheMessageKeepsItsIdentityUnderAVeto) {
  const Reading plain = seed().read("You've hit your limit · resets 8pm\n");
  const Reading vetoed = seed().read("You've hit your limit · resets 8pm\nAPI Error: 500\n");
  EXPECT_EQ(vetoed.verdict, Verdict::server_error);
  EXPECT_EQ(vetoed.limit->message, plain.limit->message);
  ASSERT_TRUE(vetoed.reset);
  EXPECT_EQ(vetoed.reset->text, "8pm");
}

TEST(ReadingTest, TheMessageChangesWithItsWordsAndItsReset) {
  const auto message = [](const std::string& text) { return seed().read(text).limit->message; };
  const auto plain = message("You've hit your limit · resets 8pm\n");
  EXPECT_EQ(message("a\nYou've hit your limit · resets 8pm\nb\n"), plain) << "what is around it";
  EXPECT_NE(message("You've hit your limit · resets 9pm\n"), plain);
  EXPECT_NE(message("You've hit your limit\nresets 8pm\n"), message("You've hit your limit\nresets 9pm\n"));
  EXPECT_NE(message("You've hit your limit!\n"), message("You've hit your limit\n"));
}

TEST(ReadingTest, WhatIsShownIsTheBlock) {
  const auto shown = [](const std::string& text) { return seed().read(text).limit->conversation; };
  const std::string banner = "You've hit your limit\n";
  EXPECT_EQ(shown("history\n" + banner + "b\nc\n"), shown("another\n" + banner + "\nb\nc\n\n"));
  EXPECT_NE(shown(banner + "b\nc\n"), shown(banner + "b\nd\n"));
  EXPECT_NE(shown(banner + "b\nc\n"), shown(banner + "bc\n"));
  EXPECT_TRUE(shown(banner).block);
}

TEST(ReadingTest, CarriesTheRulesWindow) {
  Judge judge(parse_pack(R"({"name": "p", "screen": "plain", "rules": [
    {"id": "a", "class": "exhausted", "match": "limit", "window": "5h",
     "examples": {"match": ["limit"], "miss": ["x"]}}]})",
                         "p"));
  EXPECT_EQ(judge.read("limit\n").window, Milliseconds{std::chrono::hours{5}});
  EXPECT_FALSE(seed().read("quota exceeded\n").window);
}

TEST(ReadingTest, AnchorsStandAtRows) {
  Judge judge(parse_pack(R"({"name": "p", "screen": "plain", "rules": [
    {"id": "a", "class": "warning", "match": "^limit$",
     "examples": {"match": ["limit"], "miss": ["limits"]}}]})",
                         "p"));
  EXPECT_EQ(judge.read("a\nLimit\nb\n").row, 2U);
  EXPECT_EQ(judge.read("a\nlimit b\n").verdict, Verdict::clear);
  EXPECT_EQ(judge.read("a limit\n").verdict, Verdict::clear);
}

TEST(ReadingTest, AMatchThatTakesItsNewlineStandsOnItsOwnRow) {
  Judge judge(parse_pack(R"({"name": "p", "screen": "plain", "rules": [
    {"id": "a", "class": "warning", "match": "limit\\n",
     "examples": {"match": ["limit\n."], "miss": ["limit"]}}]})",
                         "p"));
  const Reading reading = judge.read("a\nlimit\nb\n");
  EXPECT_EQ(reading.row, 2U);
  EXPECT_EQ(reading.line, "limit");
}

TEST(ReadingTest, AMatchOverRowsStandsWhereItCanEnd) {
  Judge judge(parse_pack(R"({"name": "p", "screen": "plain", "tail": 5, "rules": [
    {"id": "a", "class": "exhausted", "match": "hit your\\s(.*\n)*.*limit",
     "examples": {"match": ["hit your limit"], "miss": ["x"]}}]})",
                         "p"));
  EXPECT_EQ(judge.read("hit your\nusage\nlimit\nthe limit\n").row, 3U);
  EXPECT_EQ(judge.read("hit your limit\nthe limit\n").row, 1U) << "no further than it must";
}

TEST(ReadingTest, AScreenWithCarriageReturnsSaysTheSame) {
  const Reading reading = seed().read("a\r\n\r\nYou've hit your limit\r\n\r\n\r\n");
  EXPECT_EQ(reading.verdict, Verdict::exhausted);
  EXPECT_EQ(reading.row, 3U);
}

// Explaining is reading, with reasons.

TEST(ExplainScreen, SaysWhichRuleDecidedAndWhyOthersDidNot) {
  const std::string text = "quota exceeded\nYou've hit your limit\nb\n";
  const Explanation explained = seed().explain(text);
  ASSERT_EQ(explained.findings.size(), 2U);
  EXPECT_EQ(explained.findings[0].rule, "hit-your-limit");
  EXPECT_TRUE(explained.findings[0].decided);
  EXPECT_EQ(explained.findings[0].row, 2U);
  EXPECT_EQ(explained.findings[1].rule, "quota-exceeded");
  EXPECT_FALSE(explained.findings[1].decided);
  EXPECT_EQ(explained.findings[1].row, 1U);
  EXPECT_EQ(explained.findings[1].reason, "refused: hit-your-limit decides");
}

TEST(ExplainScreen, ReportsAVeto) {
  const Explanation explained = seed().explain("You've hit your limit\nAPI Error: 500\n");
  ASSERT_EQ(explained.findings.size(), 2U);
  EXPECT_FALSE(explained.findings[0].decided);
  EXPECT_EQ(explained.findings[0].reason, "refused: api-error-5xx decides");
  EXPECT_TRUE(explained.findings[1].decided);
  EXPECT_EQ(explained.findings[1].reason, "a server error vetoes the block");
}

TEST(ExplainScreen, ListsRulesThatMatchAboveTheBlock) {
  const Explanation explained = seed().explain("You've hit your limit\nquota exceeded\na\nb\n");
  ASSERT_EQ(explained.findings.size(), 2U);
  EXPECT_EQ(explained.findings[0].rule, "quota-exceeded");
  EXPECT_TRUE(explained.findings[0].decided);
  EXPECT_EQ(explained.findings[1].rule, "hit-your-limit");
  EXPECT_FALSE(explained.findings[1].decided);
  EXPECT_EQ(explained.findings[1].row, 1U);
  EXPECT_EQ(explained.findings[1].reason, "refused: above the last 3 non-blank lines");
}

TEST(ExplainScreen, ARuleInsideTheBlockIsListedOnce) {
  EXPECT_EQ(seed().explain("quota exceeded\nquota exceeded\na\nb\n").findings.size(), 1U);
}

TEST(ExplainScreen, OfAScreenWithNothingOnItHasNoFindings) {
  for (const char* text : {"", "\n\n", "at work\n"}) EXPECT_TRUE(seed().explain(text).findings.empty());
}

TEST(ExplainScreen, OfAScreenWithoutTheWordsOfThePackIsAsItIsRead) {
  Judge judge(load_packs("auto"));
  const std::string screen = "403 Forbidden\n";
  const auto explanation = judge.explain(screen);
  EXPECT_EQ(explanation.reading, judge.read(screen));
  EXPECT_EQ(explanation.reading.verdict, Verdict::clear);
  ASSERT_EQ(explanation.findings.size(), 1);
  EXPECT_FALSE(explanation.findings[0].decided);
  EXPECT_EQ(explanation.findings[0].reason, "refused: none of the pack's words stands on the screen");
}

TEST(RuleMatches, AsksOneRuleWhateverElseMatches) {
  const std::string text = "You've hit your limit\nAPI Error: 500\n";
  for (std::size_t i = 0; i < seed().packs().front().rules.size(); ++i) {
    const auto& id = seed().packs().front().rules[i].id;
    EXPECT_EQ(seed().rule_matches(i, text), id == "hit-your-limit" || id == "api-error-5xx") << id;
  }
}

// Against the seed's own way: lower-case the last three lines and look for substrings.
RC_GTEST_PROP(SeedRulesProperty, JudgeAsTheSeedDoes, ()) {
  std::vector<std::string> phrases{"", " ", "at work", "limit", "500", "you've hit", "your limit"};
  for (const auto& [id, text] : exhausted_rules) phrases.insert(phrases.end(), {text, upper(text)});
  for (const auto& [id, text] : error_rules) phrases.insert(phrases.end(), {text, upper(text)});
  const auto lines = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(phrases));
  std::string text;
  std::vector<std::string> block;
  for (const auto& line : lines) {
    text += line + "\n";
    if (line.find_first_not_of(' ') != std::string::npos) block.push_back(upper(line));
  }
  bool limit = false;
  bool error = false;
  for (std::size_t i = block.size() > 3 ? block.size() - 3 : 0; i < block.size(); ++i) {
    for (const auto& rule : seed().packs().front().rules) {
      const bool found = block[i].find(upper(rule.match)) != std::string::npos;
      (rule.verdict == Verdict::exhausted ? limit : error) |= found;
    }
  }
  const auto wanted = error ? Verdict::server_error : limit ? Verdict::exhausted : Verdict::clear;
  RC_ASSERT(seed().read(text).verdict == wanted);
  RC_ASSERT(seed().explain(text).reading.verdict == wanted);
  RC_ASSERT(seed().read(text).limit.has_value() == limit);
}

}  // namespace
}  // namespace quotawatch
