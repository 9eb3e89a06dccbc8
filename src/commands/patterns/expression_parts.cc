#include "commands/patterns/expression_parts.h"

#include <algorithm>

#include "base/text.h"

namespace quotawatch {
namespace {

// The end of the element at `at`: an escape, a class, or one character.
std::size_t end_of_part(std::string_view expression, std::size_t at) {
  if (expression[at] == '\\') return std::min(at + 2, expression.size());
  if (expression[at] != '[') return at + 1;
  std::size_t end = at + 1;
  if (end < expression.size() && expression[end] == '^') ++end;
  if (end < expression.size() && expression[end] == ']') ++end;  // a literal ]
  while (end < expression.size() && expression[end] != ']') {
    end += expression[end] == '\\' ? 2U : 1U;
  }
  return std::min(end + 1, expression.size());
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool begins(std::string_view text, std::string_view with) { return text.substr(0, with.size()) == with; }

}  // namespace

std::vector<std::string> split_alternatives(std::string_view expression) {
  std::vector<std::string> alternatives;
  std::size_t begin = 0;
  std::size_t depth = 0;
  for (std::size_t at = 0; at < expression.size();) {
    const char c = expression[at];
    if (c == '(') ++depth;
    if (c == ')' && depth > 0) --depth;
    if (c == '|' && depth == 0) {
      alternatives.emplace_back(expression.substr(begin, at - begin));
      begin = at + 1;
    }
    at = end_of_part(expression, at);
  }
  alternatives.emplace_back(expression.substr(begin));
  return alternatives;
}

bool is_anchored(std::string_view alternative) {
  for (const std::string_view opening : {"(?i)", "(?:", "("}) {
    if (begins(alternative, opening)) alternative.remove_prefix(opening.size());
  }
  if (begins(alternative, "\\A")) return true;
  return begins(alternative, "^") && !begins(alternative, "^.*");
}

std::vector<std::string> literal_words(std::string_view expression) {
  constexpr std::size_t shortest_word = 3;
  std::vector<std::string> words;
  std::string word;
  for (std::size_t at = 0; at < expression.size();) {
    const std::size_t end = end_of_part(expression, at);
    if (is_letter(expression[at])) {
      word += expression[at];
    } else {
      if (word.size() >= shortest_word) words.push_back(lower_case(word));
      word.clear();
    }
    at = end;
  }
  if (word.size() >= shortest_word) words.push_back(lower_case(word));
  return words;
}

}  // namespace quotawatch
