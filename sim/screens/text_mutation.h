// The same words in other typography and on other rows: what programs, terminals and locales do to
// a message without changing its meaning.
//
// Used by the pattern fuzzer. Every change is a value, so each can be undone separately.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quotawatch::sim {

enum class LetterCase { as_written, lower, upper, mixed };
enum class QuoteMarks { as_written, curly, straight };
enum class Spaces { as_written, no_break, narrow };

// What to change about a text's typography.
struct Typography {
  LetterCase letters = LetterCase::as_written;
  QuoteMarks quotes = QuoteMarks::as_written;
  Spaces spaces = Spaces::as_written;
  std::size_t dot = 0;        // which middle dot; 0: as written
  std::uint64_t choices = 0;  // selects letters and spaces, if not all are changed

  bool operator==(const Typography&) const = default;
};

inline constexpr std::size_t dot_count = 4;

std::string set_type(std::string_view text, const Typography& type);

// How a program arranges a text on rows.
struct Gutter {
  std::string_view first;        // before the first row
  std::string_view rest;         // before every other row
  bool breaks_in_words = false;  // after "/" and "-" too, as Codex does
};

// Greedy word wrap; a word longer than a row is cut.
std::vector<std::string> wrap_text(std::string_view text, std::size_t width, const Gutter& gutter);

// Truncated to `width` columns, with "…" in the last column if anything was cut.
std::string cut_text(std::string_view text, std::size_t width);

}  // namespace quotawatch::sim
