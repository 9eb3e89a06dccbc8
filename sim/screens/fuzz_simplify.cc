// Ways to simplify a recipe, and descriptions of what remains.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/display_width.h"
#include "base/enum_names.h"
#include "sim/screens/fuzz_case.h"
#include "sim/screens/screen_parts.h"

namespace quotawatch::sim {
namespace {

using Recipes = std::vector<ScreenRecipe>;

// The longest piece between two spaces.
std::size_t longest_word(const std::string& text) {
  std::size_t longest = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find(' ', begin), text.size());
    longest = std::max(longest, display_width(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return longest;
}

template <typename Change>
void add(Recipes& all, const ScreenRecipe& recipe, Change change) {
  all.push_back(recipe);
  change(all.back());
}

void add_less_noise(Recipes& all, const ScreenRecipe& recipe) {
  add(all, recipe, [](auto& r) { r.tasks = 0; });
  add(all, recipe, [](auto& r) { r.tasks /= 2; });
  add(all, recipe, [](auto& r) { r.earlier_turns = 0; });
  add(all, recipe, [](auto& r) { r.earlier_turns -= r.earlier_turns > 0 ? 1U : 0U; });
  add(all, recipe, [](auto& r) { r.talk = false; });
  add(all, recipe, [](auto& r) { r.below = Below::nothing; });
  add(all, recipe, [](auto& r) { r.header = false; });
  add(all, recipe, [](auto& r) { r.draft.clear(); });
  add(all, recipe, [](auto& r) { r.status_line = false; });
  add(all, recipe, [](auto& r) { r.blank_above_box = 0; });
  add(all, recipe, [](auto& r) { r.blank_at_end = 0; });
  add(all, recipe, [](auto& r) { r.earlier_error = false; });
}

void add_plainer_type(Recipes& all, const ScreenRecipe& recipe) {
  add(all, recipe, [](auto& r) { r.type = Typography{}; });
  add(all, recipe, [](auto& r) { r.type.letters = LetterCase::as_written; });
  add(all, recipe, [](auto& r) { r.type.quotes = QuoteMarks::as_written; });
  add(all, recipe, [](auto& r) { r.type.spaces = Spaces::as_written; });
  add(all, recipe, [](auto& r) { r.type.dot = 0; });
}

// The usual width is the simplest, and the widest shows whether wrapping matters. If it does, the
// same words in plain type wrap the same way at some other width.
void add_other_widths(Recipes& all, const ScreenRecipe& recipe) {
  if (recipe.width != usual_width) add(all, recipe, [](auto& r) { r.width = usual_width; });
  if (recipe.width >= usual_width) return;
  add(all, recipe, [](auto& r) { r.width = widest; });
  const bool typed = recipe.type != Typography{};
  for (std::size_t width = usual_width - 1; width >= narrowest; --width) {
    if (!typed && width <= recipe.width) return;
    add(all, recipe, [&](auto& r) {
      r.type = Typography{};
      r.width = width;
    });
  }
}

}  // namespace

std::size_t least_width(const ScreenRecipe& recipe) {
  // The footer's right column has a left column beside it.
  const std::size_t room_beside = recipe.place == Place::footer_right ? 31 : 10;
  const bool spaces_bind = recipe.type.spaces != Spaces::as_written;
  if (!spaces_bind) return room_beside + longest_word(recipe.text);
  if (recipe.place != Place::panel) return room_beside + longest_word(set_type(recipe.text, recipe.type));
  std::size_t longest = 0;
  for (const auto& words : menu_texts_of(recipe)) longest = std::max(longest, longest_word(words));
  return room_beside + longest;
}

std::vector<ScreenRecipe> simpler(const ScreenRecipe& recipe, const FuzzTarget& target) {
  Recipes all;
  add_less_noise(all, recipe);
  add_plainer_type(all, recipe);
  for (std::size_t wording = 0; wording < recipe.wording; ++wording) {
    add(all, recipe, [&](auto& r) { r.wording = wording; });
  }
  add_other_widths(all, recipe);
  for (const auto place : target.places) {
    if (recipe.disguise != Disguise::none || place == recipe.place) break;
    add(all, recipe, [&](auto& r) { r.place = place; });
  }
  std::erase_if(all, [](const ScreenRecipe& r) { return r.width < least_width(r); });
  return all;
}

std::string describe(const ScreenRecipe& recipe) {
  static constexpr EnumNames<LetterCase::mixed> letters{"", "lower case", "upper case", "mixed case"};
  static constexpr EnumNames<QuoteMarks::straight> quotes{"", "curly quotes", "straight quotes"};
  static constexpr EnumNames<Spaces::narrow> spaces{"", "no-break spaces", "narrow no-break spaces"};
  static constexpr std::array<std::string_view, dot_count> dots{"", "dots ·", "dots ∙", "dots •"};
  static constexpr EnumNames<Below::hint_and_done> belows{"", "a hint below", "a sign that it has ended below",
                                                          "a spinner below",
                                                          "a hint and a sign that it has ended below"};
  const bool placed = recipe.disguise == Disguise::none || recipe.disguise == Disguise::earlier;
  std::string all(placed ? place_name(recipe.place) : "as others write");
  const auto add = [&](std::string_view words) {
    if (!words.empty()) all += fmt::format(", {}", words);
  };
  const Typography& type = recipe.type;
  add(letters.name(type.letters));
  add(quotes.name(type.quotes));
  add(spaces.name(type.spaces));
  add(dots[type.dot]);
  if (recipe.disguise != Disguise::none) add(fmt::format("form {}", recipe.wording));
  if (recipe.width < usual_width) add(fmt::format("{} columns", recipe.width));
  if (recipe.header) add("a header");
  if (recipe.earlier_turns > 0) add(fmt::format("{} earlier turns", recipe.earlier_turns));
  if (recipe.earlier_turns > 0 && recipe.earlier_error) add("a server error before");
  if (recipe.talk) add("a call above");
  add(belows.name(recipe.below));
  if (recipe.tasks > 0) add(fmt::format("{} tasks", recipe.tasks));
  if (!recipe.draft.empty()) add("a draft");
  if (recipe.status_line) add("a status line");
  return all;
}

}  // namespace quotawatch::sim
