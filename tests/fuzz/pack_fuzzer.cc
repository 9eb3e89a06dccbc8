// Packs: an accepted pack judges a screen the same way each time and through each interface, and
// all its rules together match what each matches alone.
#include <algorithm>
#include <array>
#include <numeric>

#include "fuzzing.h"
#include "judge/rules/ruleset.h"
#include "quotawatch/judge.h"
#include "quotawatch/pack.h"

namespace quotawatch::fuzzing {
namespace {

const std::string file = "a-pack.json";

// Large expressions are known to compile slowly, which is not tested here.
constexpr std::size_t longest_expressions = 400;

constexpr std::array<std::string_view, 3> screens{
    "❯ go on\n"
    "  ⎿  You've hit your 5-hour limit · resets 12am (Europe/Paris)\n"
    "     API Error: 529 overloaded_error, retrying\n"
    "\n"
    "────────────────────────\n"
    "❯ \n"
    "────────────────────────\n"
    "  ? for shortcuts       You've used 90% of your weekly limit\n",
    "$ make\n429 Too many requests\nusage limit reached, resets at 8pm\n$\n",
    "\n",
};

// "a{1000}" is short but large.
bool repeats_often(std::string_view expression) {
  int digits = 0;
  return std::any_of(expression.begin(), expression.end(), [&](char c) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    return digits > 2;
  });
}

bool is_large(const Pack& pack) {
  std::vector<std::string> expressions = pack.asides;
  expressions.insert(expressions.end(), pack.near.begin(), pack.near.end());
  for (const auto& rule : pack.rules) expressions.push_back(rule.match);
  const auto size =
      std::accumulate(expressions.begin(), expressions.end(), std::size_t{0},
                      [](std::size_t sum, const std::string& expression) { return sum + expression.size(); });
  return size > longest_expressions || std::any_of(expressions.begin(), expressions.end(), repeats_often);
}

void check_rules(const Pack& pack) {
  std::vector<const Rule*> rules;
  std::vector<std::string> texts;
  for (const auto& rule : pack.rules) {
    rules.push_back(&rule);
    for (const auto& list : {rule.examples.match, rule.examples.miss}) {
      texts.insert(texts.end(), list.begin(), list.end());
    }
  }
  texts.insert(texts.end(), screens.begin(), screens.end());
  const bool plain = pack.screen == ScreenKind::plain;
  const Ruleset ruleset({&pack}, rules, plain ? Ruleset::Texts::rows : Ruleset::Texts::messages);
  for (const auto& text : texts) {
    std::vector<std::size_t> together;
    for (const auto& match : ruleset.matches(text)) together.push_back(match.rule);
    std::vector<std::size_t> alone;
    for (std::size_t i = 0; i < rules.size(); ++i) {
      if (ruleset.matches(i, text)) alone.push_back(i);
    }
    check(together == alone, "the rules together match what each matches alone");
  }
}

}  // namespace

void try_input(std::string_view input) {
  const auto pack = accepted(input, file, [&] { return parse_pack(input, file); });
  if (!pack || is_large(*pack)) return;
  auto judge = accepted(input, file, [&] { return Judge(*pack); });
  if (!judge) return;
  for (const auto screen : screens) {
    const Reading reading = judge->read(screen);
    check(reading == judge->read(screen), "a screen is read the same way twice");
    check(reading == judge->explain(screen).reading, "a screen is explained as it is read");
  }
  check_rules(*pack);
}

}  // namespace quotawatch::fuzzing
