// Properties of readings: a message is the same one however wide its screen is and in
// whatever type it stands, so that redrawing it makes no banner new (rule A3).
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "quotawatch/judge.h"
#include "sim/fuzz_case.h"
#include "sim/screen_parts.h"

namespace quotawatch {
namespace {

struct Example {
  const Pack* pack;
  const Rule* rule;
  sim::Place place;
  std::string text;
};

// Only what stands in the conversation: notices, footers and menus have columns and no
// history. Not yet of Codex, which breaks words at "-" and "/" (the halves are joined with a
// space), nor what stands above a message of Gemini's, whose boxes cut what they hold.
const std::vector<std::string> pack_names{"claude-code", "gemini"};

Judge& judge_of(const std::string& pack) {
  static JudgeCache judges;
  return judges.find(pack);
}

// A row that begins with a command or a number is taken for a message of its own, and where
// rows begin depends on the width: such a message is not the same at every width yet.
bool may_part(const std::string& text) {
  return text.find(" /") != std::string::npos || text.find(" 1. ") != std::string::npos;
}

// Every example of every rule, in every place of the conversation where it may be said.
const std::vector<Example>& all_examples() {
  static const std::vector<Example> all = [] {
    std::vector<Example> examples;
    for (const auto& name : pack_names) {
      const Pack& pack = judge_of(name).packs().front();
      for (const auto& rule : pack.rules) {
        for (const auto place : sim::places_of_rule(pack, rule)) {
          if (!sim::is_in_turn(place)) continue;
          for (const auto& text : rule.examples.match) {
            if (may_part(text)) continue;
            examples.push_back({&pack, &rule, place, text});
          }
        }
      }
    }
    return examples;
  }();
  return all;
}

sim::Typography any_type() {
  sim::Typography type;
  type.quotes = *rc::gen::element(sim::QuoteMarks::curly, sim::QuoteMarks::straight);
  type.spaces = *rc::gen::element(sim::Spaces::as_written, sim::Spaces::no_break);
  type.dot = *rc::gen::inRange<std::size_t>(0, sim::dot_count);
  type.choices = *rc::gen::arbitrary<std::uint64_t>();
  return type;
}

Reading read_in_another_way(sim::ScreenRecipe recipe, const std::string& pack) {
  recipe.type = any_type();
  const auto least = std::max(sim::least_width(recipe), sim::narrowest);
  recipe.width =
      *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(least, std::max(least, sim::widest) + 1));
  const auto screen = sim::draw_screen(recipe);
  RC_LOG() << screen << "----\n";
  return judge_of(pack).read(screen);
}

RC_GTEST_PROP(ReadingOfAMessage, IsTheSameAtAnyWidthAndInAnyType, ()) {
  const auto example =
      *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::size_t>(0, all_examples().size()));
  const auto& [pack, rule, place, text] = all_examples()[example];
  auto recipe = sim::bare_recipe(*pack, place, text);
  recipe.talk = pack->name == "claude-code" && *rc::gen::arbitrary<bool>();
  recipe.header = *rc::gen::arbitrary<bool>();
  recipe.earlier_turns = *rc::gen::inRange<std::size_t>(0, 2);
  RC_LOG() << pack->name << " " << rule->id << ": " << text << "\n";
  const auto first = read_in_another_way(recipe, pack->name);
  const auto second = read_in_another_way(recipe, pack->name);
  RC_ASSERT(first.verdict == second.verdict);
  RC_ASSERT(first.rule == second.rule);
  RC_ASSERT(first.reset == second.reset);
  RC_ASSERT(first.message == second.message);
  RC_ASSERT(first.shown == second.shown);
}

}  // namespace
}  // namespace quotawatch
