// The pattern fuzzer: its screens are of the kind requested, it finds planted faults and prints how
// to reproduce them, and the same seed gives the same results.
#include "sim/screens/pattern_fuzz.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.h"
#include "quotawatch/judge.h"
#include "sim/screens/random.h"

namespace quotawatch::sim {
namespace {

constexpr std::size_t many = 3000;

// A pack of one `exhausted` rule; `rest` has the rule's other keys.
Pack pack_of(std::string_view match, std::string_view example, std::string_view rest = "",
             std::string_view screen = "claude-code") {
  return parse_pack(fmt::format(R"({{"name": "mine", "screen": "{}", "rules": [
{{"id": "planted", "class": "exhausted", "match": "{}"{},
  "examples": {{"match": ["{}"], "miss": ["all limits are good"]}}}}]}})",
                                screen, match, rest, example),
                    "mine.json");
}

FuzzReport fuzz(const Pack& pack, std::size_t mutations = many, std::uint64_t seed = 1) {
  return fuzz_patterns({pack}, {seed, mutations, {}});
}

const FuzzFinding* find_kind(const FuzzReport& report, FuzzKind kind) {
  const auto found = std::find_if(report.findings.begin(), report.findings.end(),
                                  [&](const FuzzFinding& f) { return f.kind == kind; });
  return found == report.findings.end() ? nullptr : &*found;
}

std::string everything(const FuzzReport& report) {
  std::string text;
  for (const auto& row : report.rows) {
    text += row.rule;
    for (const auto& count : row.kinds) text += fmt::format(" {}/{}", count.wrong, count.tried);
  }
  for (const auto& f : report.findings) {
    text += fmt::format("\n{} {} {} {} {} {}\n{}", fuzz_kind_name(f.kind), f.seed, f.times, f.changed, f.wanted, f.got,
                        f.screen);
  }
  return text;
}

TEST(Random, GivesTheNumbersOfSplitmix64) {
  Random random(0);
  EXPECT_EQ(random.next(), 0xe220a8397b1dcdafU);
  EXPECT_EQ(random.next(), 0x6e789e6aa1b965f4U);
  EXPECT_EQ(random.next(), 0x06c45d188009454fU);
}

TEST(Random, StaysWithinItsBounds) {
  Random random(7);
  bool least = false;
  bool most = false;
  for (int i = 0; i < 1000; ++i) {
    const auto number = random.between(3, 5);
    ASSERT_TRUE(number >= 3 && number <= 5);
    least = least || number == 3;
    most = most || number == 5;
  }
  EXPECT_TRUE(least && most);
}

TEST(Random, PartsHaveSeedsOfTheirOwnAndTheFirstIsTheWhole) {
  EXPECT_EQ(seed_of_part(5, 0), 5U);
  EXPECT_NE(seed_of_part(5, 1), seed_of_part(5, 2));
  EXPECT_NE(seed_of_part(5, 1), seed_of_part(6, 1));
  EXPECT_NE(seed_of_part(5, 1), 6U) << "neighbouring seeds would share their parts";
}

TEST(WrapText, HangsWhatDoesNotFit) {
  EXPECT_EQ(wrap_text("one two three", 9, {"* ", "  "}), (std::vector<std::string>{"* one two", "  three"}));
  EXPECT_EQ(wrap_text("one two three", 8, {"* ", "  "}), (std::vector<std::string>{"* one", "  two", "  three"}));
  EXPECT_EQ(wrap_text("a abcdefg", 5, {"* ", "  "}), (std::vector<std::string>{"* a", "  abc", "  def", "  g"}));
  EXPECT_EQ(wrap_text("’’ ’’", 4, {"", ""}), (std::vector<std::string>{"’’", "’’"}));
}

TEST(WrapText, BreaksUrlsWhereCodexDoes) {
  EXPECT_EQ(wrap_text("visit https://chatgpt.com/settings", 16, {"■ ", "", true}),
            (std::vector<std::string>{"■ visit https://", "chatgpt.com/", "settings"}));
}

TEST(SetType, ChangesTypeAndNoWords) {
  EXPECT_EQ(set_type("You've 5 · A", {.letters = LetterCase::upper}), "YOU'VE 5 · A");
  EXPECT_EQ(set_type("It's \"so\"", {.quotes = QuoteMarks::curly}), "It’s “so”");
  EXPECT_EQ(set_type("It’s “so”", {.quotes = QuoteMarks::straight}), "It's \"so\"");
  EXPECT_EQ(set_type("a ∙ b", {.dot = 1}), "a · b");
  const auto spaced = set_type("a b c d e f g h", {.spaces = Spaces::narrow});
  EXPECT_NE(spaced.find("\u202f"), std::string::npos);
  EXPECT_NE(spaced.find(' '), std::string::npos) << "a text must remain that can be wrapped";
}

// True if a row of that region has the message's beginning.
testing::AssertionResult stands_in(const std::string& text, ScreenKind program, RegionKind region) {
  const Screen screen = read_screen(text, program, 3);
  for (std::size_t i = 0; i < screen.rows.size(); ++i) {
    if (screen.rows[i].find("Limit zero") == std::string_view::npos) continue;
    if (screen.regions[i] == region) return testing::AssertionSuccess();
    return testing::AssertionFailure() << "in the " << region_name(screen.regions[i]) << " instead:\n" << text;
  }
  return testing::AssertionFailure() << "nowhere:\n" << text;
}

TEST(DrawScreen, PutsTheMessageWhereThePlaceSays) {
  for (const auto program : {ScreenKind::claude_code, ScreenKind::codex, ScreenKind::gemini}) {
    Pack pack;
    pack.screen = program;
    for (const auto region : {RegionKind::turn, RegionKind::notice, RegionKind::footer, RegionKind::panel}) {
      for (const auto place : places_of(program, region)) {
        auto recipe = bare_recipe(pack, place, "Limit zero is reached");
        EXPECT_TRUE(stands_in(draw_screen(recipe), program, region)) << place_name(place);
        recipe.header = true;
        recipe.talk = true;
        recipe.earlier_turns = 2;
        recipe.status_line = true;
        recipe.below = Below::spinner;
        recipe.tasks = 7;
        EXPECT_TRUE(stands_in(draw_screen(recipe), program, region)) << place_name(place);
        EXPECT_EQ(read_recognised_screen(draw_screen(recipe), 3).kind, program) << place_name(place);
      }
    }
  }
}

TEST(DrawScreen, PutsDisguisedMessagesWhereOthersWrite) {
  Pack pack;
  pack.screen = ScreenKind::claude_code;
  auto recipe = bare_recipe(pack, Place::result, "Limit zero is reached");
  recipe.disguise = Disguise::draft;
  EXPECT_TRUE(stands_in(draw_screen(recipe), pack.screen, RegionKind::prompt));
  recipe.disguise = Disguise::earlier;
  recipe.wording = 1;
  EXPECT_TRUE(stands_in(draw_screen(recipe), pack.screen, RegionKind::history));
  recipe.disguise = Disguise::output;
  EXPECT_NE(draw_screen(recipe).find("     Limit zero"), std::string::npos);
}

TEST(FuzzPatterns, FindsARuleThatMatchesInTheMiddleOfProse) {
  const auto report = fuzz(pack_of("hit your limit", "You've hit your limit · resets 8pm"));
  const auto* const finding = find_kind(report, FuzzKind::prose);
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->rule, "planted");
  EXPECT_EQ(finding->line, 2U);
  EXPECT_EQ(finding->wanted, "no limit");
  EXPECT_EQ(finding->got, "exhausted by rule planted");
  EXPECT_EQ(finding->changed, "as others write, form 0") << "everything else is taken away";
  EXPECT_LE(split_lines(finding->screen).size(), 8U) << finding->screen;
  EXPECT_NE(finding->screen.find("● The banner says You've hit your limit"), std::string::npos);
}

TEST(FuzzPatterns, FindsARuleThatOneCaseEscapes) {
  const auto report = fuzz(pack_of("(?-i)^You've hit your limit", "You've hit your limit"));
  const auto* const finding = find_kind(report, FuzzKind::letters);
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->wanted, "exhausted, reset none");
  EXPECT_EQ(finding->got, "clear, no rule, reset none");
  EXPECT_NE(finding->changed.find("case"), std::string::npos);
  EXPECT_EQ(finding->changed.find("columns"), std::string::npos) << finding->changed;
  EXPECT_EQ(find_kind(report, FuzzKind::prose), nullptr) << "it is anchored";
}

TEST(FuzzPatterns, FindsResetsThatGetLostInOnePlace) {
  const auto report = fuzz(parse_pack(R"({"name": "mine", "screen": "claude-code", "rules": [
{"id": "timeless", "class": "exhausted", "match": "^you've hit.*", "in": ["footer"], "resets": false,
  "examples": {"match": ["You've hit it"], "miss": ["You hit it"]}},
{"id": "planted", "class": "exhausted", "match": "^you've hit your limit", "in": ["turn", "footer"],
  "examples": {"match": ["You've hit your limit · resets 8pm"], "miss": ["You hit it"]}}]})",
                                      "mine.json"));
  std::size_t lost = 0;
  for (const auto& finding : report.findings) {
    if (finding.rule != "planted" || !keeps_meaning(finding.kind)) continue;
    EXPECT_EQ(finding.wanted, "exhausted, reset 8pm");
    EXPECT_EQ(finding.got, "exhausted, reset none");
    EXPECT_EQ(finding.changed.find("footer"), 0U) << finding.changed;
    ++lost;
  }
  EXPECT_GT(lost, 0U);
}

TEST(FuzzPatterns, FindsAMissThatThePlaceMakesMatch) {
  const auto report = fuzz(pack_of("\\\\besc to cancel$", "All is over. Esc to cancel", R"(, "in": ["panel"])"));
  const auto* const finding = find_kind(report, FuzzKind::miss);
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->example, "all limits are good");
  EXPECT_EQ(finding->wanted, "anything but that rule");
}

TEST(FuzzPatterns, ExpectsOfPlainPacksOnlyWhatTheyCanMatch) {
  const auto report = fuzz(pack_of("hit your limit", "You've hit your limit", "", "plain"));
  EXPECT_NE(find_kind(report, FuzzKind::quoted), nullptr);
  for (const auto kind : {FuzzKind::quotes, FuzzKind::spaces, FuzzKind::wrap, FuzzKind::output}) {
    EXPECT_EQ(report.rows.front().kinds[static_cast<std::size_t>(kind)].tried, 0U);
  }
  EXPECT_EQ(find_kind(report, FuzzKind::earlier), nullptr) << "it has left the last rows";
}

TEST(FuzzPatterns, RulesThatNeverCountCannotBeFooled) {
  const auto report = fuzz(pack_of("hit your limit", "You've hit your limit", R"(, "counts": false)"));
  EXPECT_TRUE(report.findings.empty());
  EXPECT_EQ(report.rows.front().kinds[static_cast<std::size_t>(FuzzKind::prose)].tried, 0U);
}

TEST(FuzzPatterns, TheSameSeedDoesTheSame) {
  const Pack pack = pack_of("hit your limit", "You've hit your limit · resets 8pm");
  EXPECT_EQ(everything(fuzz(pack, 500, 3)), everything(fuzz(pack, 500, 3)));
  EXPECT_NE(everything(fuzz(pack, 500, 3)), everything(fuzz(pack, 500, 4)));
}

TEST(FuzzPatterns, EachFindingCanBeSeenAgainByItsSeed) {
  const Pack pack = pack_of("hit your limit", "You've hit your limit · resets 8pm");
  const auto report = fuzz(pack);
  ASSERT_FALSE(report.findings.empty());
  Judge judge(pack);
  for (const auto& finding : report.findings) {
    EXPECT_EQ(judge.read(finding.screen).verdict, Verdict::exhausted) << finding.screen;
    const auto again = fuzz(pack, 1, finding.seed);
    ASSERT_EQ(again.findings.size(), 1U);
    EXPECT_EQ(again.findings.front().screen, finding.screen);
    EXPECT_EQ(again.findings.front().kind, finding.kind);
  }
}

TEST(FuzzPatterns, CountsEveryMutationOnce) {
  const auto report = fuzz(pack_of("hit your limit", "You've hit your limit"), 2500);
  std::size_t tried = 0;
  std::size_t wrong = 0;
  std::size_t found = 0;
  for (const auto& count : report.rows.front().kinds) {
    tried += count.tried;
    wrong += count.wrong;
  }
  for (const auto& finding : report.findings) found += finding.times;
  EXPECT_EQ(tried, 2500U);
  EXPECT_EQ(wrong, found);
}

TEST(FuzzPatterns, ReportsProgress) {
  std::vector<std::size_t> progress;
  fuzz_patterns({pack_of("hit your limit", "You've hit your limit")},
                {1, 2500, [&](std::size_t done) { progress.push_back(done); }});
  EXPECT_EQ(progress, (std::vector<std::size_t>{1000, 2000}));
}

TEST(FuzzPatterns, FindsNothingInPacksWhoseProgramsSignTheirWords) {
  for (const char* name : {"codex", "gemini"}) {
    const auto report = fuzz(load_pack(name));
    EXPECT_TRUE(report.findings.empty()) << name << everything(report);
  }
}

}  // namespace
}  // namespace quotawatch::sim
