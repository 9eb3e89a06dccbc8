// The rules that judge one kind of screen, compiled.
//
// A Judge has one for each program it knows and one for the screens of none. It
// tells which rule fits a message; what that amounts to for the whole screen,
// weigh() says.
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

// Why a rule whose expression matches a message does not fit it; empty: it does.
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
  // What its texts are, and so where ^ and $ hold.
  enum class Texts { messages, rows };

  // `rules` and the packs they belong to must outlive it. Nothing is compiled before a
  // text asks for it: most fleets show the screens of one program, and few messages get
  // as far as an expression of their own.
  Ruleset(std::vector<const Pack*> packs, std::vector<const Rule*> rules, Texts texts = Texts::messages);

  // Compiles everything. Throws InputError for an expression that cannot be used.
  void check() const;

  const Rule& rule(std::size_t index) const { return *rules_[index]; }
  std::size_t size() const { return rules_.size(); }

  // The rules whose expressions match, in their order, up to the first that fits.
  // Valid until the next call.
  const std::vector<Fit>& fits(const Message& message);

  // All rules whose expressions match, in their order.
  std::vector<RuleMatch> matches(std::string_view text) const;

  // True if the rule's expression matches `text`, normalised, wherever that may stand.
  bool matches(std::size_t rule, std::string_view text) const;

  // True for a message that neither says nor undoes anything.
  bool is_aside(std::string_view text) const;

  // True for a message that fits no rule and looks as if it should.
  bool is_near(std::string_view text) const;

 private:
  const RE2::Set& together() const;
  std::string source(std::size_t rule) const;
  const RE2& expression(std::size_t rule) const;
  std::unique_ptr<RE2::Set> compile_together(std::int64_t memory) const;
  std::optional<RuleMatch> find(std::size_t rule, std::string_view text) const;
  std::vector<int> matching(std::string_view text) const;
  std::string_view refusal(const Rule& rule, const Message& message, std::string_view rest) const;

  std::vector<const Pack*> packs_;
  std::vector<const Rule*> rules_;
  Texts texts_;
  // All expressions in one automaton, which grows as texts ask for it: starting costs
  // little, and most messages are told from all rules by their first words.
  mutable std::unique_ptr<RE2::Set> together_;
  mutable std::vector<std::unique_ptr<RE2>> expressions_;  // by rule
  mutable std::optional<std::unique_ptr<RE2>> asides_;     // null: the packs have none
  mutable std::optional<std::unique_ptr<RE2>> near_;
  std::vector<Fit> fits_;
};

// What a rule of a plain screen says to a message when no program is recognised:
// everything that looks into the conversation.
bool looks_in(const Rule& rule, RegionKind region);

}  // namespace quotawatch
