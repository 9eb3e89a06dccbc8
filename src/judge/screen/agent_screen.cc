// Screens of agents without a reader of their own. They have in common what is relied on here: an input between
// two lines or in a box, the conversation above it, and signs before the rows of it. Some indent all of it.
//
// Where a program does not mark who speaks, nobody but the whole of a message is believed: see Voice::shared.
#include <algorithm>
#include <optional>

#include "base/text.h"
#include "judge/screen/conversation.h"
#include "judge/screen/footer.h"
#include "judge/screen/layouts.h"

namespace quotawatch {
namespace {

bool is_prompt_sign(char32_t c) { return c == U'❯' || c == U'>'; }

// Signs that these programs put before their own words, and no model before its.
bool is_notice_sign(char32_t c) {
  static constexpr std::u32string_view signs = U"✗✘✕✖⚠■❌";
  return signs.find(c) != std::u32string_view::npos;
}

bool is_words_sign(char32_t c) {
  static constexpr std::u32string_view signs = U"●⏺•◆✦*○◉◎";
  return signs.find(c) != std::u32string_view::npos;
}

bool is_spinner(char32_t c) { return c >= U'⠀' && c <= U'⣿'; }

bool is_drawing(char32_t c) { return c >= U'─' && c <= U'▟'; }

bool stands_apart(const Row& row) {
  const auto rest = row.body.substr(utf8_size(row.glyph));
  return rest.substr(0, 1) == " " || rest.substr(0, 2) == "\u00a0" || rest.substr(0, 3) == "\ufe0e";
}

bool has_sign(const Row& row) {
  return !row.blank() && stands_apart(row) &&
         (is_prompt_sign(row.glyph) || is_notice_sign(row.glyph) || is_words_sign(row.glyph));
}

// Rows are indented relative to the signs of the conversation (see without_margin()).
Opening agent_opening(const Row& row) {
  if (row.glyph == U'└' || row.glyph == U'⎿') return Opening::result;
  if (is_spinner(row.glyph)) return Opening::status;
  if (row.indent == 0 && has_sign(row)) {
    if (is_prompt_sign(row.glyph)) return Opening::prompt;
    return is_notice_sign(row.glyph) ? Opening::notice : Opening::words;
  }
  if (is_drawing(row.glyph)) return Opening::foreign;
  return row.indent > 1 ? Opening::continuation : Opening::bullet;
}

constexpr ConversationStyle style{agent_opening};

struct Input {
  std::size_t begin;
  std::size_t end;
};

// The lowest one: between two lines, or in a box; at the end of the rows if there is none.
Input find_input(const Rows& rows) {
  constexpr std::size_t most_rows = 12;
  for (std::size_t lower = rows.size(); lower-- > 1;) {
    const bool line = is_rule(rows[lower]);
    if (!line && !is_box_bottom(rows[lower])) continue;
    const std::size_t highest = lower - std::min(lower, most_rows);
    for (std::size_t upper = lower; upper-- > highest;) {
      if (line ? is_rule(rows[upper]) : is_box_top(rows[upper])) return {upper, lower + 1};
      if (!line && !is_boxed(rows[upper])) break;
    }
    break;
  }
  return {rows.size(), rows.size()};
}

// The row directly above the input, set off from the conversation: a folder, a mode.
std::size_t find_notice(const Rows& rows, std::size_t end) {
  const bool set_off = end > 1 && !rows[end - 1].blank() && rows[end - 2].blank() && !has_sign(rows[end - 1]);
  return set_off ? end - 1 : end;
}

// The rows with the conversation's signs in the first column.
Rows without_margin(const Rows& rows, std::size_t end) {
  std::optional<std::size_t> margin;
  for (std::size_t i = 0; i < end; ++i) {
    if (has_sign(rows[i])) margin = std::min(margin.value_or(rows[i].indent), rows[i].indent);
  }
  Rows moved = rows;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Row& row = moved[i];
    row.indent -= std::min(row.indent, margin.value_or(0));
    // Directly below another row it is the rest of that.
    const bool rest = i > 0 && !rows[i - 1].blank() && !has_sign(row) && !is_drawing(row.glyph);
    if (rest && row.indent <= 1 && !is_spinner(row.glyph)) row.indent = 2;
  }
  return moved;
}

}  // namespace

void read_agent(const Rows& rows, Screen& screen) {
  const Input input = find_input(rows);
  mark(screen, rows, input.begin, input.end, RegionKind::prompt);
  mark(screen, rows, input.end, rows.size(), RegionKind::footer);
  auto below = read_footer(rows, input.end, rows.size());
  const std::size_t notice = find_notice(rows, input.begin);
  mark(screen, rows, notice, input.begin, RegionKind::notice);
  const Rows moved = without_margin(rows, notice);
  std::size_t turn = notice;
  while (turn > 0 && agent_opening(moved[turn - 1]) != Opening::prompt) --turn;
  if (turn > 0) --turn;
  read_conversation(moved, {0, turn, notice}, style, std::move(below), screen);
}

}  // namespace quotawatch
