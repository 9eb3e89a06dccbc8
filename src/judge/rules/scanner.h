// Many expressions looked for in one pass over a text.
//
// The Judge's three scans are made of it: the words that decide whether a screen
// is read at all, the rules over a message, and the rules over a plain block.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace quotawatch {

// An expression that cannot be used, by its number; npos if none alone is to blame.
struct BadExpression {
  std::size_t index;
  std::string why;
};

class Scanner {
 public:
  struct Match {
    std::size_t expression;
    std::size_t last_byte;  // of the first place it matches at
    bool operator==(const Match&) const = default;
  };

  // Case is ignored, ^ and $ hold at lines. Throws BadExpression.
  static Scanner for_expressions(const std::vector<std::string>& expressions);

  // Plain words of letters and digits instead; much faster to look for.
  static Scanner for_words(const std::vector<std::string>& words);

  Scanner(Scanner&&) noexcept;
  Scanner& operator=(Scanner&&) noexcept;
  ~Scanner();

  // Every expression that matches in `text` and where first, in their order.
  // Valid until the next scan.
  const std::vector<Match>& scan(std::string_view text);

  // True if any matches.
  bool any(std::string_view text);

 private:
  struct Parts;
  explicit Scanner(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace quotawatch
