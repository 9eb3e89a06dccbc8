#include "sim/screens/text_mutation.h"

#include <utf8.h>

#include <algorithm>
#include <array>
#include <cassert>

#include "base/display_width.h"
#include "sim/screens/random.h"

namespace quotawatch::sim {
namespace {

constexpr std::array<char32_t, dot_count> dots{0, U'·', U'∙', U'•'};
constexpr char32_t no_break_space = U'\u00a0';
constexpr char32_t narrow_no_break_space = U'\u202f';

bool is_letter(char32_t c) { return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z'); }

char32_t in_case(char32_t c, LetterCase letters, Random& random) {
  if (!is_letter(c)) return c;
  constexpr char32_t case_bit = 0x20;
  switch (letters) {
    case LetterCase::lower:
      return c | case_bit;
    case LetterCase::upper:
      return c & ~case_bit;
    case LetterCase::mixed:
      return random.chance(1, 2) ? c ^ case_bit : c;
    default:
      return c;
  }
}

char32_t quoted(char32_t c, QuoteMarks quotes, bool word_follows) {
  if (quotes == QuoteMarks::curly) {
    if (c == U'\'') return U'’';
    if (c == U'"') return word_follows ? U'“' : U'”';
  }
  if (quotes == QuoteMarks::straight) {
    if (c == U'’' || c == U'‘') return U'\'';
    if (c == U'“' || c == U'”') return U'"';
  }
  return c;
}

char32_t spaced(char32_t c, Spaces spaces, Random& random) {
  if (c != U' ' || spaces == Spaces::as_written || random.chance(1, 2)) return c;
  return spaces == Spaces::narrow ? narrow_no_break_space : no_break_space;
}

// Where a row may end: after spaces, which are dropped, and after some signs, which are kept.
std::vector<std::string_view> split_pieces(std::string_view text, bool breaks_in_words) {
  std::vector<std::string_view> pieces;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : ' ';
    const bool sign = breaks_in_words && (text[i] == '/' || text[i] == '-') && next != '/' && next != '-' &&
                      next != ' ' && !(next >= '0' && next <= '9');
    if (text[i] != ' ' && !sign) continue;
    pieces.push_back(text.substr(begin, i + 1 - begin));
    begin = i + 1;
  }
  if (begin < text.size()) pieces.push_back(text.substr(begin));
  return pieces;
}

std::string_view without_end_space(std::string_view text) {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

std::string set_type(std::string_view text, const Typography& type) {
  assert(type.dot < dot_count);
  Random random(type.choices);
  std::string typed;
  for (const char* at = text.data(); at != text.data() + text.size();) {
    char32_t c = utf8::unchecked::next(at);
    const bool word_follows = at != text.data() + text.size() && is_letter(static_cast<unsigned char>(*at));
    if (type.dot != 0 && std::find(dots.begin(), dots.end(), c) != dots.end()) c = dots[type.dot];
    c = quoted(c, type.quotes, word_follows);
    c = in_case(c, type.letters, random);
    c = spaced(c, type.spaces, random);
    utf8::unchecked::append(c, std::back_inserter(typed));
  }
  return typed;
}

std::vector<std::string> wrap_text(std::string_view text, std::size_t width, const Gutter& gutter) {
  std::vector<std::string> rows;
  std::string row(gutter.first);
  std::size_t used = display_width(row);
  bool empty = true;
  const auto end_row = [&] {
    rows.emplace_back(without_end_space(row));
    row = gutter.rest;
    used = display_width(row);
    empty = true;
  };
  for (std::string_view piece : split_pieces(text, gutter.breaks_in_words)) {
    if (!empty && used + display_width(without_end_space(piece)) > width) end_row();
    while (used + display_width(without_end_space(piece)) > width) {
      const auto room = fitting_bytes(piece, std::max<std::size_t>(1, width - std::min(width, used)));
      row += piece.substr(0, room);
      piece.remove_prefix(room);
      end_row();
    }
    row += piece;
    used += display_width(piece);
    empty = false;
  }
  rows.emplace_back(without_end_space(row));
  return rows;
}

std::string cut_text(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  const auto kept = without_end_space(text.substr(0, fitting_bytes(text, width == 0 ? 0 : width - 1)));
  return std::string(kept) + "…";
}

}  // namespace quotawatch::sim
