// One mutated message on one screen, drawn from a seed, and what it may become when
// it is made simpler.
//
// pattern_fuzz.cc makes many, judges them, and simplifies those judged wrongly.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/pack.h"
#include "sim/screens/fuzz_screen.h"

namespace quotawatch::sim {

// What is done to a message. The first ones leave its meaning, the others take it.
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
  miss,  // an example that the rule must not match, where its others stand
};
inline constexpr std::size_t fuzz_kind_count = static_cast<std::size_t>(FuzzKind::miss) + 1;

std::string_view fuzz_kind_name(FuzzKind kind);
bool keeps_meaning(FuzzKind kind);

// How a screen of the program is read, which says what can be asked of its rules.
enum class ReadingCare {
  regions,    // an agent's screen
  careful,    // a plain one beside other packs: normalised, voices told apart
  substring,  // a plain pack alone: nothing is normalised but case, and all voices count
};

// A rule with all that its cases are drawn from.
struct FuzzTarget {
  const Pack* pack = nullptr;
  const Rule* rule = nullptr;
  ReadingCare care = ReadingCare::regions;
  std::vector<Place> places;
  std::vector<FuzzKind> kinds;
  // For each `match` example, how many of its first words decide nothing yet.
  std::vector<std::size_t> undecided_words;
};

struct FuzzCase {
  std::size_t target = 0;
  FuzzKind kind = FuzzKind::letters;
  std::string example;  // as the pack has it; where it is cut, what is left
  ScreenRecipe recipe;
};

inline constexpr std::size_t usual_width = 100;
inline constexpr std::size_t widest = 200;
inline constexpr std::size_t narrowest = 24;

// The places in which the rule's program can say what the rule looks for.
std::vector<Place> places_of_rule(const Pack& pack, const Rule& rule);

// The barest screen with `text` in that place.
ScreenRecipe bare_recipe(const Pack& pack, Place place, const std::string& text);

// The first `count` words.
std::string first_words(const std::string& text, std::size_t count);
std::size_t count_words(const std::string& text);

// The kinds that mean anything for the rule. Needs the target's other members.
std::vector<FuzzKind> kinds_of(const FuzzTarget& target);

// The width at which no word must be cut: a word in two pieces is two words to anybody.
std::size_t least_width(const ScreenRecipe& recipe);

FuzzCase draw_case(const std::vector<FuzzTarget>& targets, std::uint64_t seed);

// Recipes with one thing less, the ones that lose most first.
std::vector<ScreenRecipe> simpler(const ScreenRecipe& recipe, const FuzzTarget& target);

// What of the recipe differs from a bare one, in words.
std::string describe(const ScreenRecipe& recipe);

}  // namespace quotawatch::sim
