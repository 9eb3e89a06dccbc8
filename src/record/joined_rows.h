// The rows of a screen as running text: without their frames, and joined where a program or the terminal may
// have broken a line.
//
// For secret_search.cc only. Whether two rows belong together can be seen at the right edge; elsewhere it can
// only be ruled out. The search decides by what it finds (see Join::weak).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace quotawatch {

enum class Join {
  none,    // the next row begins something else
  weak,    // the next row may continue this one
  strong,  // this row is full
};

// What a row holds between box borders, gutters and line numbers, in bytes of the screen.
struct ContentRow {
  std::size_t begin = 0;
  std::size_t end = 0;
  Join next = Join::none;
};

// `columns`: of the screen; 0 if unknown. Linear.
std::vector<ContentRow> content_rows(std::string_view screen, int columns);

// A part of one row.
struct RowPiece {
  std::size_t row = 0;
  std::size_t begin = 0;  // in the screen
  std::size_t end = 0;
};

// All rows, with a newline between those that do not continue.
class JoinedRows {
 public:
  // `between`: what stands where a row continues: nothing if words may be cut, else "\n".
  JoinedRows(std::string_view screen, const std::vector<ContentRow>& rows, std::string_view between);

  const std::string& text() const { return text_; }

  // The row that holds this byte of the text, or the row before the break that it is part of.
  std::size_t row_at(std::size_t offset) const;

  std::vector<RowPiece> pieces(std::size_t begin, std::size_t end) const;

 private:
  struct Part {
    std::size_t at;     // in the text
    std::size_t begin;  // in the screen
    std::size_t size;
  };

  std::string text_;
  std::vector<Part> parts_;  // one a row
};

}  // namespace quotawatch
