// The visible text of a pane, cut into regions.
//
// Made by read_screen() from a capture, a transcript or a file; read by Judge
// and drawn by `explain`. Rows are views into the text given, which must outlive
// the screen.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace quotawatch {

// How a screen is to be read; a pack says which one it is written for.
enum class ScreenKind {
  plain,  // the last non-blank rows, as one block
};

// What a row is. The reading of real agents' screens adds its own regions here.
enum class RegionKind {
  history,  // above what counts
  block,    // judged
  blank,    // rows with nothing on them
};

std::string_view region_name(RegionKind kind);

// The rows that are judged together, as one text.
struct Block {
  std::string text;                     // joined by newlines
  std::vector<std::string_view> lines;  // views into the screen's text
};

// The last `count` non-blank lines of `text`. Looks at no more of it than that:
// this runs for every screen that changed.
Block take_block(std::string_view text, std::size_t count);

struct Screen {
  std::vector<std::string_view> rows;
  std::vector<RegionKind> regions;  // one a row
  Block block;
};

// Cuts `text` into rows and takes its last `tail` non-blank ones as the block.
Screen read_plain_screen(std::string_view text, std::size_t tail);

}  // namespace quotawatch
