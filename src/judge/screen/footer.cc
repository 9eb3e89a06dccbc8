#include "judge/screen/footer.h"

#include <algorithm>
#include <cassert>
#include <string_view>
#include <utility>

#include "base/display_width.h"
#include "base/text.h"
#include "judge/screen/normalise.h"

namespace quotawatch {
namespace {

// A cell of a footer row, separated by a gap.
struct Cell {
  std::string_view text;  // without its glyph
  std::size_t begin = 0;  // column of its text
  std::size_t end = 0;    // column after it
  bool sign = false;      // it had a glyph: a text begins here
};

// Two spaces separate texts; so does the "…" of a text that was truncated to make room.
std::size_t find_gap(std::string_view text) {
  const auto spaces = text.find("  ");
  const auto cut = text.find("… ");
  return std::min(spaces, cut == std::string_view::npos ? cut : cut + std::string_view("…").size());
}

std::vector<Cell> split_cells(const Row& row) {
  std::vector<Cell> cells;
  std::string_view rest = row.body;
  while (!rest.empty()) {
    const auto gap = std::min(find_gap(rest), rest.size());
    Cell cell;
    const auto whole = rest.substr(0, gap);
    cell.text = begins_ignoring_case(whole, "•") ? whole : skip_signs(whole);  // a dot inside a text
    cell.sign = cell.text.size() != whole.size();
    cell.begin = display_width(row.text.substr(0, offset_of(row, cell.text) - row.offset));
    cell.end = cell.begin + display_width(cell.text);
    if (!cell.text.empty()) cells.push_back(cell);
    rest.remove_prefix(gap);
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  }
  return cells;
}

// The cell of the next row that continues `above`: it begins or ends in the same column.
const Cell* below(const Cell& above, const std::vector<Cell>& row) {
  for (const auto& cell : row) {
    if (!cell.sign && (cell.begin == above.begin || cell.end == above.end)) return &cell;
  }
  return nullptr;
}

// Joins the cell to the text above it in the same column. Only texts on the right wrap; those on the left
// are rows of a status line.
bool is_wrapped(const Cell& cell, const std::vector<Cell>& above) {
  constexpr std::size_t left_margin = 8;
  if (cell.sign || cell.begin <= left_margin) return false;
  return std::any_of(above.begin(), above.end(), [&](const Cell& other) { return other.begin == cell.begin; });
}

}  // namespace

std::vector<Message> read_footer(const Rows& rows, std::size_t begin, std::size_t end) {
  assert(begin <= end && end <= rows.size());
  std::vector<std::vector<Cell>> cells;
  for (std::size_t i = begin; i < end; ++i) cells.push_back(split_cells(rows[i]));
  std::vector<Message> messages;
  for (std::size_t row = 0; row < cells.size(); ++row) {
    for (const auto& first : cells[row]) {
      if (row > 0 && is_wrapped(first, cells[row - 1])) continue;
      Message message;
      message.region = RegionKind::footer;
      message.first_row = begin + row;
      const Cell* cell = &first;
      for (std::size_t i = row; cell != nullptr; ++i) {
        normalise_onto(message.normalised, cell->text, offset_of(rows[begin + i], cell->text));
        cell = i + 1 < cells.size() ? below(*cell, cells[i + 1]) : nullptr;
        // The rows below may be another text.
        if (i == row && cell != nullptr) messages.push_back(message);
      }
      messages.push_back(std::move(message));
    }
  }
  return messages;
}

}  // namespace quotawatch
