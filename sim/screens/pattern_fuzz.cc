#include "sim/screens/pattern_fuzz.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "base/text.h"
#include "quotawatch/judge.h"
#include "quotawatch/reset_time.h"
#include "sim/screens/random.h"

namespace quotawatch::sim {
namespace {

// Each recipe has about a hundred simpler ones, and few of them still fail.
constexpr std::size_t most_simplifications = 2000;
constexpr std::size_t progress_every = 1000;

Judge make_judge(const std::vector<Pack>& packs) { return packs.size() == 1 ? Judge(packs.front()) : Judge(packs); }

// The content of a reset time, independent of letter case.
std::string reset_key(const std::optional<ResetTime>& reset) {
  if (!reset) return "none";
  std::string key = lower_case(reset->text);
  if (reset->zone) key += fmt::format(" ({})", lower_case(reset->zone->name()));
  return key;
}

struct Outcome {
  bool right = true;
  std::string wanted;
  std::string got;
};

class Fuzzing {
 public:
  explicit Fuzzing(const std::vector<Pack>& packs) : judge_(make_judge(packs)) {
    for (const auto& pack : judge_.packs()) {
      for (const auto& rule : pack.rules) {
        // Of several packs the one that is extended is here, too.
        const bool twice = rule.inherited > 0 && judge_.packs().size() > 1;
        if (!twice) add_target(pack, rule);
      }
    }
  }

  FuzzReport run(const FuzzOptions& options) {
    for (std::size_t i = 0; i < options.mutations; ++i) {
      try_case(seed_of_part(options.seed, i));
      if (options.progress && (i + 1) % progress_every == 0) options.progress(i + 1);
    }
    return std::move(report_);
  }

 private:
  using Group = std::tuple<std::size_t, FuzzKind, Place, std::string>;

  void add_target(const Pack& pack, const Rule& rule) {
    FuzzTarget target;
    target.pack = &pack;
    target.rule = &rule;
    target.care = pack.screen != ScreenKind::plain ? ReadingCare::regions
                  : judge_.packs().size() > 1      ? ReadingCare::careful
                                                   : ReadingCare::substring;
    target.places = places_of_rule(pack, rule);
    if (target.places.empty()) return;
    for (const auto& example : rule.examples.match) {
      target.undecided_words.push_back(count_undecided(pack, target.places.front(), example));
    }
    target.kinds = kinds_of(target);
    targets_.push_back(std::move(target));
    report_.rows.push_back({pack.name, rule.id, {}});
  }

  // How many of the first words can be shown without being taken for a limit.
  std::size_t count_undecided(const Pack& pack, Place place, const std::string& example) {
    std::size_t words = 0;
    while (words + 1 < count_words(example)) {
      const auto recipe = bare_recipe(pack, place, first_words(example, words + 1));
      if (names_limit(judge_.read(draw_screen(recipe)).verdict)) break;
      ++words;
    }
    return words;
  }

  void try_case(std::uint64_t seed) {
    const FuzzCase drawn = draw_case(targets_, seed);
    const bool right = judge(drawn, drawn.recipe).right;
    FuzzCount& count = report_.rows[drawn.target].kinds[static_cast<std::size_t>(drawn.kind)];
    ++count.tried;
    if (right) return;
    ++count.wrong;
    const Group group{drawn.target, drawn.kind, drawn.recipe.place, drawn.example};
    if (const auto known = groups_.find(group); known != groups_.end()) {
      ++report_.findings[known->second].times;
    } else {
      groups_[group] = add_finding(drawn, seed);
    }
  }

  Outcome judge(const FuzzCase& drawn, const ScreenRecipe& recipe) {
    const Reading reading = judge_.read(draw_screen(recipe));
    const FuzzTarget& target = targets_[drawn.target];
    if (keeps_meaning(drawn.kind)) return judge_true(target, drawn.example, reading);
    return judge_false(target, drawn.kind, reading);
  }

  static Outcome judge_true(const FuzzTarget& target, const std::string& example, const Reading& reading) {
    const Rule& rule = *target.rule;
    Outcome outcome;
    outcome.wanted = verdict_name(rule.verdict);
    outcome.got = verdict_name(reading.verdict);
    // What only the shape tells has escaped the rule.
    const bool by_shape = reading.rule == limit_by_shape;
    if (by_shape) outcome.got += ", by its shape";
    outcome.right = reading.verdict == rule.verdict && !by_shape;
    // A screen without any match is clear as well.
    if (reading.rule.empty()) {
      outcome.got += ", no rule";
      outcome.right = false;
    }
    if (!names_limit(rule.verdict)) return outcome;
    auto named = find_reset(example);
    if (named && !named->zone) named->zone = rule.zone;
    const auto wanted = rule.own_reset ? reset_key(named) : "none";
    const auto got = reset_key(reading.reset);
    outcome.wanted += ", reset " + wanted;
    outcome.got += ", reset " + got;
    outcome.right = outcome.right && wanted == got;
    return outcome;
  }

  static Outcome judge_false(const FuzzTarget& target, FuzzKind kind, const Reading& reading) {
    Outcome outcome;
    outcome.got = fmt::format("{} by rule {}", verdict_name(reading.verdict), reading.rule);
    if (kind == FuzzKind::miss) {
      outcome.wanted = "anything but that rule";
      outcome.right = reading.rule != target.rule->id;
    } else {
      outcome.wanted = "no limit";
      outcome.right = !names_limit(reading.verdict) || !reading.counts;
    }
    return outcome;
  }

  // Removes everything that can go while the screen is still judged wrongly, until nothing can.
  ScreenRecipe simplify(const FuzzCase& drawn) {
    ScreenRecipe simplest = drawn.recipe;
    const std::string fault = judge(drawn, simplest).got;
    std::size_t left = most_simplifications;
    for (bool found = true; found && left > 0;) {
      found = false;
      for (const auto& recipe : simpler(simplest, targets_[drawn.target])) {
        if (left == 0 || recipe == simplest) continue;
        --left;
        // A different wrong result is a different fault.
        const Outcome outcome = judge(drawn, recipe);
        if (outcome.right || outcome.got != fault) continue;
        simplest = recipe;
        found = true;
        break;
      }
    }
    return simplest;
  }

  // Returns the number of the finding, which may already be known from another case.
  std::size_t add_finding(const FuzzCase& drawn, std::uint64_t seed) {
    const FuzzTarget& target = targets_[drawn.target];
    const ScreenRecipe simplest = simplify(drawn);
    FuzzFinding finding;
    finding.screen = draw_screen(simplest);
    // The mutation drawn first may be irrelevant; equal screens are one finding.
    const auto key = std::tuple(drawn.target, keeps_meaning(drawn.kind), finding.screen);
    if (const auto known = screens_.find(key); known != screens_.end()) {
      ++report_.findings[known->second].times;
      return known->second;
    }
    const Outcome outcome = judge(drawn, simplest);
    finding.origin = target.pack->origin;
    finding.rule = target.rule->id;
    finding.line = target.rule->line;
    finding.kind = drawn.kind;
    finding.seed = seed;
    finding.example = drawn.example;
    finding.changed = describe(simplest);
    finding.wanted = outcome.wanted;
    finding.got = outcome.got;
    report_.findings.push_back(std::move(finding));
    return screens_[key] = report_.findings.size() - 1;
  }

  Judge judge_;
  std::vector<FuzzTarget> targets_;
  FuzzReport report_;
  std::map<Group, std::size_t> groups_;  // to the number of its finding
  std::map<std::tuple<std::size_t, bool, std::string>, std::size_t> screens_;
};

}  // namespace

FuzzReport fuzz_patterns(const std::vector<Pack>& packs, const FuzzOptions& options) {
  return Fuzzing(packs).run(options);
}

}  // namespace quotawatch::sim
