#include "judge/rules/ruleset.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "base/text.h"
#include "judge/rules/banner_tail.h"
#include "judge/rules/separators.h"
#include "judge/rules/shape.h"
#include "judge/screen/rows.h"
#include "quotawatch/input_error.h"

namespace quotawatch {
namespace {

// RE2's memory limit for an expression, or for all of a ruleset, and its automaton. An automaton that
// reaches it is discarded and rebuilt. If an expression does not fit, the limit is doubled.
constexpr std::int64_t memory_alone = 512 << 10;
constexpr std::int64_t memory_together = 1536 << 10;
constexpr std::int64_t most_memory = 64 << 20;

RE2::Options caseless(std::int64_t memory) {
  RE2::Options options;
  options.set_max_mem(memory);
  options.set_case_sensitive(false);
  options.set_log_errors(false);
  return options;
}

std::unique_ptr<RE2> compile(const std::string& expression) {
  std::int64_t memory = memory_alone;
  auto compiled = std::make_unique<RE2>(expression, caseless(memory));
  while (compiled->error_code() == RE2::ErrorPatternTooLarge && (memory *= 2) <= most_memory) {
    compiled = std::make_unique<RE2>(expression, caseless(memory));
  }
  return compiled;
}

// One expression for all of a list; null for an empty list.
std::unique_ptr<RE2> any_of(const std::vector<const Pack*>& packs, std::vector<std::string> Pack::*list) {
  std::string together;
  for (const Pack* pack : packs) {
    for (const auto& expression : pack->*list) {
      together += (together.empty() ? "(?:" : "|(?:") + expression + ")";
    }
  }
  return together.empty() ? nullptr : compile(together);
}

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

// True if every alternative of the expression begins with "^", so that a text's first words can exclude
// it. False in doubt, which only costs time.
bool begins_with_caret(std::string_view expression) {
  int depth = 0;
  bool in_class = false;
  bool begins = true;
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const char c = expression[i];
    if (begins && c != '^') return false;
    begins = false;
    if (c == '\\') {
      ++i;
    } else if (in_class) {
      in_class = c != ']';
    } else if (c == '[') {
      in_class = true;
      if (i + 1 < expression.size() && expression[i + 1] == '^') ++i;
      if (i + 1 < expression.size() && expression[i + 1] == ']') ++i;
    } else if (c == '(') {
      ++depth;
    } else if (c == ')') {
      --depth;
    } else if (c == '|' && depth == 0) {
      begins = true;
    }
  }
  return !begins;
}

const Pack& pack_of(const std::vector<const Pack*>& packs, const Rule* rule) {
  for (const Pack* pack : packs) {
    if (!pack->rules.empty() && rule >= &pack->rules.front() && rule <= &pack->rules.back()) {
      return *pack;
    }
  }
  return *packs.front();
}

// What judges by shape, as a rule. It has no expression: no text matches it by itself.
const Rule& by_shape() {
  static const Rule rule = [] {
    Rule made;
    made.id = limit_by_shape;
    made.verdict = Verdict::exhausted;
    made.regions = {RegionKind::turn};
    return made;
  }();
  return rule;
}

bool found_in(const std::unique_ptr<RE2>& expression, std::string_view text) {
  return expression && RE2::PartialMatch(piece(text), *expression);
}

}  // namespace

bool looks_in(const Rule& rule, RegionKind region) {
  const auto looks = [&](RegionKind wanted) {
    return std::find(rule.regions.begin(), rule.regions.end(), wanted) != rule.regions.end();
  };
  const bool conversation = region == RegionKind::block || region == RegionKind::turn;
  if (conversation) return looks(RegionKind::block) || looks(RegionKind::turn);
  return looks(region);
}

Ruleset::Ruleset(std::vector<const Pack*> packs, std::vector<const Rule*> rules, Texts texts)
    : packs_(std::move(packs)), rules_(std::move(rules)), texts_(texts), expressions_(rules_.size()) {
  assert(!packs_.empty());
  shapes_ = texts_ == Texts::messages && packs_.size() == 1 && packs_.front()->screen != ScreenKind::plain;
  if (shapes_) rules_.push_back(&by_shape());
}

void Ruleset::check() const {
  for (std::size_t i = 0; i < expressions_.size(); ++i) {
    const Rule& rule = *rules_[i];
    const auto refuse = [&](std::string_view why) {
      throw InputError(
          pack_of(packs_, &rule).origin, rule.line,
          fmt::format("rule {}: the expression {} cannot be used: {}", in_quotes(rule.id), in_quotes(rule.match), why));
    };
    // RE2's errors quote the expression, so compile the pack's own text.
    if (!expression(i).ok()) refuse(compile(rule.match)->error());
    if (matches(i, "")) refuse("it matches an empty text, and so every screen");
  }
  together();
}

std::string Ruleset::source(std::size_t rule) const {
  return (texts_ == Texts::rows ? "(?m)" : "") + with_any_separator(rules_[rule]->match);
}

const RE2& Ruleset::expression(std::size_t rule) const {
  assert(rule < expressions_.size());
  auto& compiled = expressions_[rule];
  if (!compiled) compiled = compile(source(rule));
  return *compiled;
}

// Null if it does not fit into this memory.
std::unique_ptr<RE2::Set> Ruleset::compile_together(std::int64_t memory) const {
  const bool messages = texts_ == Texts::messages;
  auto set = std::make_unique<RE2::Set>(caseless(memory), messages ? RE2::ANCHOR_START : RE2::UNANCHORED);
  for (std::size_t i = 0; i < expressions_.size(); ++i) {
    const std::string expression = source(i);
    const bool anywhere = messages && !begins_with_caret(expression);
    set->Add(anywhere ? "(?s:.*?)(?:" + expression + ")" : expression, nullptr);
  }
  return set->Compile() ? std::move(set) : nullptr;
}

const RE2::Set& Ruleset::together() const {
  for (auto memory = memory_together; !together_ && memory <= most_memory; memory *= 2) {
    together_ = compile_together(memory);
  }
  if (!together_) {
    throw InputError(packs_.front()->origin, 0, "its rules are too large to be matched together");
  }
  return *together_;
}

bool Ruleset::is_aside(std::string_view text) const {
  if (!asides_) asides_ = any_of(packs_, &Pack::asides);
  return found_in(*asides_, text);
}

bool Ruleset::is_near(const Message& message) const {
  const std::string& text = message.normalised.text;
  const Shape shape = shape_of(text, message.voice);
  if (shapes_ && shape == Shape::other) return false;
  if (shape == Shape::whole || (shapes_ && shape == Shape::part)) return true;
  if (!near_) near_ = any_of(packs_, &Pack::near);
  return found_in(*near_, text);
}

bool Ruleset::mentions_limit(const Message& message) const {
  const Shape shape = shape_of(message.normalised.text, message.voice);
  return shapes_ && shape != Shape::none && shape != Shape::other;
}

bool Ruleset::matches(std::size_t rule, std::string_view text) const {
  return RE2::PartialMatch(piece(text), expression(rule));
}

std::optional<RuleMatch> Ruleset::find(std::size_t rule, std::string_view text) const {
  const re2::StringPiece whole = piece(text);
  re2::StringPiece match;
  if (!expression(rule).Match(whole, 0, whole.size(), RE2::UNANCHORED, &match, 1)) return {};
  const auto begin = static_cast<std::size_t>(match.data() - whole.data());
  return RuleMatch{rule, begin, begin + match.size()};
}

std::vector<RuleMatch> Ruleset::matches(std::string_view text) const {
  std::vector<RuleMatch> found;
  for (const int rule : matching(text)) {
    if (const auto match = find(static_cast<std::size_t>(rule), text)) found.push_back(*match);
  }
  return found;
}

std::vector<int> Ruleset::matching(std::string_view text) const {
  std::vector<int> found;
  RE2::Set::ErrorInfo error{};
  if (together().Match(piece(text), &found, &error) || error.kind == RE2::Set::kNoError) {
    std::sort(found.begin(), found.end());
    return found;
  }
  // The automaton does not fit: match each on its own.
  for (std::size_t i = 0; i < expressions_.size(); ++i) {
    if (matches(i, text)) found.push_back(static_cast<int>(i));
  }
  return found;
}

namespace {

// Whose words these are, if they are not the program's.
std::string_view wrong_voice(Voice voice) {
  switch (voice) {
    case Voice::user:
      return "the user wrote that";
    case Voice::tool:
      return "a tool call, or what it printed";
    case Voice::model:
      return "the model wrote that";
    default:
      return {};
  }
}

constexpr std::string_view words_of_task = "a sign of life, with words of somebody's task";
constexpr std::string_view elsewhere = "the rule does not look in this region";
constexpr std::string_view goes_on_below = "more of the same text follows: the model wrote that";
constexpr std::string_view other_words = "it goes on as no banner does";

// "… limit reached for web searches" is about another limit.
bool goes_on_in_words(std::string_view rest) {
  static const RE2 words(R"((?i) (?:[a-z]+)\b.*)");
  static const RE2 time(R"((?i) (?:resets?|until|try|please|and|retry|wait|again|now|run|your)\b.*)");
  return RE2::FullMatch(piece(rest), words) && !RE2::FullMatch(piece(rest), time);
}

// "… is what the monitor looks for": an expression that takes all of a message takes prose, too.
bool is_prose(std::string_view text) {
  static const RE2 prose(
      R"((?i)\b(?:is|are|was|were) (?:what|why|how|when|where|the|not|one|just|only|text|shown|printed|matched)\b|\b(?:means|says|reads|matches|looks for)\b)");
  return RE2::PartialMatch(piece(text), prose);
}

}  // namespace

std::string_view Ruleset::refusal(const Rule& rule, const Message& message, std::string_view matched,
                                  std::string_view rest) const {
  if (const auto voice = wrong_voice(message.voice); !voice.empty()) return voice;
  if (!looks_in(rule, message.region)) return elsewhere;
  const bool exhausted = rule.verdict == Verdict::exhausted;
  if (exhausted && message.decoration) return words_of_task;
  const bool beside = message.region == RegionKind::footer || message.region == RegionKind::notice;
  if (exhausted && beside && begins_ignoring_case(rest, "…")) return "it is cut off before it says what follows";
  std::string_view behind = rest;
  const bool cut_note = !take_separator(behind).empty();
  if (exhausted && beside && rule.own_reset && !cut_note && !find_reset(message.normalised.text)) {
    return "it names no reset, as banners beside the conversation do";
  }
  if (message.voice == Voice::program && !(exhausted && beside)) {
    return exhausted && goes_on_in_words(rest) ? other_words : std::string_view();
  }
  if (message.more) return goes_on_below;
  if (exhausted && is_prose(matched)) return other_words;
  if (is_banner_tail(rest)) return {};
  return other_words;
}

const std::vector<Fit>& Ruleset::fits(const Message& message, bool by_shape) {
  fits_.clear();
  const std::string& text = message.normalised.text;
  for (const int found : matching(text)) {
    const auto match = find(static_cast<std::size_t>(found), text);
    if (!match) continue;
    const auto rest = std::string_view(text).substr(match->end);
    const auto matched = std::string_view(text).substr(match->begin);
    fits_.push_back({match->rule, match->begin, refusal(*rules_[match->rule], message, matched, rest)});
    if (fits_.back().refusal.empty()) return fits_;
  }
  if (shapes_ && by_shape) fit_shape(message);
  return fits_;
}

void Ruleset::fit_shape(const Message& message) {
  if (shape_of(message.normalised.text, message.voice) != Shape::whole) return;
  std::string_view why = wrong_voice(message.voice);
  if (!why.empty() && !fits_.empty()) return;  // said already
  if (why.empty() && !looks_in(by_shape(), message.region)) why = elsewhere;
  if (why.empty() && message.decoration) why = words_of_task;
  if (why.empty() && message.more && message.voice != Voice::program) why = goes_on_below;
  fits_.push_back({rules_.size() - 1, 0, why});
}

}  // namespace quotawatch
