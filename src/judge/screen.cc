#include "quotawatch/screen.h"

#include <algorithm>

#include "base/text.h"

namespace quotawatch {

std::string_view region_name(RegionKind kind) {
  switch (kind) {
    case RegionKind::history:
      return "history";
    case RegionKind::block:
      return "block";
    case RegionKind::blank:
      return "blank";
  }
  return "";
}

Block take_block(std::string_view text, std::size_t count) {
  Block block;
  std::size_t size = 0;
  while (!text.empty() && block.lines.size() < count) {
    const auto before = text.rfind('\n', text.size() - 1);
    const bool ended = before == text.size() - 1;  // the newline ends an empty line
    const auto line = ended                              ? std::string_view()
                      : before == std::string_view::npos ? text
                                                         : text.substr(before + 1);
    if (!trim(line).empty()) {
      block.lines.push_back(line);
      size += line.size() + 1;
    }
    text = before == std::string_view::npos ? std::string_view() : text.substr(0, before);
  }
  std::reverse(block.lines.begin(), block.lines.end());
  block.text.reserve(size);
  for (const auto line : block.lines) {
    if (!block.text.empty()) block.text += '\n';
    block.text += line;
  }
  return block;
}

Screen read_plain_screen(std::string_view text, std::size_t tail) {
  Screen screen;
  screen.rows = split_lines(text);
  screen.block = take_block(text, tail);
  const char* const judged_from =
      screen.block.lines.empty() ? text.data() + text.size() : screen.block.lines.front().data();
  for (const auto row : screen.rows) {
    screen.regions.push_back(trim(row).empty()          ? RegionKind::blank
                             : row.data() < judged_from ? RegionKind::history
                                                        : RegionKind::block);
  }
  return screen;
}

}  // namespace quotawatch
