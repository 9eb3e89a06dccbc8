#include "judge/rules/banner_tail.h"

#include <re2/re2.h>

#include <algorithm>

#include "base/text.h"
#include "judge/rules/separators.h"
#include "judge/screen/rows.h"

namespace quotawatch {
namespace {

constexpr std::size_t longest_note = 80;
constexpr auto most_words = 8;

// "resets 8pm (Europe/Paris)": the word and a time, nothing else.
bool is_reset_note(std::string_view note) {
  static const RE2 expression(
      R"x((?i)(?:limits? |access |usage )?(?:will )?(?:resets?|renews?|refills?|back|try again|until):?(?: (?:until|at|in|on|and|by|utc|gmt\S*|\d[\d:.,/hmsdrint+-]*)x"
      R"x((?:am|pm|st|nd|rd|th|z)?,?|[ap]\.?m\.?,?|days?|hours?|minutes?|mins?|hrs?|seconds?)x"
      R"x(|secs?|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun))x"
      R"x([a-z]*,?|\([^)"]*\)?|…))+[.…]*)x");
  return RE2::FullMatch(re2::StringPiece(note.data(), note.size()), expression);
}

bool begins_reset(std::string_view note) {
  static const RE2 expression(
      R"((?i)(?:limits? |access |usage )?(?:will )?(?:reset|renew|refill|back (?:at|on|in) |until ).*)");
  return RE2::FullMatch(re2::StringPiece(note.data(), note.size()), expression);
}

// "/upgrade to Max", "ask your admin": what programs advise. Behind a dash or a colon, which the model
// writes too, nothing else is a note.
bool is_advice(std::string_view note) {
  static const RE2 expression(
      R"((?i)/[a-z-]+\b.*|(?:upgrade|add|buy|purchase|ask|contact|visit|see|run|try again|wait|progress saved)\b.*)");
  return RE2::FullMatch(re2::StringPiece(note.data(), note.size()), expression);
}

bool is_note(std::string_view note) {
  constexpr std::string_view cut = "…";
  if (note.empty()) return true;
  if (note.size() <= longest_note && note.size() >= cut.size() && note.substr(note.size() - cut.size()) == cut) {
    return true;
  }
  if (begins_reset(note)) return is_reset_note(note);
  // "/upgrade to Max or turn on /extra-usage", "ask your admin to raise it": no sentence.
  static const RE2 sentence(R"((?i).*\b(?:is|are|was|were|what|when|which|that|says|means)\b.*)");
  const bool few_words = std::count(note.begin(), note.end(), ' ') < most_words;
  return few_words && note.size() <= longest_note && note.find('"') == std::string_view::npos &&
         !RE2::FullMatch(re2::StringPiece(note.data(), note.size()), sentence);
}

}  // namespace

bool is_banner_tail(std::string_view rest) {
  rest = trim(rest);
  if (!rest.empty() && (rest.front() == '.' || rest.front() == '!')) rest = trim(rest.substr(1));
  if (rest.empty()) return true;
  auto separator = take_separator(rest);
  if (separator.empty()) return begins_reset(rest) && is_reset_note(rest);
  if (separator == "(") {
    const auto close = rest.rfind(')');
    if (close == std::string_view::npos || !is_banner_tail(rest.substr(close + 1))) return false;
    rest = rest.substr(0, close);
  }
  while (!rest.empty()) {
    const auto next = find_separator(rest);
    const auto note = trim(rest.substr(0, next));
    if (!is_note(note) || (separator != "·" && !begins_reset(note) && !is_advice(note))) return false;
    rest.remove_prefix(next);
    separator = take_separator(rest);
  }
  return true;
}

}  // namespace quotawatch
