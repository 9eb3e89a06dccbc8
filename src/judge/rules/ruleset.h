// The rules that judge one kind of screen, compiled.
//
// A Judge has one for each known program and one for other screens. It finds the rule that fits a
// message; weigh() combines these for the screen.
#pragma once

#include <re2/re2.h>
#include <re2/set.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/pack.h"
#include "quotawatch/screen.h"

namespace quotawatch {

// Why a rule whose expression matches a message does not fit it; empty if it fits.
struct Fit {
  std::size_t rule = 0;
  std::size_t begin = 0;  // of the match, in the message's normalised text
  std::string_view refusal;
};

// A rule whose expression matches a text, and where it first does.
struct RuleMatch {
  std::size_t rule = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
};

class Ruleset {
 public:
  // The kind of text: determines where ^ and $ match.
  enum class Texts { messages, rows };

  // `rules` and their packs must outlive it. Screens of a known program are also judged by shape. Expressions are
  // compiled when first needed: most fleets show the screens of one program, and few messages need a rule's own
  // expression.
  Ruleset(std::vector<const Pack*> packs, std::vector<const Rule*> rules, Texts texts = Texts::messages);

  // Compiles everything. Throws InputError for an expression that cannot be used.
  void check() const;

  const Rule& rule(std::size_t index) const { return *rules_[index]; }
  std::size_t size() const { return rules_.size(); }

  // The rules whose expressions match, in order, up to the first that fits; at last, if `by_shape`, the one
  // that judges by shape. Valid until the next call.
  const std::vector<Fit>& fits(const Message& message, bool by_shape = true);

  // All rules whose expressions match, in order.
  std::vector<RuleMatch> matches(std::string_view text) const;

  // True if the rule's expression matches `text`, normalised, in any region.
  bool matches(std::size_t rule, std::string_view text) const;

  // True for a message that means nothing and changes nothing.
  bool is_aside(std::string_view text) const;

  // True for a message that fits no rule and looks as if it should.
  bool is_near(const Message& message) const;

  // True for a message that matches no rule but speaks of a limit or of its end.
  bool mentions_limit(const Message& message) const;

 private:
  const RE2::Set& together() const;
  std::string source(std::size_t rule) const;
  const RE2& expression(std::size_t rule) const;
  std::unique_ptr<RE2::Set> compile_together(std::int64_t memory) const;
  std::optional<RuleMatch> find(std::size_t rule, std::string_view text) const;
  std::vector<int> matching(std::string_view text) const;
  // `matched`: the message from the match on; `rest`: what follows the match.
  std::string_view refusal(const Rule& rule, const Message& message, std::string_view matched,
                           std::string_view rest) const;
  void fit_shape(const Message& message);

  std::vector<const Pack*> packs_;
  std::vector<const Rule*> rules_;
  Texts texts_;
  // All expressions in one automaton, built lazily: starting is cheap, and the first words of most
  // messages exclude all rules.
  mutable std::unique_ptr<RE2::Set> together_;
  mutable std::vector<std::unique_ptr<RE2>> expressions_;  // by rule
  mutable std::optional<std::unique_ptr<RE2>> asides_;     // null: the packs have none
  mutable std::optional<std::unique_ptr<RE2>> near_;
  std::vector<Fit> fits_;
  bool shapes_ = false;  // the last rule is `limit-by-shape`
};

// The rules for screens of unrecognised programs: all that look into the conversation.
bool looks_in(const Rule& rule, RegionKind region);

}  // namespace quotawatch
