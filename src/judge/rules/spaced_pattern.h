// Regular expressions for wrapped and aligned text: any run of spaces of any kind, including line ends,
// counts as one; case is ignored.
//
// Make them static. They are matched at the front of the rest of a text, part by part.
#pragma once

#include <re2/re2.h>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace quotawatch {

class SpacedPattern {
 public:
  // RE2's syntax, in which " " stands for one or more spaces and "~" for none or more.
  explicit SpacedPattern(std::string_view pattern);

  // Removes a match from the front of `rest` and returns its groups (empty if they did not take part);
  // nullopt if `rest` does not begin with a match. Up to 4 groups are fast.
  template <std::size_t Groups>
  std::optional<std::array<std::string_view, Groups>> take(std::string_view& rest) const;

  // True if `rest` begins with a match.
  bool begins(std::string_view rest) const;

  // The first match anywhere in `text`.
  std::optional<std::string_view> find(std::string_view text) const;

 private:
  bool match(std::string_view text, RE2::Anchor anchor, re2::StringPiece* pieces, std::size_t count) const;

  RE2 expression_;
};

// `text` with all kinds of spaces replaced by plain ones.
std::string with_plain_spaces(std::string_view text);

template <std::size_t Groups>
std::optional<std::array<std::string_view, Groups>> SpacedPattern::take(std::string_view& rest) const {
  std::array<re2::StringPiece, Groups + 1> pieces;
  if (!match(rest, RE2::ANCHOR_START, pieces.data(), pieces.size())) return std::nullopt;
  rest.remove_prefix(pieces[0].size());
  std::array<std::string_view, Groups> groups;
  for (std::size_t i = 0; i < Groups; ++i) groups[i] = {pieces[i + 1].data(), pieces[i + 1].size()};
  return groups;
}

}  // namespace quotawatch
