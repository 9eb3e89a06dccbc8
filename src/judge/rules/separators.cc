#include "judge/rules/separators.h"

#include <algorithm>

#include "base/text.h"

namespace quotawatch {
namespace {

constexpr std::string_view dot = "·";

// In normalised text, in which all dashes are one and all dots are one.
constexpr std::string_view any_between = R"((?: ?[·|] ?| -{1,2} | ?: | ?\())";
constexpr std::string_view any_before = R"((?: ?[·|:]| --?| ?\())";

}  // namespace

std::string with_any_separator(std::string_view expression) {
  std::string expanded;
  bool in_class = false;
  for (std::size_t i = 0; i < expression.size();) {
    const auto rest = expression.substr(i);
    const bool between = rest.starts_with(" · ");
    if (!in_class && (between || rest.starts_with(" ·"))) {
      expanded += between ? any_between : any_before;
      i += dot.size() + (between ? 2 : 1);
      continue;
    }
    if (rest[0] == '\\' && rest.size() > 1) {
      expanded += rest.substr(0, 2);
      i += 2;
      continue;
    }
    if (rest[0] == '[') in_class = true;
    if (rest[0] == ']') in_class = false;
    expanded += rest[0];
    ++i;
  }
  return expanded;
}

std::string_view take_separator(std::string_view& rest) {
  const auto words = trim(rest);
  for (const std::string_view separator : {dot, std::string_view("|"), std::string_view(":"), std::string_view("("),
                                           std::string_view("--"), std::string_view("-")}) {
    if (!words.starts_with(separator)) continue;
    rest = trim(words.substr(separator.size()));
    return separator;
  }
  return {};
}

std::size_t find_separator(std::string_view text) {
  std::size_t found = text.size();
  for (const std::string_view separator :
       {dot, std::string_view(" | "), std::string_view(" - "), std::string_view(" -- ")}) {
    found = std::min(found, text.find(separator));
  }
  return found;
}

}  // namespace quotawatch
