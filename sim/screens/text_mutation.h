// The same words in other type and on other rows: what programs, terminals and
// locales do to a message without changing what it says.
//
// Used by the pattern fuzzer; every change is a value, so that a failing one can be
// taken back alone.
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

// What to change about a text's type.
struct Typography {
  LetterCase letters = LetterCase::as_written;
  QuoteMarks quotes = QuoteMarks::as_written;
  Spaces spaces = Spaces::as_written;
  std::size_t dot = 0;        // which middle dot; 0: as written
  std::uint64_t choices = 0;  // which letters and which spaces, where not all

  bool operator==(const Typography&) const = default;
};

inline constexpr std::size_t dot_count = 4;

std::string set_type(std::string_view text, const Typography& type);

// How a program puts a text on rows.
struct Gutter {
  std::string_view first;        // before the first row
  std::string_view rest;         // before every other
  bool breaks_in_words = false;  // behind "/" and "-" too, as Codex does
};

// Greedy word wrap; a word longer than a row is cut.
std::vector<std::string> wrap_text(std::string_view text, std::size_t width, const Gutter& gutter);

// At most `width` columns, the last of them "…" if anything was cut.
std::string cut_text(std::string_view text, std::size_t width);

}  // namespace quotawatch::sim
