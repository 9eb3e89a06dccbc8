#include "quotawatch/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <optional>
#include <utility>

#include "base/text.h"
#include "judge/rules/block.h"
#include "judge/rules/progress.h"
#include "judge/rules/ruleset.h"
#include "judge/rules/scanner.h"
#include "judge/rules/shape.h"
#include "judge/rules/weigh.h"
#include "judge/screen/normalise.h"
#include "judge/screen/prompt.h"
#include "quotawatch/input_error.h"

namespace quotawatch {
namespace {

std::size_t index_of(ScreenKind kind) { return static_cast<std::size_t>(kind); }

// The words of all packs; empty if one of them has none, so that every screen must be read.
std::optional<WordScanner> collect_words(const std::vector<Pack>& packs) {
  std::vector<std::string> words;
  for (const auto& pack : packs) {
    if (pack.words.empty()) return std::nullopt;
    words.insert(words.end(), pack.words.begin(), pack.words.end());
    if (pack.screen == ScreenKind::plain) continue;
    words.insert(words.end(), shape_words().begin(), shape_words().end());
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return WordScanner(words);
}

void check_example(const Pack& pack, const Rule& rule, const std::string& example, bool wanted, bool matched) {
  if (matched == wanted) return;
  throw InputError(pack.origin, rule.line,
                   fmt::format("rule {}: its expression {} {} the example {}, which it {}", in_quotes(rule.id),
                               in_quotes(rule.match), wanted ? "does not match" : "matches", in_quotes(example),
                               wanted ? "must" : "must not"));
}

// Checks every rule of `pack` with its examples. `matches`: whether the rule with this index matches a
// text.
template <typename Matches>
void check_examples(const Pack& pack, Matches matches) {
  for (std::size_t i = 0; i < pack.rules.size(); ++i) {
    const Rule& rule = pack.rules[i];
    if (rule.inherited > 0) continue;
    for (const auto& example : rule.examples.match) {
      check_example(pack, rule, example, true, matches(i, example));
    }
    for (const auto& example : rule.examples.miss) {
      check_example(pack, rule, example, false, matches(i, example));
    }
  }
}

// A rule whose own example has none of the pack's words would never be tried.
void check_words(const Pack& pack) {
  if (pack.words.empty()) return;
  WordScanner words(pack.words);
  for (const auto& rule : pack.rules) {
    if (rule.inherited > 0) continue;
    for (const auto& example : rule.examples.match) {
      if (words.any(example)) continue;
      throw InputError(pack.origin, rule.line,
                       fmt::format("rule {}: the example {} has none of the pack's words, so that such a screen "
                                   "would not be read; add one of its words to \"words\"",
                                   in_quotes(rule.id), in_quotes(example)));
    }
  }
}

// A cache of the last readings. Screens recur: frames of a spinner, a notice that comes and goes, many
// sessions at the same prompt.
class ReadingMemory {
 public:
  // The reading of that text, if cached.
  const Reading* find(const Fingerprint& text) const {
    const auto& entry = entries_[place_of(text)];
    return entry && entry->text == text ? &entry->reading : nullptr;
  }

  const Reading& keep(const Fingerprint& text, Reading reading) {
    auto& entry = entries_[place_of(text)];
    if (!entry) entry = std::make_unique<Entry>();
    return (*entry = {text, std::move(reading)}).reading;
  }

 private:
  struct Entry {
    Fingerprint text;
    Reading reading;
  };
  static constexpr std::size_t places = 1024;
  static std::size_t place_of(const Fingerprint& text) { return text.low % places; }

  // Allocated as needed: few fleets show so many screens that must be read.
  std::vector<std::unique_ptr<Entry>> entries_{places};
};

// Of a screen whose turns cannot be distinguished: all of it, without the digits that clocks and
// counters change.
Progress plain_progress(std::string_view text) {
  std::string words;
  std::ranges::copy_if(text, std::back_inserter(words), [](char c) { return c < '0' || c > '9'; });
  std::string identity;
  append_identity(identity, normalise(words).text);
  return {{{Fingerprint::of(identity).low}, true, true}, true};
}

}  // namespace

bool went_on(const Progress& before, const Progress& now) {
  // A program that was started in a shell, or has ended, has not done anything by that.
  if (before.conversation.block != now.conversation.block) return false;
  return now.answered && !is_same(before.conversation, now.conversation);
}

struct Judge::Compiled {
  std::vector<Pack> packs;
  std::optional<WordScanner> words;
  bool block = false;                                                // one plain pack alone
  std::array<std::unique_ptr<Ruleset>, screen_kind_count> rulesets;  // by kind of screen
  std::array<std::string, screen_kind_count> names;
  std::size_t tail = 3;
  ReadingMemory memory;

  explicit Compiled(std::vector<Pack> all) : packs(std::move(all)) {
    assert(!packs.empty());
    words = collect_words(packs);
    for (const auto& pack : packs) {
      if (!pack.built_in) check_words(pack);
      if (pack.screen == ScreenKind::plain) tail = std::max(tail, pack.tail);
    }
    block = packs.size() == 1 && packs.front().screen == ScreenKind::plain;
    if (block) tail = packs.front().tail;
    for (std::size_t kind = 0; kind < screen_kind_count; ++kind) add_rules(static_cast<ScreenKind>(kind));
    for (const auto& pack : packs) {
      if (!pack.built_in) check(pack);
    }
  }

  // For screens of one kind the rules of its packs; those of agents that share a reader, and of programs that have
  // none, on all of these; on screens of no known program all rules about conversations.
  bool judges(const Pack& pack, ScreenKind kind) const {
    if (pack.screen == kind || packs.size() == 1) return pack.screen == kind;
    if (kind == ScreenKind::plain) return true;
    return pack.screen == ScreenKind::plain && (kind == ScreenKind::agent || kind == ScreenKind::opencode);
  }

  void add_rules(ScreenKind kind) {
    std::vector<const Pack*> of_kind;
    for (const auto& pack : packs) {
      if (judges(pack, kind)) of_kind.push_back(&pack);
    }
    // Those made for such screens first: they know best.
    std::stable_partition(of_kind.begin(), of_kind.end(), [&](const Pack* pack) { return pack->screen == kind; });
    std::vector<const Rule*> rules;
    for (const Pack* pack : of_kind) {
      for (const auto& rule : pack->rules) {
        if (pack->screen == kind || looks_in(rule, RegionKind::block)) rules.push_back(&rule);
      }
    }
    if (of_kind.empty()) return;
    drop_doubles(rules);
    names[index_of(kind)] = name_of(kind);
    rulesets[index_of(kind)] = std::make_unique<Ruleset>(std::move(of_kind), std::move(rules),
                                                         block ? Ruleset::Texts::rows : Ruleset::Texts::messages);
  }

  std::string name_of(ScreenKind kind) const {
    if (packs.size() > 1 && kind == ScreenKind::plain) return "auto";
    const auto made_for = [&](const Pack& pack) { return pack.screen == kind; };
    if (std::ranges::count_if(packs, made_for) != 1) return std::string(screen_name(kind));
    return std::ranges::find_if(packs, made_for)->name;
  }

  // Several packs may extend one: its rules come once, and after all packs' own.
  static void drop_doubles(std::vector<const Rule*>& rules) {
    std::stable_sort(rules.begin(), rules.end(),
                     [](const Rule* a, const Rule* b) { return a->inherited < b->inherited; });
    std::vector<const Rule*> once;
    for (const Rule* rule : rules) {
      const bool known = std::ranges::any_of(
          once, [&](const Rule* other) { return other->id == rule->id && other->match == rule->match; });
      if (!known) once.push_back(rule);
    }
    rules = std::move(once);
  }

  void check(const Pack& pack) const {
    std::vector<const Rule*> own;
    for (const auto& rule : pack.rules) {
      if (rule.inherited == 0) own.push_back(&rule);
    }
    const Ruleset alone({&pack}, std::move(own), block ? Ruleset::Texts::rows : Ruleset::Texts::messages);
    alone.check();
    check_examples(
        pack, [&](std::size_t rule, const std::string& example) { return alone.matches(rule, judged_text(example)); });
  }

  // The form of an example that expressions are matched with.
  std::string judged_text(std::string_view text) const {
    return block ? take_block(text, tail).text : normalise(text).text;
  }

  Ruleset& rules_for(ScreenKind kind) const {
    const auto& rules = rulesets[index_of(kind)];
    assert(rules != nullptr);
    return *rules;
  }

  const Ruleset& first_ruleset() const { return *rulesets[index_of(packs.front().screen)]; }

  // False for most screens, after a single scan.
  bool is_to_be_read(std::string_view text) { return !words || words->any(text); }

  Screen cut(std::string_view text) const {
    assert(find_invalid_utf8(text) == std::string_view::npos);
    return packs.size() == 1 ? read_screen(text, packs.front().screen, tail) : read_recognised_screen(text, tail);
  }
};

Judge::Judge(Pack pack) : Judge(std::vector<Pack>{std::move(pack)}) {}
Judge::Judge(std::vector<Pack> packs) : compiled_(std::make_unique<Compiled>(std::move(packs))) {}
Judge::~Judge() = default;
Judge::Judge(Judge&&) noexcept = default;
Judge& Judge::operator=(Judge&&) noexcept = default;

const std::vector<Pack>& Judge::packs() const { return compiled_->packs; }

Reading Judge::read(std::string_view text) {
  if (compiled_->block) {
    return read_block(compiled_->packs.front(), compiled_->first_ruleset(), text);
  }
  if (!compiled_->is_to_be_read(text)) return {};
  const Fingerprint known = Fingerprint::of(text);
  if (const Reading* reading = compiled_->memory.find(known)) return *reading;
  const Screen screen = compiled_->cut(text);
  Ruleset& rules = compiled_->rules_for(screen.kind);
  return compiled_->memory.keep(known, weigh(screen, rules, text, nullptr));
}

Context Judge::context(std::string_view text) {
  if (compiled_->block) return Context::block;
  const Fingerprint known = Fingerprint::of(text);
  if (const Reading* reading = compiled_->memory.find(known)) return reading->context;
  const Screen screen = compiled_->cut(text);
  Reading reading;
  reading.context = context_of(screen);
  return compiled_->memory.keep(known, std::move(reading)).context;
}

Posture Judge::posture(std::string_view text) const {
  if (compiled_->block) return {};
  const Screen screen = compiled_->cut(text);
  static const std::vector<Menu> none;
  for (const auto& pack : compiled_->packs) {
    if (pack.screen == screen.kind) return read_posture(screen, pack.menus);
  }
  return read_posture(screen, none);
}

bool Judge::shows_program(std::string_view text) const {
  return !compiled_->block && compiled_->cut(text).kind != ScreenKind::plain;
}

bool Judge::is_program(std::string_view name) const {
  return std::ranges::any_of(compiled_->packs, [&](const Pack& pack) {
    return std::ranges::find(pack.programs, name) != pack.programs.end();
  });
}

Progress Judge::progress(std::string_view text) {
  if (compiled_->block) return plain_progress(text);
  const Screen screen = compiled_->cut(text);
  if (screen.kind == ScreenKind::plain) return plain_progress(text);
  return progress_of(screen, compiled_->rules_for(screen.kind));
}

bool Judge::rule_matches(std::size_t index, std::string_view text) {
  assert(index < compiled_->packs.front().rules.size());
  return compiled_->first_ruleset().matches(index, compiled_->judged_text(text));
}

Explanation Judge::explain(std::string_view text) {
  if (compiled_->block) {
    return explain_block(compiled_->packs.front(), compiled_->first_ruleset(), text);
  }
  Explanation explanation;
  explanation.screen = compiled_->cut(text);
  Ruleset& rules = compiled_->rules_for(explanation.screen.kind);
  explanation.pack = compiled_->names[index_of(explanation.screen.kind)];
  explanation.rules = rules.size();
  explanation.reading = weigh(explanation.screen, rules, text, &explanation.findings);
  if (compiled_->is_to_be_read(text)) return explanation;
  explanation.reading = {};
  for (auto& finding : explanation.findings) {
    finding.decided = false;
    finding.reason = "refused: none of the pack's words stands on the screen";
  }
  return explanation;
}

Judge& JudgeCache::find(const std::string& pack) {
  auto& judge = judges_[pack];
  if (!judge) judge = std::make_unique<Judge>(load_packs(pack));
  return *judge;
}

}  // namespace quotawatch
