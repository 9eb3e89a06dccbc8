// quotawatch patterns lint: checks for pack authors beyond what loading refuses. Tries each rule on
// whole screens, as the fuzzer does.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "commands/patterns/expression_parts.h"
#include "commands/patterns/patterns.h"
#include "quotawatch/judge.h"
#include "quotawatch/reset_time.h"
#include "report/console.h"
#include "sim/screens/fuzz_case.h"

namespace quotawatch {
namespace {

struct Finding {
  std::size_t line = 0;  // 0: about the whole pack
  bool warning = false;  // the pack can still be used
  std::string text;
};

class Linter {
 public:
  explicit Linter(Judge& judge) : judge_(judge), pack_(judge.packs().front()) {}

  std::vector<Finding> lint() {
    for (const auto& rule : pack_.rules) {
      if (rule.inherited > 0) continue;
      find_shadows(rule);
      find_untested_alternatives(rule);
      find_missing_resets(rule);
      find_loose_ends(rule);
      find_idle_misses(rule);
    }
    find_idle_words();
    find_missing_classes();
    return std::move(findings_);
  }

 private:
  void add(const Rule& rule, bool warning, const std::string& text) {
    findings_.push_back({rule.line, warning, fmt::format("rule {}: {}", in_quotes(rule.id), text)});
  }

  // Finds examples for which another rule wins in a region of this one.
  void find_shadows(const Rule& rule) {
    for (const auto region : rule.regions) {
      const auto places = sim::places_of(pack_.screen, region);
      if (places.empty()) {
        add(rule, true,
            fmt::format("looks into the {}, which {} screens never have; take it out of \"in\"", region_name(region),
                        screen_name(pack_.screen)));
        continue;
      }
      for (const auto& example : rule.examples.match) {
        find_shadow(rule, region, places.front(), example);
      }
    }
  }

  void find_shadow(const Rule& rule, RegionKind region, sim::Place place, const std::string& example) {
    const Reading reading = judge_.read(draw_screen(sim::bare_recipe(pack_, place, example)));
    if (reading.rule == rule.id) return;
    const bool by_shape = reading.rule == limit_by_shape;
    if (reading.rule.empty() || by_shape) {
      add(rule, false,
          fmt::format("in the {} of a whole screen {} the example {}; make the expression fit the whole message",
                      region_name(region), by_shape ? "only the shape tells" : "nothing matches", in_quotes(example)));
      return;
    }
    add(rule, false,
        fmt::format("in the {} the example {} is decided by rule {} ({}); put this rule above that "
                    "one, or narrow that one's expression",
                    region_name(region), in_quotes(example), in_quotes(reading.rule), verdict_name(reading.verdict)));
  }

  // Finds alternatives of an expression that no example tests.
  void find_untested_alternatives(const Rule& rule) {
    const auto alternatives = split_alternatives(rule.match);
    if (alternatives.size() < 2) return;
    Judge alone = judge_of_alternatives(rule, alternatives);
    for (std::size_t i = 0; i < alternatives.size(); ++i) {
      const auto& match = rule.examples.match;
      const bool tested = std::any_of(match.begin(), match.end(),
                                      [&](const std::string& example) { return alone.rule_matches(i, example); });
      if (tested) continue;
      add(rule, false,
          fmt::format("no example matches its alternative {}; add one to \"match\", or take the "
                      "alternative away",
                      in_quotes(alternatives[i])));
    }
  }

  Judge judge_of_alternatives(const Rule& rule, const std::vector<std::string>& alternatives) {
    Pack pack;
    pack.name = pack_.name;
    pack.origin = pack_.origin;
    pack.screen = pack_.screen;
    pack.tail = pack_.tail;
    for (const auto& alternative : alternatives) {
      Rule part = rule;
      part.match = alternative;
      part.examples = {};
      pack.rules.push_back(std::move(part));
    }
    return Judge(std::move(pack));
  }

  static bool can_name_reset(const Rule& rule) { return names_limit(rule.verdict) && rule.counts && rule.own_reset; }

  static bool shows_reset(const Rule& rule) {
    return std::any_of(rule.examples.match.begin(), rule.examples.match.end(),
                       [](const std::string& example) { return find_reset(example).has_value(); });
  }

  void find_missing_resets(const Rule& rule) {
    if (!can_name_reset(rule) || shows_reset(rule)) return;
    const bool others = std::any_of(pack_.rules.begin(), pack_.rules.end(),
                                    [](const Rule& other) { return can_name_reset(other) && shows_reset(other); });
    if (!others) return;
    add(rule, true,
        "no example has a reset time, and those of other rules have; add one if the message can "
        "name one");
  }

  // On an agent's screen, only the beginning of a message shows who is speaking.
  void find_loose_ends(const Rule& rule) {
    if (pack_.screen == ScreenKind::plain) return;
    for (const auto& alternative : split_alternatives(rule.match)) {
      if (is_anchored(alternative)) continue;
      add(rule, true,
          fmt::format("{} matches in the middle of a message, in anybody's words; begin it with "
                      "\"^\" and what stands at the beginning",
                      in_quotes(alternative)));
    }
  }

  void find_idle_misses(const Rule& rule) {
    const auto words = literal_words(rule.match);
    if (words.empty()) return;
    for (const auto& example : rule.examples.miss) {
      const auto contained = [&](const std::string& word) {
        return lower_case(example).find(word) != std::string::npos;
      };
      if (std::any_of(words.begin(), words.end(), contained)) continue;
      add(rule, true,
          fmt::format("the example {} has no word of the expression, so that it tests nothing; "
                      "give one that differs by little from a match",
                      in_quotes(example)));
    }
  }

  // A screen is read only if it contains one of the pack's words. Finds words that no example
  // needs.
  void find_idle_words() {
    for (const auto& word : pack_.words) {
      if (stands_in_example(word) || stands_in_near(word)) continue;
      findings_.push_back({0, false,
                           fmt::format("words: no example has the word {}; add the message that "
                                       "needs it to a rule's \"match\", or take it away",
                                       in_quotes(word))});
    }
  }

  bool stands_in_example(const std::string& word) const {
    return std::any_of(pack_.rules.begin(), pack_.rules.end(), [&](const Rule& rule) {
      const auto& match = rule.examples.match;
      return std::any_of(match.begin(), match.end(), [&](const std::string& example) {
        return lower_case(example).find(lower_case(word)) != std::string::npos;
      });
    });
  }

  bool stands_in_near(const std::string& word) const {
    for (const auto& expression : pack_.near) {
      for (const auto& spelled : literal_words(expression)) {
        if (spelled.find(lower_case(word)) != std::string::npos) return true;
      }
    }
    return false;
  }

  void find_missing_classes() {
    std::string missing;
    for (const auto& name : verdict_names()) {
      const auto verdict = find_verdict(name);
      const bool used =
          verdict == Verdict::unknown || std::any_of(pack_.rules.begin(), pack_.rules.end(),
                                                     [&](const Rule& rule) { return rule.verdict == verdict; });
      if (!used) missing += (missing.empty() ? "" : ", ") + name;
    }
    if (missing.empty()) return;
    findings_.push_back({0, true,
                         fmt::format("no rule is of class {}; what the program says of that kind "
                                     "will be passed over",
                                     missing)});
  }

  Judge& judge_;
  const Pack& pack_;
  std::vector<Finding> findings_;
};

std::string location(const Pack& pack, const Finding& finding) {
  if (finding.line == 0) return escape_controls(pack.origin);
  return fmt::format("{}:{}", escape_controls(pack.origin), finding.line);
}

// Warnings about built-in packs have been looked at: in a copy of one they would hide those about what is new.
std::set<std::string> known_warnings(ScreenKind screen) {
  std::set<std::string> known;
  for (const auto& name : builtin_pack_names()) {
    Judge judge(load_pack(name));
    if (judge.packs().front().screen != screen) continue;
    for (const auto& finding : Linter(judge).lint()) {
      if (finding.warning) known.insert(finding.text);
    }
  }
  return known;
}

// Loads a built-in pack with all the checks of a user's pack. Of one that is for the screens of all programs those
// with the most regions are taken.
Pack load_unchecked(const std::string& name_or_path) {
  if (const auto text = builtin_pack_text(name_or_path)) return parse_pack(*text, "built-in pack " + name_or_path);
  auto packs = load_packs(name_or_path);
  const auto richest = std::ranges::find_if(packs, [](const Pack& pack) {
    return pack.every_screen ? pack.screen == ScreenKind::claude_code : !pack.built_in;
  });
  return std::move(*richest);
}

}  // namespace

int lint_pack(const std::string& name_or_path) {
  Judge judge(load_unchecked(name_or_path));
  const Pack& pack = judge.packs().front();
  auto findings = Linter(judge).lint();
  if (!builtin_pack_text(name_or_path)) {
    const auto known = known_warnings(pack.screen);
    std::erase_if(findings, [&](const Finding& finding) { return finding.warning && known.contains(finding.text); });
  }
  std::size_t warnings = 0;
  for (const auto& finding : findings) {
    warnings += finding.warning ? 1U : 0U;
    print_out(fmt::format("quotawatch: {}: {}{}\n", location(pack, finding), finding.warning ? "warning: " : "",
                          finding.text));
  }
  std::size_t examples = 0;
  std::size_t rules = 0;
  for (const auto& rule : pack.rules) {
    if (rule.inherited > 0) continue;
    ++rules;
    examples += rule.examples.match.size() + rule.examples.miss.size();
  }
  const bool sound = warnings == findings.size();
  const std::string beside = warnings == 0 ? "" : ", " + counted(warnings, "warning");
  print_out(fmt::format("{}: pack {} is {}: {}, {}{}\n", escape_controls(name_or_path), in_quotes(pack.name),
                        sound ? "sound" : "unsound", counted(rules, "rule"),
                        counted(examples, "example") + (examples == 1 ? " holds" : " hold"), beside));
  return sound ? exit_fine : exit_failed;
}

}  // namespace quotawatch
