// Properties of readings: a message is the same one however wide its screen is and in
// whatever type it stands, so that redrawing it makes no banner new (rule A3).
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "quotawatch/judge.h"
#include "sim/screens/fuzz_case.h"

namespace quotawatch {
namespace {

struct Example {
  const Pack* pack;
  const Rule* rule;
  sim::Place place;
  std::string text;
};

const std::vector<std::string> pack_names{"claude-code", "codex", "gemini"};

Judge& judge_of(const std::string& pack) {
  static JudgeCache judges;
  return judges.find(pack);
}

// Every example of every rule, in every place where it may be said.
const std::vector<Example>& all_examples() {
  static const std::vector<Example> all = [] {
    std::vector<Example> examples;
    for (const auto& name : pack_names) {
      const Pack& pack = judge_of(name).packs().front();
      for (const auto& rule : pack.rules) {
        for (const auto place : sim::places_of_rule(pack, rule)) {
          for (const auto& text : rule.examples.match) {
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

// What the conversation is made of besides the message.
void add_conversation(sim::ScreenRecipe& recipe) {
  recipe.header = *rc::gen::arbitrary<bool>();
  recipe.talk = *rc::gen::arbitrary<bool>();
  recipe.earlier_error = *rc::gen::arbitrary<bool>();
  recipe.earlier_turns = *rc::gen::inRange<std::size_t>(0, 3);
  // Longer than any banner, with commands, numbers and signs where rows may begin.
  if (!*rc::gen::arbitrary<bool>()) return;
  for (int i = 0; i < 9; ++i) {
    recipe.ask +=
        "Does /usage or /model help with the re-run of src/judge/fold.cc · 1. see the "
        "well-known notes - or 2. https://example.com/a-b/c-d # go on > and 3 tasks that he worked "
        "for 3 ";
  }
  recipe.ask += "until it is done";
}

// The same again at another width, in other type, with other signs of life below.
Reading read_in_another_way(sim::ScreenRecipe recipe, const std::string& pack) {
  recipe.type = any_type();
  // A menu's options are set in type one by one, so that their longest word is not known.
  if (recipe.place == sim::Place::panel) recipe.type.spaces = sim::Spaces::as_written;
  recipe.below = *rc::gen::element(sim::Below::nothing, sim::Below::hint, sim::Below::done, sim::Below::spinner,
                                   sim::Below::hint_and_done);
  recipe.draft = *rc::gen::element<std::string>("", "/usage", "fix the re-run of a/b, and - or");
  const auto least = std::max(sim::least_width(recipe), sim::narrowest);
  recipe.width = *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(least, std::max(least, sim::widest) + 1));
  const auto screen = sim::draw_screen(recipe);
  RC_LOG() << screen << "----\n";
  return judge_of(pack).read(screen);
}

RC_GTEST_PROP(ReadingOfAMessage, IsTheSameHoweverItIsDrawn, ()) {
  const auto example = *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::size_t>(0, all_examples().size()));
  const auto& [pack, rule, place, text] = all_examples()[example];
  auto recipe = sim::bare_recipe(*pack, place, text);
  add_conversation(recipe);
  RC_LOG() << pack->name << " " << rule->id << ": " << text << "\n";
  const auto first = read_in_another_way(recipe, pack->name);
  const auto second = read_in_another_way(recipe, pack->name);
  RC_ASSERT(first.verdict == second.verdict);
  RC_ASSERT(first.rule == second.rule);
  RC_ASSERT(first.reset == second.reset);
  RC_ASSERT(first.limit == second.limit);
}

RC_GTEST_PROP(SeedPack, AServerErrorAnywhereInTheBlockVetoes, ()) {
  static Judge judge(load_pack("seed"));
  const auto lines = *rc::gen::container<std::vector<std::string>>(
      rc::gen::element<std::string>("You've hit your limit · resets 8pm", "5-hour limit reached",
                                    "429 Too Many Requests", "", "> go on", "   ", "resets 9pm"));
  auto block = lines;
  const auto error = *rc::gen::element<std::string>(
      "API Error: 500 {\"type\":\"error\"}", "{\"type\":\"overloaded_error\"}", "api_error",
      "500 INTERNAL SERVER ERROR", "API ERROR: 529", "You've hit your limit, api_error");
  const auto below = *rc::gen::inRange<std::size_t>(0, 3);  // non-blank lines below the error
  std::size_t at = block.size();
  for (std::size_t passed = 0; at > 0; --at) {
    if (block[at - 1].find_first_not_of(' ') != std::string::npos && ++passed > below) break;
  }
  block.insert(block.begin() + static_cast<std::ptrdiff_t>(at), error);
  std::string text;
  for (const auto& line : block) text += line + "\n";
  RC_ASSERT(judge.read(text).verdict == Verdict::server_error);
}

}  // namespace
}  // namespace quotawatch
