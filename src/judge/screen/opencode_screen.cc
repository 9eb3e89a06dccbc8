// Screens of opencode and of Kilo, which is made from it: the input with a bar on its left and an edge below it,
// under it one row of state, which shows a refused request while it is retried.
#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "judge/screen/conversation.h"
#include "judge/screen/layouts.h"
#include "judge/screen/normalise.h"

namespace quotawatch {
namespace {

bool is_bar(const Row& row) { return row.glyph == U'┃'; }

bool is_edge(const Row& row) { return row.glyph == U'╹'; }

bool is_end_of_answer(const Row& row) { return row.glyph == U'▣'; }

// The columns of a state that moves: its squares overwrite the first letters of what stands there.
bool is_square(std::string_view text) {
  constexpr std::string_view empty = "⬝";
  constexpr std::string_view full = "■";
  return text.substr(0, empty.size()) == empty || text.substr(0, full.size()) == full;
}
constexpr std::size_t square_size = std::string_view("■").size();

// Rows as marked by mark_voices().
Opening opencode_opening(const Row& row) {
  switch (row.glyph) {
    case U'❯':
      return Opening::prompt;
    case U'✗':
      return Opening::notice;
    case U'▣':
      return Opening::status;
    case U'┃':
      return Opening::continuation;
    default:
      break;
  }
  return row.indent == 0 ? Opening::words : Opening::continuation;
}

constexpr ConversationStyle style{opencode_opening};

// A wide screen has a column of its own on the right.
void cut_off_side(Row& row) {
  constexpr std::string_view gap = "    ";
  const auto end = row.body.find(gap);
  if (end == std::string_view::npos) return;
  row.text.remove_suffix(row.body.size() - end);
  row.body = row.body.substr(0, end);
}

// Gives each row of rows[0, end) the sign of who speaks. What the user sent and what the program says went wrong
// have the same bar; the program's stands where an answer was expected: before the row that ends it.
void mark_voices(Rows& rows, std::size_t end) {
  bool asked = false;  // and not answered to the end
  bool barred = false;
  bool spoken = false;
  for (std::size_t i = 0; i < end; ++i) {
    Row& row = rows[i];
    cut_off_side(row);
    const bool bar = is_bar(row);
    if (bar && after_glyph(row).empty()) row.glyph = 0;
    if (row.blank()) {
      barred = barred && bar;
      spoken = false;
      continue;
    }
    if (bar) {
      if (!barred) row.glyph = asked ? U'✗' : U'❯';
      barred = asked = true;
      continue;
    }
    barred = false;
    if (is_end_of_answer(row)) {
      asked = false;
      continue;
    }
    row.indent = spoken ? 1 : 0;
    spoken = true;
  }
}

// The program's words in the row of state, wrapped or not, without its squares and its keys on the right.
Message read_state(const Rows& rows, std::size_t begin) {
  Message message;
  message.first_row = begin;
  for (std::size_t i = begin; i < rows.size() && !rows[i].blank(); ++i) {
    std::string_view rest = rows[i].body;
    while (!rest.empty()) {
      if (is_square(rest)) {
        rest.remove_prefix(square_size);
        continue;
      }
      std::size_t size = 0;
      while (size < rest.size() && !is_square(rest.substr(size)) && rest.substr(size, 2) != "  ") ++size;
      const auto part = rest.substr(0, size);
      const bool keys = begins_ignoring_case(part, "esc ") || begins_ignoring_case(part, "tab ") ||
                        begins_ignoring_case(part, "ctrl+");
      if (!keys) {
        normalise_onto(message.normalised, part,
                       rows[i].body_offset() + static_cast<std::size_t>(part.data() - rows[i].body.data()));
      }
      rest.remove_prefix(size);
      rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    }
  }
  return message;
}

}  // namespace

void read_opencode(const Rows& rows, Screen& screen) {
  const auto lowest = std::find_if(rows.rbegin(), rows.rend(), is_edge);
  const auto edge = static_cast<std::size_t>(rows.rend() - lowest);  // the row below it; 0: none
  std::size_t input = edge == 0 ? rows.size() : edge - 1;
  while (input > 0 && edge != 0 && is_bar(rows[input - 1])) --input;
  const std::size_t footer = edge == 0 ? rows.size() : edge;
  mark(screen, rows, input, footer, RegionKind::prompt);
  mark(screen, rows, footer, rows.size(), RegionKind::footer);
  std::vector<Message> below;
  if (footer < rows.size() && is_square(rows[footer].body)) below.push_back(read_state(rows, footer));
  Rows marked = rows;
  mark_voices(marked, input);
  std::size_t turn = input;
  while (turn > 0 && opencode_opening(marked[turn - 1]) != Opening::prompt) --turn;
  if (turn > 0) --turn;
  read_conversation(marked, {0, turn, input}, style, std::move(below), screen);
}

}  // namespace quotawatch
