// Gemini CLI's screens: the conversation, then the input below a line (older: in a box) with two rows of
// footer, or a boxed menu instead.
#include <algorithm>

#include "base/text.h"
#include "judge/screen/conversation.h"
#include "judge/screen/footer.h"
#include "judge/screen/layouts.h"

namespace quotawatch {
namespace {

bool is_sign_of_life(char32_t c) { return c >= U'⠀' && c <= U'⣿'; }

bool is_prompt(const Row& row) { return row.indent <= 1 && row.glyph == U'>'; }

bool is_boxed_prompt(const Row& row) { return is_boxed(row) && inside_box(row).substr(0, 1) == ">"; }

Opening gemini_opening(const Row& row) {
  if (is_boxed_prompt(row) || is_prompt(row)) return Opening::prompt;
  // Boxes of tools and of answered dialogs.
  if (is_boxed(row) || is_box_top(row) || is_box_bottom(row)) return Opening::call;
  if (row.indent > 1) return Opening::continuation;
  if (is_sign_of_life(row.glyph)) return Opening::status;
  switch (row.glyph) {
    case U'✦':
      return Opening::words;
    case U'✕':
    case U'✖':
    case U'ℹ':
    case U'⚠':
    case U'⚡':
      return Opening::notice;
    default:
      break;
  }
  const bool logo = row.glyph >= U'▀' && row.glyph <= U'▟';
  return logo || is_rule(row) ? Opening::foreign : Opening::flush;
}

constexpr ConversationStyle style{gemini_opening};

bool is_header(const Row& row) {
  return row.glyph >= U'▀' && row.glyph <= U'▟' && contains_ignoring_case(row.text, "gemini cli v");
}

bool begins_turn(const Row& row) {
  const auto text = is_boxed_prompt(row) ? trim(inside_box(row).substr(1)) : after_glyph(row);
  const bool sent = (is_prompt(row) && !text.empty()) || is_boxed_prompt(row);
  return sent && text.substr(0, 1) != "/";
}

struct Input {
  std::size_t begin;
  std::size_t end;
};

// The input row: only the footer is below it.
Input find_input(const Rows& rows) {
  for (std::size_t i = rows.size(); i-- > 0;) {
    const bool open = is_prompt(rows[i]) || (rows[i].indent <= 1 && (rows[i].glyph == U'*' || rows[i].glyph == U'!'));
    if (open) {
      constexpr std::size_t farthest_rule = 4;
      for (std::size_t j = i; j-- > 0 && i - j <= farthest_rule;) {
        if (is_rule(rows[j])) return {j, i + 1};
      }
      return {rows.size(), rows.size()};
    }
    if (is_boxed_prompt(rows[i])) {
      std::size_t end = i + 1;
      while (end < rows.size() && is_boxed(rows[end])) ++end;
      const bool closed = end < rows.size() && is_box_bottom(rows[end]);
      return {i > 0 && is_box_top(rows[i - 1]) ? i - 1 : i, closed ? end + 1 : end};
    }
    if (is_boxed(rows[i]) || rows[i].glyph == U'✦' || rows[i].glyph == U'✕') break;
  }
  return {rows.size(), rows.size()};
}

// A dialog: the box at the end of the screen.
std::size_t find_panel(const Rows& rows) {
  constexpr std::size_t most_rows_below = 3;
  std::size_t i = rows.size();
  while (i > 0 && rows.size() - i < most_rows_below && !is_box_bottom(rows[i - 1]) && !is_boxed(rows[i - 1])) --i;
  if (i == 0 || !(is_box_bottom(rows[i - 1]) || is_boxed(rows[i - 1]))) return rows.size();
  while (i > 0 && !is_box_top(rows[i - 1])) {
    if (!is_boxed(rows[i - 1]) && !is_box_bottom(rows[i - 1])) return rows.size();
    --i;
  }
  return i == 0 ? 0 : i - 1;
}

// A menu offers a choice. A tool's box does not, and begins with its state.
bool is_menu(const Rows& rows, std::size_t begin) {
  return std::any_of(rows.begin() + static_cast<std::ptrdiff_t>(begin), rows.end(),
                     [](const Row& row) { return is_boxed(row) && is_option(inside_box(row)); });
}

}  // namespace

void read_gemini(const Rows& rows, Screen& screen) {
  const Input input = find_input(rows);
  std::size_t end = input.begin;
  std::vector<Message> below;
  if (end == rows.size()) {
    const std::size_t panel = find_panel(rows);
    if (panel != rows.size() && is_menu(rows, panel)) {
      end = panel;
      mark(screen, rows, panel, rows.size(), RegionKind::panel);
      const bool edge = is_box_top(rows[panel]);
      const bool closed = is_box_bottom(rows.back());
      below.push_back(read_whole(rows, panel + (edge ? 1 : 0), rows.size() - (closed ? 1 : 0), RegionKind::panel));
    }
  } else {
    mark(screen, rows, input.begin, input.end, RegionKind::prompt);
    mark(screen, rows, input.end, rows.size(), RegionKind::footer);
    below = read_footer(rows, input.end, rows.size());
  }
  // "? for shortcuts", on the right above the rule.
  std::size_t notice = end;
  while (notice > 0 && !rows[notice - 1].blank() && rows[notice - 1].indent > 20) --notice;
  mark(screen, rows, notice, end, RegionKind::notice);
  std::size_t begin = notice;
  while (begin > 0 && !is_header(rows[begin - 1])) --begin;
  std::size_t turn = notice;
  while (turn > begin && !begins_turn(rows[turn - 1])) --turn;
  if (turn > begin) --turn;
  read_conversation(rows, {begin, turn, notice}, style, std::move(below), screen);
}

}  // namespace quotawatch
