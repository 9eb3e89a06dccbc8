#include "judge/rules/spaced_pattern.h"

#include <algorithm>

namespace quotawatch {
namespace {

// Beside ASCII: no-break, en to hair, narrow no-break, mathematical, ideographic.
constexpr std::string_view space = R"([\s\x{A0}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}])";

std::string expand(std::string_view pattern) {
  std::string expanded = "(?i)";
  for (const char c : pattern) {
    if (c == ' ' || c == '~') {
      expanded.append(space) += c == ' ' ? '+' : '*';
    } else {
      expanded += c;
    }
  }
  return expanded;
}

}  // namespace

SpacedPattern::SpacedPattern(std::string_view pattern) : expression_(expand(pattern)) {}

bool SpacedPattern::match(std::string_view text, RE2::Anchor anchor, re2::StringPiece* pieces,
                          std::size_t count) const {
  return expression_.Match(re2::StringPiece(text.data(), text.size()), 0, text.size(), anchor, pieces,
                           static_cast<int>(count));
}

bool SpacedPattern::begins(std::string_view rest) const { return match(rest, RE2::ANCHOR_START, nullptr, 0); }

std::optional<std::string_view> SpacedPattern::find(std::string_view text) const {
  re2::StringPiece whole;
  if (!match(text, RE2::UNANCHORED, &whole, 1)) return std::nullopt;
  return std::string_view(whole.data(), whole.size());
}

std::string with_plain_spaces(std::string_view text) {
  static const RE2 expression{std::string(space)};
  std::string plain(text);
  const bool ascii = std::ranges::all_of(text, [](char c) { return (c & 0x80) == 0; });
  if (!ascii) RE2::GlobalReplace(&plain, expression, " ");
  return plain;
}

}  // namespace quotawatch
