// Packs as data: their form, the built-in ones, and the user's files.
#include "quotawatch/pack.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "quotawatch/judge.h"
#include "tests/support.h"

namespace quotawatch {
namespace {

using tests::fails;

constexpr std::string_view sound_rule = R"({"id": "banner", "class": "exhausted",
  "match": "limit", "examples": {"match": ["limit"], "miss": ["other"]}})";

std::string pack_with(std::string_view rules, std::string_view head = R"("screen": "plain")") {
  return fmt::format("{{\"name\": \"mine\", {}, \"rules\": [\n{}]}}", head, rules);
}

// Part of the sound rule said in another way: it stands on line 2.
std::string rule_with(std::string_view part, std::string_view instead) {
  std::string rule(sound_rule);
  return pack_with(rule.replace(rule.find(part), part.size(), instead));
}

auto parsing(const std::string& text) {
  return [text] { parse_pack(text, "mine.json"); };
}

auto judging(const std::string& text) {
  return [text] { Judge judge(parse_pack(text, "mine.json")); };
}

TEST(ParsePack, ReadsEveryKey) {
  const Pack pack = parse_pack(R"(// mine
    {"name": "mine", "screen": "plain", "tail": 5, "rules": [
      {"id": "a", "class": "throttled", "in": ["block"], "match": "^slow", "window": "5h",
       "examples": {"match": ["slow", "Slow down"], "miss": ["not slow"]}},

      {"id": "b", "class": "warning", "match": "near", "examples": {"match": ["near"], "miss": ["x"]}}
    ]})",
                               "mine.json");
  EXPECT_EQ(pack.name, "mine");
  EXPECT_EQ(pack.origin, "mine.json");
  EXPECT_EQ(pack.screen, ScreenKind::plain);
  EXPECT_EQ(pack.tail, 5U);
  ASSERT_EQ(pack.rules.size(), 2U);
  const Rule& rule = pack.rules[0];
  EXPECT_EQ(rule.id, "a");
  EXPECT_EQ(rule.verdict, Verdict::throttled);
  EXPECT_EQ(rule.match, "^slow");
  EXPECT_EQ(rule.window, Milliseconds{std::chrono::hours{5}});
  EXPECT_EQ(rule.examples.match, (std::vector<std::string>{"slow", "Slow down"}));
  EXPECT_EQ(rule.examples.miss, std::vector<std::string>{"not slow"});
  EXPECT_EQ(rule.line, 3U);
  EXPECT_EQ(pack.rules[1].line, 6U);
  EXPECT_FALSE(pack.rules[1].window);
}

TEST(ParsePack, EveryClassOfAScreenCanBeGiven) {
  for (const char* name : {"exhausted", "throttled", "warning", "server_error", "auth", "clear"}) {
    const auto pack = parse_pack(rule_with("exhausted", name), "mine.json");
    EXPECT_EQ(verdict_name(pack.rules.at(0).verdict), name);
  }
}

TEST(ParsePack, RefusesUnknownClasses) {
  EXPECT_TRUE(fails(parsing(rule_with("exhausted", "exausted")), 2,
                    "rules[0].class: \"exausted\" is no class; did you mean \"exhausted\"?"));
  EXPECT_TRUE(fails(parsing(rule_with("exhausted", "unknown")), 2, "\"unknown\" is no class"))
      << "unknown is what no rule can see";
}

TEST(ParsePack, RefusesUnknownKeysAtEveryLevel) {
  EXPECT_TRUE(fails(parsing(pack_with(sound_rule, R"("screen": "plain", "tial": 3)")), 1,
                    "tial: unknown key; did you mean \"tail\"?"));
  EXPECT_TRUE(fails(parsing(rule_with("\"id\"", "\"match_\": 1, \"id\"")), 2,
                    "rules[0].match_: unknown key; did you mean \"match\"?"));
  EXPECT_TRUE(fails(parsing(rule_with("\"miss\"", "\"mis\": [], \"miss\"")), 3,
                    "rules[0].examples.mis: unknown key; did you mean \"miss\"?"));
}

TEST(ParsePack, RefusesAScreenItCannotRead) {
  EXPECT_TRUE(fails(parsing(pack_with(sound_rule, R"("screen": "plian")")), 1,
                    "screen: \"plian\" is no kind of screen; did you mean \"plain\"?"));
  EXPECT_TRUE(fails(parsing(pack_with(sound_rule, R"("tail": 3)")), 1, "\"screen\" is missing"));
}

TEST(ParsePack, BoundsTheTail) {
  for (const int tail : {1, 1000}) {
    const auto head = fmt::format(R"("screen": "plain", "tail": {})", tail);
    EXPECT_EQ(parse_pack(pack_with(sound_rule, head), "mine.json").tail, static_cast<std::size_t>(tail));
  }
  for (const char* tail : {"0", "1001", "-1", "3.0", "\"3\""}) {
    const auto head = fmt::format(R"("screen": "plain", "tail": {})", tail);
    EXPECT_TRUE(fails(parsing(pack_with(sound_rule, head)), 1, "tail: should be a whole number from 1 to 1000"))
        << tail;
  }
  EXPECT_EQ(parse_pack(pack_with(sound_rule), "mine.json").tail, 3U) << "the seed's";
}

TEST(ParsePack, RefusesRegionsThatAPlainScreenDoesNotHave) {
  EXPECT_NO_THROW(parse_pack(rule_with("\"match\": \"l", "\"in\": [\"block\"], \"match\": \"l"), "f"));
  EXPECT_TRUE(fails(parsing(rule_with("\"match\": \"l", "\"in\": [\"turn\"], \"match\": \"l")), 3,
                    "rules[0].in[0]: a plain screen has no region \"turn\""));
  EXPECT_TRUE(fails(parsing(rule_with("\"match\": \"l", "\"in\": \"block\", \"match\": \"l")), 3,
                    "rules[0].in: should be a list"));
}

TEST(ParsePack, EveryRuleNeedsExamplesOfBothKinds) {
  EXPECT_TRUE(fails(parsing(rule_with("[\"limit\"]", "[]")), 3, "rules[0].examples.match: is empty"));
  EXPECT_TRUE(fails(parsing(rule_with("[\"other\"]", "[]")), 3, "rules[0].examples.miss: is empty"));
  EXPECT_TRUE(fails(parsing(rule_with(", \"miss\": [\"other\"]", "")), 3, "\"miss\" is missing"));
  EXPECT_TRUE(
      fails(parsing(rule_with("\"examples\"", "\"window\": \"5h\", \"examples_\"")), 3, "did you mean \"examples\"?"));
}

TEST(ParsePack, RefusesRulesThatCannotBeDistinguished) {
  const std::string twice = std::string(sound_rule) + ",\n" + std::string(sound_rule);
  EXPECT_TRUE(fails(parsing(pack_with(twice)), 4, "rules[1]: the id \"banner\" is taken"));
  EXPECT_TRUE(fails(parsing(rule_with("\"banner\"", "\"\"")), 2, "should be a short name"));
  EXPECT_TRUE(fails(parsing(rule_with("\"banner\"", "\"a\\nb\"")), 2, "should be a short name"));
  EXPECT_TRUE(fails(parsing(rule_with("banner", std::string(121, 'x'))), 2, "should be a short name"));
  EXPECT_NO_THROW(parse_pack(rule_with("banner", std::string(120, 'x')), "f"));
}

TEST(ParsePack, NeedsARule) {
  EXPECT_TRUE(fails(parsing(pack_with("")), 1, "rules: is empty"));
  EXPECT_TRUE(fails(parsing(R"({"name": "mine", "screen": "plain"})"), 1, "\"rules\" is missing"));
}

TEST(ParsePack, RefusesWhatIsNoText) {
  EXPECT_TRUE(fails(parsing(std::string("{\n\0", 3)), 2, "NUL"));
  EXPECT_TRUE(fails(parsing("{\"name\":\n\"\xff\""), 2, "0xff"));
  EXPECT_TRUE(fails(parsing("{"), 1, "not valid JSON"));
}

// Errors that only a Judge can find.

TEST(JudgePack, ChecksThatExamplesMatch) {
  EXPECT_TRUE(fails(judging(rule_with("[\"limit\"]", "[\"limit\", \"lim it\"]")), 2,
                    "rule \"banner\": its expression \"limit\" does not match the example \"lim it\""));
}

TEST(JudgePack, ChecksThatCounterexamplesDoNot) {
  EXPECT_TRUE(fails(judging(rule_with("[\"other\"]", "[\"other\", \"no LIMIT\"]")), 2,
                    "rule \"banner\": its expression \"limit\" matches the example \"no LIMIT\""));
}

TEST(JudgePack, NamesTheRuleOfABadExpression) {
  const std::string second =
      ",\n\n{\"id\": \"broken\", \"class\": \"auth\", \"match\": \"(\","
      "\"examples\": {\"match\": [\"a\"], \"miss\": [\"b\"]}}";
  EXPECT_TRUE(fails(judging(pack_with(std::string(sound_rule) + second)), 5,
                    "rule \"broken\": the expression \"(\" cannot be used: "));
}

TEST(JudgePack, RefusesExpressionsThatMatchNothingOrCannotBeScanned) {
  for (const char* expression : {"", "a*", "(a)\\\\1", "[z-a]", "a{2,1}", "\\\\pQ"}) {
    EXPECT_TRUE(fails(judging(rule_with("\"match\": \"limit\"", fmt::format("\"match\": \"{}\"", expression))), 2,
                      "rule \"banner\": the expression"))
        << expression;
  }
}

TEST(JudgePack, ExamplesAreJudgedAsScreens) {
  const auto text = rule_with("[\"other\"]", "[\"limit\\na\\nb\\n\\nc\\n\"]");
  EXPECT_NO_THROW(judging(text)()) << "above the last three lines that are not blank";
}

TEST(JudgePack, TakesLargeExpressions) {
  const std::string part = "[^·]{1,900} ";
  const auto text = fmt::format(R"({{"name": "mine", "screen": "claude-code", "rules": [
    {{"id": "long", "class": "exhausted", "match": "^{0}{0}{0}{0}limit",
      "examples": {{"match": ["no more than this limit"], "miss": ["this limit"]}}}}]}})",
                                part);
  EXPECT_NO_THROW(judging(text)()) << "they get as much memory as they need, within reason";
}

TEST(BuiltinPacks, AllAreSound) {
  ASSERT_FALSE(builtin_pack_names().empty());
  EXPECT_EQ(builtin_pack_names(),
            (std::vector<std::string>{"others", "claude-code", "codex", "gemini", "copilot", "qwen", "opencode",
                                      "antigravity", "cline", "continue", "pi", "kimi", "kiro", "amp", "crush",
                                      "cursor", "aider", "seed"}));
  for (const auto& name : builtin_pack_names()) {
    const Pack pack = load_pack(name);
    EXPECT_EQ(pack.name, name);
    EXPECT_EQ(pack.origin, "built-in pack " + name);
    EXPECT_TRUE(pack.built_in);
    const auto text = builtin_pack_text(name);
    ASSERT_TRUE(text);
    // Here, and not whenever the program starts, as if it were a user's.
    EXPECT_NO_THROW(judging(std::string(*text))()) << name;
  }
}

TEST(BuiltinPacks, TellTheProgramsOfTheirPanes) {
  const Judge judge(load_packs("auto"));
  for (const char* name : {"claude", "codex", "gemini", "copilot", "qwen", "opencode", "kilo", "cline", "cn", "pi",
                           "agy", "kimi", "kiro-cli", "amp", "crush", "cursor-agent", "aider"}) {
    EXPECT_TRUE(judge.is_program(name)) << name;
  }
  for (const char* name : {"bash", "node", "vim", ""}) EXPECT_FALSE(judge.is_program(name)) << name;
}

TEST(LoadPack, AutoIsAPackThatThereIs) { EXPECT_NO_THROW(Judge(load_packs("auto"))); }

TEST(LoadPack, ReadsAUsersFile) {
  const tests::TemporaryFolder folder;
  const auto path = folder.write("pack.json", pack_with(sound_rule));
  const Pack pack = load_pack(path);
  EXPECT_EQ(pack.name, "mine");
  EXPECT_EQ(pack.origin, path);
}

// A pack that extends another, with one rule for a wording of its own.
std::string extending(std::string_view base, std::string_view head = "") {
  return fmt::format(R"({{"name": "mine", "extends": "{}", {}"rules": [
    {{"id": "mine", "class": "exhausted", "match": "^no limit credit is left",
      "examples": {{"match": ["No limit credit is left"], "miss": ["A limit credit"]}}}}]}})",
                     base, head);
}

std::string judged_by(const std::string& pack, const std::string& screen) {
  const tests::TemporaryFolder folder;
  Judge judge(load_packs(folder.write("pack.json", pack)));
  return judge.read(screen).rule;
}

const std::string of_codex = "› go on\n\n■ {}\n\n› Ask Codex to do anything\n\n  gpt-5 default\n";
const std::string of_claude = "❯ go on\n  ⎿  {}\n\n────────────\n❯\n────────────\n";

TEST(ExtendedPack, ItsRulesStandBeforeTheOthers) {
  for (const char* base : {"codex", "auto"}) {
    EXPECT_EQ(judged_by(extending(base), fmt::format(fmt::runtime(of_codex), "No limit credit is left")), "mine");
    EXPECT_EQ(judged_by(extending(base), fmt::format(fmt::runtime(of_codex), "You've hit your usage limit.")),
              "usage-limit");
  }
}

TEST(ExtendedPack, OfAutoJudgesTheScreensOfAllPrograms) {
  EXPECT_EQ(judged_by(extending("auto"), fmt::format(fmt::runtime(of_claude), "No limit credit is left")), "mine");
  EXPECT_EQ(judged_by(extending("auto"), "No limit credit is left\n"), "mine");
  const auto codex_only = extending("auto", R"("screen": "codex", )");
  EXPECT_EQ(judged_by(codex_only, fmt::format(fmt::runtime(of_codex), "No limit credit is left")), "mine");
  EXPECT_EQ(judged_by(codex_only, fmt::format(fmt::runtime(of_claude), "No limit credit is left")), "");
}

TEST(ExtendedPack, ARuleOfTheSameIdTakesTheOthersPlace) {
  const auto replacing = R"({"name": "mine", "extends": "codex", "rules": [
    {"id": "usage-limit", "class": "clear", "match": "^you've hit your usage limit",
     "examples": {"match": ["You've hit your usage limit"], "miss": ["No limit"]}}]})";
  EXPECT_EQ(load_packs("codex").front().rules.size(), parse_pack(replacing, "mine.json").rules.size());
  EXPECT_EQ(judged_by(replacing, fmt::format(fmt::runtime(of_codex), "Quota exceeded. Check your plan.")),
            "quota-exceeded");
}

TEST(ExtendedPack, MayHaveNoRuleButThoseOfTheOther) {
  EXPECT_NO_THROW(judging(R"({"name": "mine", "extends": "codex", "rules": []})")());
  EXPECT_EQ(parse_pack(R"({"name": "mine", "extends": "codex", "programs": ["cdx"], "rules": []})", "f").screen,
            ScreenKind::codex);
}

TEST(ExtendedPack, IsRefusedWhereTheOtherIsNotBuiltIn) {
  EXPECT_TRUE(fails(parsing(extending("codx")), 1, "extends: \"codx\" is no built-in pack; did you mean \"codex\"?"));
  EXPECT_TRUE(fails(parsing(extending("mine.json")), 1, "is no built-in pack"));
}

TEST(ExtendedPack, ItsOwnRulesAreChecked) {
  auto broken = extending("auto");
  broken.replace(broken.find("A limit credit"), 14, "No limit credit is left");
  const tests::TemporaryFolder folder;
  const auto path = folder.write("pack.json", broken);
  EXPECT_TRUE(fails([&] { Judge judge(load_packs(path)); }, 2, "rule \"mine\": its expression"));
}

TEST(LoadPack, SaysWhatThereIsInstead) {
  const tests::TemporaryFolder folder;
  EXPECT_TRUE(fails([] { load_pack("sed"); }, 0,
                    "is no file, and no built-in pack: these are auto, others, claude-code, codex, gemini, copilot, "
                    "qwen, opencode, antigravity, cline, continue, pi, kimi, kiro, amp, crush, cursor, aider, seed"));
  EXPECT_TRUE(fails([&] { load_pack(folder.path()); }, 0, "cannot be read"));
  const auto large = folder.write("large", std::string((1 << 20) + 1, ' '));
  EXPECT_TRUE(fails([&] { load_pack(large); }, 1, "larger than 1024 KiB"));
}

}  // namespace
}  // namespace quotawatch
