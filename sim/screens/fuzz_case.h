// One mutated message on one screen, drawn from a seed, and the simpler recipes it can be reduced
// to.
//
// pattern_fuzz.cc generates many, judges them, and simplifies the failing ones.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/pack.h"
#include "sim/screens/fuzz_screen.h"

namespace quotawatch::sim {

// Mutations. The first ones keep the message's meaning, the others remove it.
enum class FuzzKind {
  letters,
  quotes,
  spaces,
  dots,
  wrap,
  noise,
  quoted,
  prose,
  code,
  diff,
  output,
  prompt,
  draft,
  earlier,
  cut,
  miss,  // a `miss` example of the rule, in the place of its messages
};
inline constexpr std::size_t fuzz_kind_count = static_cast<std::size_t>(FuzzKind::miss) + 1;

std::string_view fuzz_kind_name(FuzzKind kind);
bool keeps_meaning(FuzzKind kind);

// How screens of the program are read, which limits what its rules can be expected to match.
enum class ReadingCare {
  regions,    // an agent's screen
  careful,    // a plain screen with several packs: text is normalised, voices are distinguished
  substring,  // a plain screen with one plain pack: only case is normalised, and all voices count
};

// A rule with everything its cases are drawn from.
struct FuzzTarget {
  const Pack* pack = nullptr;
  const Rule* rule = nullptr;
  ReadingCare care = ReadingCare::regions;
  std::vector<Place> places;
  std::vector<FuzzKind> kinds;
  // For each `match` example, how many of its first words do not yet match the rule.
  std::vector<std::size_t> undecided_words;
};

struct FuzzCase {
  std::size_t target = 0;
  FuzzKind kind = FuzzKind::letters;
  std::string example;  // from the pack; shortened if the mutation cuts it
  ScreenRecipe recipe;
};

inline constexpr std::size_t usual_width = 100;
inline constexpr std::size_t widest = 200;
inline constexpr std::size_t narrowest = 24;

// The places where the program can print this rule's messages.
std::vector<Place> places_of_rule(const Pack& pack, const Rule& rule);

// The simplest screen with `text` in that place.
ScreenRecipe bare_recipe(const Pack& pack, Place place, const std::string& text);

// The first `count` words.
std::string first_words(const std::string& text, std::size_t count);
std::size_t count_words(const std::string& text);

// The mutations that make sense for the rule. Requires the target's other members to be set.
std::vector<FuzzKind> kinds_of(const FuzzTarget& target);

// The least width at which no word is cut: a cut word no longer matches.
std::size_t least_width(const ScreenRecipe& recipe);

FuzzCase draw_case(const std::vector<FuzzTarget>& targets, std::uint64_t seed);

// Recipes with one element less, the largest reductions first.
std::vector<ScreenRecipe> simpler(const ScreenRecipe& recipe, const FuzzTarget& target);

// The difference between the recipe and a bare one, for people.
std::string describe(const ScreenRecipe& recipe);

}  // namespace quotawatch::sim
