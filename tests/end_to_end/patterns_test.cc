// `quotawatch patterns lint` and `fuzz` as used by people and CI.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "quotawatch/pack.h"
#include "tests/end_to_end/program.h"
#include "tests/os/support.h"

namespace quotawatch::testing_support {
namespace {

using os::testing_support::ProgramResult;
using os::testing_support::TemporaryFolder;
using os::testing_support::write_file;

constexpr const char* sound = R"({"id": "banner", "class": "exhausted", "match": "^limit reached",
 "examples": {"match": ["Limit reached · resets 8pm"], "miss": ["No limit"]}})";

// Rules of every class, so that only what a test adds is found.
constexpr const char* others = R"(,
{"id": "a", "class": "throttled", "match": "^slow limit", "counts": false, "examples": {"match": ["Slow limit"], "miss": ["Slow"]}},
{"id": "b", "class": "warning", "match": "^near limit", "examples": {"match": ["Near limit"], "miss": ["Near"]}},
{"id": "c", "class": "server_error", "match": "^error limit", "examples": {"match": ["Error limit"], "miss": ["Error"]}},
{"id": "d", "class": "auth", "match": "^login limit", "examples": {"match": ["Login limit"], "miss": ["Login"]}},
{"id": "e", "class": "clear", "match": "^fine limit", "examples": {"match": ["Fine limit"], "miss": ["Fine"]}})";

class PatternsTest : public testing::Test {
 protected:
  // Lints a pack that begins with these rules, the first on line 2.
  ProgramResult lint(const std::string& rules, const std::string& head = "", const std::string& rest = others) {
    write_file(path_, fmt::format("{{\"name\": \"mine\", \"screen\": \"claude-code\", {}\"rules\": "
                                  "[\n{}{}]}}",
                                  head, rules, rest));
    return run_quotawatch({"patterns", "lint", path_});
  }

  // Expects exactly this finding, on that line of the file.
  void expect_finding(const ProgramResult& result, const std::string& place, const std::string& text, int exit_status) {
    EXPECT_EQ(result.exit_status, exit_status) << result.output << result.error_output;
    EXPECT_EQ(result.output.find("quotawatch: " + path_ + place + ": " + text), 0U) << result.output;
    EXPECT_EQ(std::count(result.output.begin(), result.output.end(), '\n'), 2) << result.output;
  }

  const TemporaryFolder folder_;
  const std::string path_ = folder_ / "pack.json";
};

TEST_F(PatternsTest, ASoundPackLintsClean) {
  const auto result = lint(sound);
  EXPECT_EQ(result.exit_status, 0) << result.error_output;
  EXPECT_EQ(result.output, path_ + ": pack \"mine\" is sound: 6 rules, 12 examples hold\n");
}

TEST_F(PatternsTest, AnExampleThatAnotherRuleDecidesIsAShadow) {
  const auto result = lint(std::string(R"({"id": "loose", "class": "exhausted", "match": "^l.* reached",
 "examples": {"match": ["Light reached · resets 8pm"], "miss": ["Not reached"]}},
)") + sound);
  expect_finding(result, ":4",
                 "rule \"banner\": in the turn the example \"Limit reached · resets 8pm\" is "
                 "decided by rule \"loose\" (exhausted); put this rule above",
                 1);
}

TEST_F(PatternsTest, EveryRegionIsTried) {
  const auto result = lint(std::string(
                               R"({"id": "loose", "class": "exhausted", "in": ["footer"], "match": "^l.* reached",
 "examples": {"match": ["Light reached · resets 8pm"], "miss": ["Not reached"]}},
)") + R"({"id": "banner", "class": "exhausted", "in": ["notice", "footer"], "match": "^limit reached",
 "examples": {"match": ["Limit reached · resets 8pm"], "miss": ["No limit"]}})");
  expect_finding(result, ":4", "rule \"banner\": in the footer the example", 1);
}

TEST_F(PatternsTest, AnExampleThatNoWholeScreenShowsIsUnsound) {
  const auto result = lint(R"({"id": "banner", "class": "exhausted", "in": ["panel"], "match": "^limit reached$",
 "examples": {"match": ["Limit reached"], "miss": ["No limit"]}})");
  expect_finding(result, ":2",
                 "rule \"banner\": in the panel of a whole screen nothing matches the example "
                 "\"Limit reached\"",
                 1);
}

TEST_F(PatternsTest, EachAlternativeWantsAnExample) {
  const auto result = lint(
      R"({"id": "banner", "class": "exhausted", "match": "^limit (?:reached|hit)\\b|^cap[|)] hit|^\\|cap",
 "examples": {"match": ["Limit reached · resets 8pm", "|cap resets 8pm"], "miss": ["No limit"]}})");
  expect_finding(result, ":2", "rule \"banner\": no example matches its alternative \"^cap[|)] hit\"; add one", 1);
}

TEST_F(PatternsTest, WordsThatNoExampleHasAreIdle) {
  const auto result = lint(sound, R"("words": ["limit", "quota"], )");
  expect_finding(result, "", "words: no example has the word \"quota\"", 1);
  const auto near = lint(sound, R"x("words": ["limit", "quota"], "near": ["^your (?:limit|quotas)"], )x");
  EXPECT_EQ(near.exit_status, 0) << "what is only nearly a message needs its words too";
}

TEST_F(PatternsTest, WarnsOfRulesWithoutAnExampleOfAReset) {
  const auto result = lint(std::string(sound) + R"(,
{"id": "cap", "class": "exhausted", "match": "^cap limit", "examples": {"match": ["Cap limit"], "miss": ["Cap"]}})");
  expect_finding(result, ":4", "warning: rule \"cap\": no example has a reset time", 0);
}

TEST_F(PatternsTest, WarnsOfClassesWithoutARule) {
  const auto result = lint(sound, "", "");
  expect_finding(result, "", "warning: no rule is of class throttled, warning, server_error, auth, clear;", 0);
}

TEST_F(PatternsTest, WarnsOfExpressionsWithoutAnAnchor) {
  for (const char* match : {"limit reached", "^.*limit reached", "(?:limit reached)"}) {
    const auto result = lint(fmt::format(R"({{"id": "banner", "class": "exhausted", "match": "{}",
 "examples": {{"match": ["Limit reached · resets 8pm"], "miss": ["No limit"]}}}})",
                                         match));
    expect_finding(result, ":2", fmt::format("warning: rule \"banner\": \"{}\" matches in the middle", match), 0);
  }
}

TEST_F(PatternsTest, WarnsOfMissesThatTestNothing) {
  const auto result = lint(R"({"id": "banner", "class": "exhausted", "match": "^limit[a-z]? \\breached",
 "examples": {"match": ["Limit reached · resets 8pm"], "miss": ["No limit", "The breach"]}})");
  expect_finding(result, ":2", "warning: rule \"banner\": the example \"The breach\" has no word", 0);
}

TEST_F(PatternsTest, WhatCannotBeReadEndsWithTwo) {
  EXPECT_EQ(lint("{").exit_status, 2);
  EXPECT_EQ(run_quotawatch({"patterns", "lint", folder_ / "none"}).exit_status, 2);
  EXPECT_EQ(run_quotawatch({"patterns", "fuzz", folder_ / "none"}).exit_status, 2);
  EXPECT_EQ(run_quotawatch({"patterns", "fuzz", "seed", "--mutations", "0"}).exit_status, 2);
}

TEST(BuiltinPacksTest, LintClean) {
  for (const auto& name : builtin_pack_names()) {
    const auto result = run_quotawatch({"patterns", "lint", name});
    EXPECT_EQ(result.exit_status, 0) << result.output;
  }
}

TEST(BuiltinPacksTest, AFreshCopyHasNotEvenWarnings) {
  const TemporaryFolder folder;
  auto names = builtin_pack_names();
  names.emplace_back("auto");
  for (const auto& name : names) {
    const auto copy = folder / (name + ".json");
    write_file(copy, run_quotawatch({"patterns", "show", name}).output);
    const auto result = run_quotawatch({"patterns", "lint", copy});
    EXPECT_EQ(result.exit_status, 0) << result.output;
    EXPECT_EQ(std::count(result.output.begin(), result.output.end(), '\n'), 1) << result.output;
  }
}

TEST(ShowTest, OfAutoNamesItsPacksAndIsAPackThatExtendsThem) {
  const auto result = run_quotawatch({"patterns", "show", "auto"});
  EXPECT_EQ(result.exit_status, 0);
  for (const auto& name : builtin_pack_names()) {
    EXPECT_EQ(result.output.find("//   " + name) != std::string::npos, name != "seed") << name;
  }
  EXPECT_EQ(parse_pack(result.output, "auto").extends, "auto");
}

constexpr const char* unknown_journal =
    R"x({"at":"2026-11-23T12:00:30.000Z","event":"unrecognised","session":"main","snippet":"Your plan's 2 limits are spent · resets Dec 2 at 8pm (Europe/Paris)"}
{"at":"2026-11-23T12:01:00.000Z","event":"verdict","session":"other","snippet":"a limit"}
{"at":"2026-11-23T12:01:30.000Z","event":"unrecognised","session":"other","snippet":"The limit is near"}
)x";

class AddTest : public PatternsTest {
 protected:
  ProgramResult add(std::vector<std::string> more = {}) {
    write_file(journal_, unknown_journal);
    std::vector<std::string> words{"patterns", "add", path_, "--from-journal", journal_};
    words.insert(words.end(), more.begin(), more.end());
    return run_quotawatch(words);
  }
  std::string verdict_of(const std::string& banner) {
    const auto result = run_quotawatch({"explain", "--pack", path_, "--json", "--at", "unknown", "-"},
                                       "❯ go on\n  ⎿  " + banner + "\n\n────────────\n❯\n────────────\n");
    const auto json = nlohmann::json::parse(result.output);
    return json["verdict"].get<std::string>() + " " + (json["rule"].is_null() ? "" : json["rule"].get<std::string>());
  }
  const std::string journal_ = folder_ / "journal.jsonl";
};

TEST_F(AddTest, MakesAPackThatExtendsAutoOutOfAnUnrecognisedLine) {
  const auto result = add({"--session", "main"});
  EXPECT_EQ(result.exit_status, 0) << result.error_output;
  EXPECT_EQ(verdict_of("Your plan’s 3 limits are spent · resets 9am"), "exhausted your-plans-2-limits")
      << "whatever the numbers and the time";
  EXPECT_EQ(verdict_of("You've hit your session limit · resets 9am"), "exhausted session-limit");
  const auto linted = run_quotawatch({"patterns", "lint", path_});
  EXPECT_EQ(linted.output, path_ + ": pack \"mine\" is sound: 1 rule, 2 examples hold\n");
}

TEST_F(AddTest, TakesTheLastLineAndPutsTheRuleBeforeTheOthers) {
  lint(sound);
  EXPECT_EQ(add({"--class", "warning", "--id", "near"}).exit_status, 0);
  EXPECT_EQ(verdict_of("The limit is near"), "warning near");
  EXPECT_EQ(verdict_of("Limit reached · resets 8pm"), "exhausted banner");
  EXPECT_EQ(add({"--id", "near"}).exit_status, 2) << "the id is taken";
  EXPECT_EQ(verdict_of("The limit is near"), "warning near") << "and the file is as it was";
}

TEST_F(AddTest, SaysWhyThereIsNoRule) {
  const auto none = add({"--session", "third"});
  EXPECT_EQ(none.exit_status, 2);
  EXPECT_NE(none.error_output.find("has no unrecognised line of session \"third\""), std::string::npos);
  EXPECT_EQ(add({"--class", "unknown"}).exit_status, 2);
}

TEST_F(PatternsTest, FuzzPrintsItsTableOnRequest) {
  lint(sound, "", "");
  const std::vector<std::string> words{"patterns", "fuzz", path_, "--mutations", "50"};
  EXPECT_EQ(run_quotawatch(words).output, "50 tried, 0 escaped, 0 fooled; seed 1\n");
  auto verbose = words;
  verbose.emplace_back("-v");
  EXPECT_EQ(run_quotawatch(verbose).output.find("rule "), 0U);
}

TEST_F(PatternsTest, FuzzSaysWhatItFoundAndHowToSeeItAgain) {
  lint(R"({"id": "ban\u001bner", "class": "exhausted", "match": "limit reached",
 "examples": {"match": ["Limit reached · resets 8pm"], "miss": ["No limit"]}})",
       "", "");
  const auto result = run_quotawatch({"patterns", "fuzz", path_, "--mutations", "500"});
  EXPECT_EQ(result.exit_status, 2) << "no such id can be read";
  lint(R"({"id": "banner", "class": "exhausted", "match": "limit.? reached",
 "examples": {"match": ["Limit reached · resets 8pm", "limit\u001b reached"], "miss": ["No limit"]}})",
       "", "");
  const auto fooled = run_quotawatch({"patterns", "fuzz", path_, "--mutations", "500"});
  EXPECT_EQ(fooled.exit_status, 1) << fooled.error_output;
  EXPECT_NE(fooled.output.find(path_ + ":2: rule \"banner\": fooled "), std::string::npos);
  EXPECT_NE(fooled.output.find("  again    quotawatch patterns fuzz " + path_ + " --seed "), std::string::npos);
  EXPECT_NE(fooled.output.find("500 tried, "), std::string::npos);
  EXPECT_NE(fooled.output.find("\\x1b"), std::string::npos);
  EXPECT_EQ(fooled.output.find('\x1b'), std::string::npos);
  EXPECT_EQ(fooled.error_output, "") << "progress is for terminals";
}

TEST_F(PatternsTest, FuzzWithTheSameSeedPrintsTheSameBytes) {
  const auto run = [](const std::string& seed) {
    return run_quotawatch({"patterns", "fuzz", "seed", "--mutations", "300", "--seed", seed}).output;
  };
  EXPECT_EQ(run("9"), run("9"));
  EXPECT_NE(run("9"), run("10"));
}

TEST_F(PatternsTest, FuzzEndsWithZeroWhereNothingIsFound) {
  lint(sound, "", "");
  const auto result = run_quotawatch({"patterns", "fuzz", path_, "--mutations", "200"});
  EXPECT_EQ(result.exit_status, 0) << result.output;
  EXPECT_NE(result.output.find("200 tried, 0 escaped, 0 fooled; seed 1\n"), std::string::npos);
}

TEST_F(PatternsTest, FuzzAsJsonIsAnObjectALineWithScreensForExplain) {
  lint(R"({"id": "banner", "class": "exhausted", "match": "limit reached",
 "examples": {"match": ["Limit reached · resets 8pm"], "miss": ["No limit"]}})",
       "", "");
  const auto result = run_quotawatch({"patterns", "fuzz", path_, "--mutations", "300", "--json"});
  std::istringstream lines(result.output);
  std::string line;
  nlohmann::json last;
  std::size_t findings = 0;
  while (std::getline(lines, line)) {
    last = nlohmann::json::parse(line);
    if (!last.contains("screen")) continue;
    ++findings;
    const auto again = run_quotawatch({"explain", "--pack", path_, "--json", "--at", "unknown", "-"},
                                      last["screen"].get<std::string>());
    EXPECT_EQ(nlohmann::json::parse(again.output)["verdict"], "exhausted") << line;
  }
  EXPECT_GE(findings, 1U);
  EXPECT_EQ(last["tried"], 300);
  EXPECT_GT(last["fooled"], 0);
}

}  // namespace
}  // namespace quotawatch::testing_support
