#include "sim/screens/fuzz_case.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>

#include "base/display_width.h"
#include "base/enum_names.h"
#include "sim/screens/random.h"

namespace quotawatch::sim {
namespace {

constexpr EnumNames<FuzzKind::miss> kind_names{"case",   "quotes",  "spaces", "dots", "wrap",   "noise",
                                               "quoted", "prose",   "code",   "diff", "output", "prompt",
                                               "draft",  "earlier", "cut",    "miss"};

bool has_any(const std::string& text, std::initializer_list<std::string_view> signs) {
  return std::any_of(signs.begin(), signs.end(),
                     [&](std::string_view sign) { return text.find(sign) != std::string::npos; });
}

// True if the mutation would change the text.
bool applies(FuzzKind kind, const std::string& text) {
  if (kind == FuzzKind::quotes) return has_any(text, {"'", "’", "\""});
  if (kind == FuzzKind::dots) return has_any(text, {"·", "∙", "•"});
  if (kind == FuzzKind::spaces || kind == FuzzKind::wrap) return has_any(text, {" "});
  return true;
}

bool can_be_cut(const FuzzTarget& target, std::size_t example) { return target.undecided_words[example] > 0; }

std::vector<std::size_t> fitting_examples(const FuzzTarget& target, FuzzKind kind) {
  std::vector<std::size_t> fitting;
  const auto& match = target.rule->examples.match;
  for (std::size_t i = 0; i < match.size(); ++i) {
    if (kind == FuzzKind::cut ? can_be_cut(target, i) : applies(kind, match[i])) fitting.push_back(i);
  }
  return fitting;
}

Disguise disguise_of(FuzzKind kind) {
  switch (kind) {
    case FuzzKind::quoted:
      return Disguise::quoted;
    case FuzzKind::prose:
      return Disguise::prose;
    case FuzzKind::code:
      return Disguise::code;
    case FuzzKind::diff:
      return Disguise::diff;
    case FuzzKind::output:
      return Disguise::output;
    case FuzzKind::prompt:
      return Disguise::prompt;
    case FuzzKind::draft:
      return Disguise::draft;
    case FuzzKind::earlier:
      return Disguise::earlier;
    default:
      return Disguise::none;
  }
}

// Draws the parts of one recipe. The mutated message is always there, the rest only sometimes.
class Drawing {
 public:
  Drawing(const FuzzTarget& target, FuzzKind kind, Random& random) : target_(target), kind_(kind), random_(random) {}

  ScreenRecipe draw(const std::string& text) {
    recipe_.program = target_.pack->screen;
    recipe_.tail = target_.pack->tail;
    recipe_.text = text;
    recipe_.disguise = disguise_of(kind_);
    recipe_.wording = random_.below(12);
    recipe_.place = random_.pick(target_.places);
    // All others appear only in the conversation.
    if (recipe_.disguise != Disguise::none) {
      const auto places = places_of(recipe_.program, RegionKind::turn);
      recipe_.place = kind_ == FuzzKind::earlier ? random_.pick(places) : places.front();
    }
    if (target_.care != ReadingCare::substring || keeps_meaning(kind_)) draw_type();
    draw_width();
    if (kind_ == FuzzKind::noise || random_.chance(1, 3)) draw_noise();
    return recipe_;
  }

 private:
  bool wanted(FuzzKind kind) { return kind_ == kind || random_.chance(1, 5); }

  void draw_type() {
    Typography& type = recipe_.type;
    type.choices = random_.next();
    if (wanted(FuzzKind::letters)) type.letters = static_cast<LetterCase>(random_.between(1, 3));
    if (target_.care == ReadingCare::substring) return;
    if (wanted(FuzzKind::quotes)) type.quotes = static_cast<QuoteMarks>(random_.between(1, 2));
    if (wanted(FuzzKind::spaces)) type.spaces = static_cast<Spaces>(random_.between(1, 2));
    if (wanted(FuzzKind::dots)) type.dot = random_.between(1, dot_count - 1);
  }

  // Every width that changes how the text wraps.
  void draw_width() {
    if (target_.care == ReadingCare::substring) return;
    const bool narrow = kind_ == FuzzKind::wrap || random_.chance(1, 3);
    recipe_.width = narrow ? random_.between(narrowest, std::max(narrowest, display_width(recipe_.text) + 12))
                    : random_.chance(1, 2) ? usual_width
                                           : random_.between(narrowest, widest);
    recipe_.width = std::max(recipe_.width, least_width(recipe_));
  }

  void draw_noise() {
    static const std::vector<std::string> drafts{"", "", "now fix the flaky test",
                                                 "why do I see you've hit your limit?", "/usage"};
    constexpr std::size_t most_tasks = 90;
    recipe_.header = random_.chance(1, 2);
    recipe_.earlier_turns = random_.below(4);
    recipe_.earlier_error = random_.chance(1, 3);
    recipe_.talk = random_.chance(1, 2);
    recipe_.below = static_cast<Below>(random_.below(5));
    if (random_.chance(1, 4)) {
      recipe_.below = Below::spinner;
      recipe_.tasks = random_.below(most_tasks + 1);
    }
    recipe_.draft = random_.pick(drafts);
    recipe_.status_line = random_.chance(1, 2);
    recipe_.blank_above_box = random_.chance(1, 2) ? random_.below(12) : 0;
    recipe_.blank_at_end = random_.chance(1, 2) ? random_.below(12) : 0;
    // On a plain screen a draft is a command being typed, below the output.
    if (recipe_.program != ScreenKind::plain) return;
    recipe_.draft.clear();
    // The tail is judged as one message, so an error in it would be a veto.
    recipe_.earlier_error = false;
  }

  const FuzzTarget& target_;
  const FuzzKind kind_;
  Random& random_;
  ScreenRecipe recipe_;
};

}  // namespace

std::string_view fuzz_kind_name(FuzzKind kind) { return kind_names.name(kind); }

bool keeps_meaning(FuzzKind kind) { return kind <= FuzzKind::noise; }

std::vector<Place> places_of_rule(const Pack& pack, const Rule& rule) {
  std::vector<Place> places;
  for (const auto region : rule.regions) {
    const auto some = places_of(pack.screen, region);
    places.insert(places.end(), some.begin(), some.end());
  }
  return places;
}

ScreenRecipe bare_recipe(const Pack& pack, Place place, const std::string& text) {
  ScreenRecipe recipe;
  recipe.program = pack.screen;
  recipe.tail = pack.tail;
  recipe.place = place;
  recipe.text = text;
  recipe.width = widest;
  return recipe;
}

std::string first_words(const std::string& text, std::size_t count) {
  std::size_t end = 0;
  while (count-- > 0 && end < text.size()) end = std::min(text.find(' ', end + 1), text.size());
  return text.substr(0, end);
}

std::size_t count_words(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), ' ')) + 1;
}

std::vector<FuzzKind> kinds_of(const FuzzTarget& target) {
  std::vector<FuzzKind> kinds;
  const bool hit = names_limit(target.rule->verdict) && target.rule->counts;
  for (std::size_t i = 0; i < fuzz_kind_count; ++i) {
    const auto kind = static_cast<FuzzKind>(i);
    // A rule that never counts as a hit cannot be fooled.
    if (!keeps_meaning(kind) && kind != FuzzKind::miss && !hit) continue;
    const bool reader_cannot = kind == FuzzKind::quotes || kind == FuzzKind::spaces || kind == FuzzKind::dots ||
                               kind == FuzzKind::wrap || kind == FuzzKind::output;
    if (target.care == ReadingCare::substring && reader_cannot) continue;
    if (kind != FuzzKind::miss && fitting_examples(target, kind).empty()) continue;
    kinds.push_back(kind);
  }
  return kinds;
}

FuzzCase draw_case(const std::vector<FuzzTarget>& targets, std::uint64_t seed) {
  Random random(seed);
  FuzzCase drawn;
  drawn.target = random.below(targets.size());
  const FuzzTarget& target = targets[drawn.target];
  drawn.kind = random.pick(target.kinds);
  if (drawn.kind == FuzzKind::miss) {
    drawn.example = random.pick(target.rule->examples.miss);
  } else {
    const std::size_t number = random.pick(fitting_examples(target, drawn.kind));
    drawn.example = target.rule->examples.match[number];
    if (drawn.kind == FuzzKind::cut) {
      const auto words = random.between(1, target.undecided_words[number]);
      drawn.example = first_words(drawn.example, words) + (random.chance(1, 2) ? "…" : "");
    }
  }
  drawn.recipe = Drawing(target, drawn.kind, random).draw(drawn.example);
  return drawn;
}

}  // namespace quotawatch::sim
