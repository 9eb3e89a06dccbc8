// Rows of a screen with what the readers of its regions need.
//
// Made once per screen by make_rows(); used by recognise.cc and by the reader of each program's screens.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace quotawatch {

struct Row {
  std::string_view text;   // without the spaces at its end
  std::string_view body;   // and without those before it
  std::size_t offset = 0;  // of `text` in the screen's text
  std::size_t indent = 0;  // columns before the body
  char32_t glyph = 0;      // the body's first character; 0: blank
  bool blank() const { return glyph == 0; }
  std::size_t body_offset() const { return offset + static_cast<std::size_t>(body.data() - text.data()); }
};

using Rows = std::vector<Row>;

// Splits a text into rows, without blank ones at the end.
Rows make_rows(const std::vector<std::string_view>& lines);

// Bytes of a character in UTF-8.
std::size_t utf8_size(char32_t c);

// The body after its first character and following spaces.
std::string_view after_glyph(const Row& row);

// `text` without the glyphs that programs draw before their words (⎿ ● ⏺ ⚠ ■ └ ✻ …) and the spaces
// after them. Quotation marks stay, because they make it somebody else's words.
std::string_view skip_signs(std::string_view text);

// True for a horizontal line from the first column, possibly with a label.
bool is_rule(const Row& row);

// True for the upper (or lower) edge of a box.
bool is_box_top(const Row& row);
bool is_box_bottom(const Row& row);

// True if the body begins with a vertical of a box.
bool is_boxed(const Row& row);

// Where a part of the row's text begins in the screen's text, in bytes.
std::size_t offset_of(const Row& row, std::string_view part);

// The text between the verticals of a boxed row, trimmed.
std::string_view inside_box(const Row& row);

// True for "1. Yes", with or without a glyph that marks the choice.
bool is_option(std::string_view text);

// True for a shell's prompt: "user@host:~$ ls", "$", "# make".
bool is_shell_prompt(const Row& row);

// The same for prompts with arrows, if they show a folder: "~/src ❯", "➜  src git:(main)". Other programs
// draw arrows, too.
bool is_arrow_prompt(const Row& row);

}  // namespace quotawatch
