#include "quotawatch/screen.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <optional>
#include <utility>

#include "base/enum_names.h"
#include "base/text.h"
#include "judge/screen/layouts.h"
#include "judge/screen/rows.h"

namespace quotawatch {

namespace {

constexpr EnumNames<ScreenKind::agent> kinds{"plain", "claude-code", "codex", "gemini", "opencode", "agent"};
constexpr EnumNames<RegionKind::blank> regions{"history", "turn",   "status", "notice", "panel",
                                               "prompt",  "footer", "block",  "blank"};

}  // namespace

std::string_view screen_name(ScreenKind kind) { return kinds.name(kind); }

std::optional<ScreenKind> find_screen_kind(std::string_view name) { return kinds.find(name); }

std::vector<std::string> screen_names() { return kinds.all(); }

std::string_view region_name(RegionKind kind) { return regions.name(kind); }

std::optional<RegionKind> find_region(std::string_view name) { return regions.find(name); }

Block take_block(std::string_view text, std::size_t count) {
  Block block;
  std::size_t size = 0;
  while (!text.empty() && block.lines.size() < count) {
    const auto before = text.rfind('\n', text.size() - 1);
    const bool ended = before == text.size() - 1;  // the newline ends an empty line
    const auto line = ended ? std::string_view() : before == std::string_view::npos ? text : text.substr(before + 1);
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

void mark(Screen& screen, const Rows& rows, std::size_t begin, std::size_t end, RegionKind region) {
  assert(begin <= end && end <= rows.size() && end <= screen.regions.size());
  for (std::size_t i = begin; i < end; ++i) {
    if (!rows[i].blank()) screen.regions[i] = region;
  }
}

namespace {

Screen read_as(std::string_view text, std::optional<ScreenKind> kind, std::size_t tail) {
  Screen screen;
  screen.rows = split_lines(text);
  screen.regions.assign(screen.rows.size(), RegionKind::blank);
  const Rows rows = make_rows(screen.rows);
  screen.kind = kind ? *kind : recognise_screen(rows);
  switch (screen.kind) {
    case ScreenKind::plain:
      read_unknown_screen(rows, tail, screen);
      break;
    case ScreenKind::claude_code:
      read_claude_code(rows, screen);
      break;
    case ScreenKind::codex:
      read_codex(rows, screen);
      break;
    case ScreenKind::gemini:
      read_gemini(rows, screen);
      break;
    case ScreenKind::opencode:
      read_opencode(rows, screen);
      break;
    case ScreenKind::agent:
      read_agent(rows, screen);
      break;
  }
  return screen;
}

}  // namespace

Screen read_screen(std::string_view text, ScreenKind kind, std::size_t tail) { return read_as(text, kind, tail); }

Screen read_recognised_screen(std::string_view text, std::size_t tail) { return read_as(text, std::nullopt, tail); }

}  // namespace quotawatch
