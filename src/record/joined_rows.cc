#include "record/joined_rows.h"

#include <utf8.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <optional>

#include "base/display_width.h"
#include "base/text.h"

namespace quotawatch {
namespace {

// A row that ends within this distance of the right edge may be wrapped: programs leave margins there.
constexpr std::size_t margin = 4;

// What continues a row is indented by no more than this.
constexpr std::size_t most_indent = 8;

// Borders of boxes and gutters, and scroll bars.
constexpr std::array<std::string_view, 13> frames{"│", "┃", "║", "┆", "┊", "╎", "▏", "▎", "▍", "▌", "▐", "▕", "█"};
// The only one that is also text: a frame behind a line number, or at both ends of a row.
constexpr std::string_view bar = "|";
// What the output of a tool hangs from.
constexpr std::string_view corner = "⎿";

struct Row {
  std::string_view text;
  std::size_t begin = 0;  // in the screen
  std::size_t first = 0;  // of the content, in the row
  std::size_t last = 0;
  bool bars = false;         // "|" is a frame, not a part of a command
  bool starts_item = false;  // does not continue the row above
  bool rule = false;         // a line of a box: nothing continues it
  std::size_t width = 0;     // up to the end of the content
  std::size_t edge = 0;      // the column of a border at the right; 0 if there is none
};

std::size_t frame_at(std::string_view text, bool bars) {
  if (bars && text.starts_with(bar)) return bar.size();
  const auto* const found =
      std::ranges::find_if(frames, [&](std::string_view frame) { return text.starts_with(frame); });
  return found == frames.end() ? 0 : found->size();
}

std::size_t frame_before(std::string_view text, bool bars) {
  if (bars && text.ends_with(bar)) return bar.size();
  const auto* const found = std::ranges::find_if(frames, [&](std::string_view frame) { return text.ends_with(frame); });
  return found == frames.end() ? 0 : found->size();
}

void skip_blanks(const std::string_view text, std::size_t& at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
}

// The digits of a line number at `at`, and what follows them; empty if there is none.
std::string_view number_at(std::string_view text, std::size_t at) {
  constexpr std::size_t most_digits = 6;
  const std::size_t end = std::min(text.find_first_not_of("0123456789", at), text.size());
  return end - at > most_digits || end == text.size() ? std::string_view() : text.substr(at, end - at);
}

std::optional<int> value_of(std::string_view digits) {
  if (digits.empty()) return std::nullopt;
  int value = 0;
  for (const char digit : digits) value = value * 10 + (digit - '0');
  return value;
}

std::optional<int> line_number(std::string_view row) {
  std::size_t at = 0;
  skip_blanks(row, at);
  return value_of(number_at(row, at));
}

// Skips a line number, which differs from other numbers by its border, or by the row beside it that counts on.
void skip_number(Row& row, std::optional<int> above, std::optional<int> below) {
  const std::string_view digits = number_at(row.text, row.first);
  if (digits.empty()) return;
  std::size_t after = row.first + digits.size();
  const int value = *value_of(digits);
  const bool counts = (above && *above + 1 == value) || (below && *below - 1 == value);
  const std::string_view rest = row.text.substr(after);
  const std::size_t blanks = std::min(rest.find_first_not_of(' '), rest.size());
  const std::size_t frame = frame_at(rest.substr(blanks), true);
  const bool at_end = rest.find_first_not_of(' ', blanks + frame) == rest.npos;  // of a box
  const bool bordered = (frame > 0 && !at_end) || rest.starts_with("→");
  if (!bordered && !(counts && rest.starts_with(' '))) return;
  if (rest.starts_with("→")) {
    after += std::string_view("→").size();
  } else if (!bordered) {
    skip_blanks(row.text, after);
    if (row.text.substr(after).starts_with('+') || row.text.substr(after).starts_with('-')) ++after;
  }
  row.first = after;
  row.bars = row.bars || bordered;
}

void skip_frames(Row& row) {
  for (bool more = true; more && row.first < row.text.size();) {
    skip_blanks(row.text, row.first);
    const std::size_t frame = frame_at(row.text.substr(row.first), row.bars);
    row.first += frame;
    more = frame > 0;
  }
}

void trim_end(Row& row) {
  for (std::size_t frame = 1; frame > 0;) {
    row.last = std::max(row.text.substr(0, row.last).find_last_not_of(" \t\r") + 1, row.first);
    frame = frame_before(row.text.substr(row.first, row.last - row.first), row.bars);
    row.last -= frame;
    if (frame > 0) row.edge = display_width(row.text.substr(0, row.last));
  }
}

bool begins_path(std::string_view content) {
  if (content.starts_with("~/") || content.starts_with("./") || content.starts_with("http")) return true;
  if (!content.starts_with('/')) return false;
  const std::string_view name = content.substr(1, content.find('/', 1) - 1);
  return name.size() > 2 && content.size() > name.size() + 1 && std::ranges::all_of(name, is_lower);
}

// Bullets, prompts, paths and rules: what begins with one does not continue the row above.
bool starts_item(std::string_view content) {
  constexpr std::array<std::string_view, 7> marks{"- ", "* ", "> ", "$ ", "# ", "% ", "+ "};
  if (std::ranges::any_of(marks, [&](std::string_view mark) { return content.starts_with(mark); })) return true;
  if (begins_path(content)) return true;
  if (content.empty() || is_ascii(content.front())) return false;
  const char32_t c = utf8::peek_next(content.begin(), content.end());
  return c >= 0x2010 && c < 0x2e80;  // punctuation, arrows, boxes, dingbats
}

bool is_rule(std::string_view content) {
  if (content.empty() || is_ascii(content.front())) return false;
  const char32_t c = utf8::peek_next(content.begin(), content.end());
  return c >= 0x2500 && c < 0x2580;
}

Row parse(std::string_view text, std::size_t begin, std::optional<int> above, std::optional<int> below) {
  Row row;
  row.text = text;
  row.begin = begin;
  row.last = text.size();
  const std::string_view shown = trim(text);
  row.bars = shown.size() > 1 && shown.starts_with(bar) && shown.ends_with(bar);
  skip_frames(row);
  skip_number(row, above, below);
  skip_frames(row);
  trim_end(row);
  const std::string_view content = text.substr(row.first, row.last - row.first);
  row.starts_item = starts_item(content);
  row.rule = is_rule(content);
  if (content.starts_with(corner)) {
    row.first += corner.size();
    skip_blanks(text, row.first);
    row.first = std::min(row.first, row.last);
  }
  row.width = display_width(text.substr(0, row.last));
  return row;
}

std::size_t start_of(const Row& row) { return display_width(row.text.substr(0, row.first)); }

std::size_t first_word_width(const Row& row) {
  const std::string_view content = row.text.substr(row.first, row.last - row.first);
  return display_width(content.substr(0, content.find(' ')));
}

bool is_full(const Row& row, std::size_t columns) {
  const auto reaches = [&](std::size_t edge) { return edge > margin && row.width + margin >= edge; };
  return reaches(columns) || reaches(row.edge);
}

Join join_of(const Row& row, const Row& next, const Row* above, std::size_t columns) {
  if (row.first == row.last || next.first == next.last || next.starts_item || row.rule) return Join::none;
  if (is_full(row, columns)) return Join::strong;
  if (start_of(next) > start_of(row) + most_indent) return Join::none;
  // A program that breaks lines at a width of its own fills them: two equally long ones in a row.
  constexpr std::size_t least_width = 8;
  const bool equal = row.width == next.width || (above != nullptr && row.width == above->width);
  if (equal && row.width >= start_of(row) + least_width) return Join::strong;
  // Where the next word would have fitted, the line was not broken for want of room.
  return row.width + first_word_width(next) >= next.width ? Join::weak : Join::none;
}

}  // namespace

std::vector<ContentRow> content_rows(std::string_view screen, int columns) {
  std::vector<std::string_view> lines;
  for (std::size_t begin = 0; begin <= screen.size();) {
    const std::size_t end = std::min(screen.find('\n', begin), screen.size());
    lines.push_back(screen.substr(begin, end - begin));
    begin = end + 1;
  }
  std::vector<std::optional<int>> numbers;
  numbers.reserve(lines.size());
  for (const auto line : lines) numbers.push_back(line_number(line));
  std::vector<Row> rows;
  rows.reserve(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto above = i == 0 ? std::nullopt : numbers[i - 1];
    const auto below = i + 1 == lines.size() ? std::nullopt : numbers[i + 1];
    rows.push_back(parse(lines[i], static_cast<std::size_t>(lines[i].data() - screen.data()), above, below));
  }
  std::vector<ContentRow> found;
  found.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    found.push_back({row.begin + row.first, row.begin + row.last, Join::none});
    if (i + 1 == rows.size()) break;
    const Row* above = i == 0 ? nullptr : &rows[i - 1];
    found.back().next = join_of(row, rows[i + 1], above, static_cast<std::size_t>(std::max(columns, 0)));
  }
  return found;
}

JoinedRows::JoinedRows(std::string_view screen, const std::vector<ContentRow>& rows, std::string_view between) {
  parts_.reserve(rows.size());
  text_.reserve(screen.size());
  for (const auto& row : rows) {
    parts_.push_back({text_.size(), row.begin, row.end - row.begin});
    text_ += screen.substr(row.begin, row.end - row.begin);
    text_ += row.next == Join::none ? "\n" : between;
  }
}

std::size_t JoinedRows::row_at(std::size_t offset) const {
  const auto after = std::ranges::upper_bound(parts_, offset, {}, &Part::at);
  assert(after != parts_.begin());
  return static_cast<std::size_t>(after - parts_.begin()) - 1;
}

std::vector<RowPiece> JoinedRows::pieces(std::size_t begin, std::size_t end) const {
  std::vector<RowPiece> found;
  assert(begin < end && end <= text_.size());
  for (std::size_t row = row_at(begin); row < parts_.size() && parts_[row].at < end; ++row) {
    const Part& part = parts_[row];
    const std::size_t first = std::max(begin, part.at) - part.at;
    const std::size_t last = std::min(end - part.at, part.size);
    if (first < last) found.push_back({row, part.begin + first, part.begin + last});
  }
  return found;
}

}  // namespace quotawatch
