#include "judge/screen/rows.h"

#include <utf8.h>

#include <algorithm>
#include <cassert>

#include "base/display_width.h"
#include "base/text.h"

namespace quotawatch {
namespace {

constexpr std::size_t shortest_rule = 8;

// Bytes of a space at the front of `text`: 0 if there is none.
std::size_t space_size(std::string_view text) {
  if (text.empty()) return 0;
  if (text.front() == ' ' || text.front() == '\t') return 1;
  return text.substr(0, 2) == "\u00a0" ? 2 : 0;
}

std::string_view without_end_spaces(std::string_view text) {
  while (!text.empty()) {
    const char last = text.back();
    if (last == ' ' || last == '\t' || last == '\r') {
      text.remove_suffix(1);
    } else if (text.size() > 1 && text.substr(text.size() - 2) == "\u00a0") {
      text.remove_suffix(2);
    } else {
      break;
    }
  }
  return text;
}

Row make_row(std::string_view line, std::size_t offset) {
  Row row;
  row.text = without_end_spaces(line);
  row.offset = offset;
  row.body = row.text;
  while (const std::size_t size = space_size(row.body)) {
    row.body.remove_prefix(size);
    ++row.indent;
  }
  if (!row.body.empty()) {
    const char* at = row.body.data();
    row.glyph = utf8::unchecked::next(at);
  }
  return row;
}

bool is_horizontal(char32_t c) { return c == U'─' || c == U'━' || c == U'═' || c == U'╌'; }

// True for glyphs that programs draw before words.
bool is_sign(char32_t c) {
  static constexpr std::u32string_view signs =
      U"⎿└●⏺⚠■✻✽✶✳✢❯›•✦✕✖ℹ⚡⏵⏸◐◯○◉✗✘🖐\u200b"
      U"\ufe0e"
      U"\ufe0f";
  return signs.find(c) != std::u32string_view::npos;
}

}  // namespace

Rows make_rows(const std::vector<std::string_view>& lines) {
  Rows rows;
  rows.reserve(lines.size());
  for (const auto line : lines) {
    rows.push_back(make_row(line, static_cast<std::size_t>(line.data() - lines.front().data())));
  }
  while (!rows.empty() && rows.back().blank()) rows.pop_back();
  return rows;
}

std::size_t utf8_size(char32_t c) { return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4; }

std::string_view after_glyph(const Row& row) {
  const char* at = row.body.data();
  if (row.blank()) return {};
  utf8::unchecked::next(at);
  auto rest = row.body.substr(static_cast<std::size_t>(at - row.body.data()));
  while (const std::size_t size = space_size(rest)) rest.remove_prefix(size);
  return rest;
}

std::string_view skip_signs(std::string_view text) {
  while (!text.empty()) {
    if (const std::size_t size = space_size(text)) {
      text.remove_prefix(size);
      continue;
    }
    const char* at = text.data();
    if (!is_sign(utf8::unchecked::next(at))) break;
    text.remove_prefix(static_cast<std::size_t>(at - text.data()));
  }
  return text;
}

bool is_rule(const Row& row) {
  if (row.indent > 1 || !is_horizontal(row.glyph)) return false;
  const char* at = row.body.data();
  const char* const end = at + row.body.size();
  std::size_t run = 0;
  while (at != end && is_horizontal(utf8::unchecked::next(at))) {
    if (++run == shortest_rule) return true;
  }
  // With a label near its beginning: most of the row must be the line.
  while (at != end) run += is_horizontal(utf8::unchecked::next(at)) ? 1U : 0U;
  return run >= shortest_rule && run * 2 >= display_width(row.body);
}

bool is_box_top(const Row& row) {
  return row.indent <= 1 && (row.glyph == U'╭' || row.glyph == U'┌') && row.body.size() > shortest_rule;
}

bool is_box_bottom(const Row& row) {
  // "└" alone is a gutter of Codex.
  return row.indent <= 1 && (row.glyph == U'╰' || row.glyph == U'└') && row.body.find("──") != std::string_view::npos;
}

bool is_boxed(const Row& row) {
  return row.indent <= 1 && (row.glyph == U'│' || row.glyph == U'┃' || row.glyph == U'║');
}

std::size_t offset_of(const Row& row, std::string_view part) {
  assert(part.data() >= row.text.data());
  assert(part.data() + part.size() <= row.text.data() + row.text.size());
  return row.offset + static_cast<std::size_t>(part.data() - row.text.data());
}

std::string_view inside_box(const Row& row) {
  std::string_view inside = after_glyph(row);
  for (const std::string_view edge : {"│", "┃", "║"}) {
    if (inside.size() >= edge.size() && inside.substr(inside.size() - edge.size()) == edge) {
      inside.remove_suffix(edge.size());
    }
  }
  return without_end_spaces(inside);
}

bool is_option(std::string_view text) {
  for (const std::string_view sign : {"❯", "›", "●", ">", "○"}) {
    if (text.substr(0, sign.size()) == sign) {
      text.remove_prefix(sign.size());
      break;
    }
  }
  while (const std::size_t size = space_size(text)) text.remove_prefix(size);
  return text.size() > 2 && text[0] >= '0' && text[0] <= '9' && text[1] == '.' && space_size(text.substr(2)) > 0;
}

bool is_arrow_prompt(const Row& row) {
  if (row.blank() || row.indent > 0) return false;
  if (row.glyph == U'➜') return true;
  for (const std::string_view arrow : {"❯", "»", "λ"}) {
    const auto before = row.text.substr(0, row.text.find(arrow));
    if (before.size() == row.text.size() || before.empty()) continue;
    if (before.find_first_of("/~") < 2 && before.size() < 60) return true;
  }
  return false;
}

bool is_shell_prompt(const Row& row) {
  if (row.blank() || row.indent > 0) return false;
  constexpr std::size_t longest_prompt = 80;
  // "$ cmd", "user@host:~/dir$ cmd", "[user@host dir]# cmd", "host% cmd"
  const std::string_view head = row.text.substr(0, longest_prompt);
  for (std::size_t i = 0; i < head.size(); ++i) {
    if (head[i] != '$' && head[i] != '#' && head[i] != '%') continue;
    const bool ends = i + 1 == row.text.size() || row.text[i + 1] == ' ';
    const std::string_view before = head.substr(0, i);
    const bool percentage = !before.empty() && before.back() >= '0' && before.back() <= '9';
    if (head[i] == '%' && percentage) return false;
    if (head[i] == '#' && before.empty()) return false;  // a heading
    const bool at_host = before.find('@') != std::string_view::npos || before.find('~') != std::string_view::npos ||
                         before.empty() || before.front() == '[' || before.front() == '(' ||
                         before.find(' ') == std::string_view::npos;
    if (ends && at_host) return true;
  }
  return false;
}

}  // namespace quotawatch
