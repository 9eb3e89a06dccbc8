// Prints the same thing again and again: in place on a terminal, one below the other
// elsewhere. For `status --watch`.
#pragma once

#include <cstddef>
#include <string_view>

namespace quotawatch {

// What stdout has room for: its terminal's size, else 80 columns and no end of rows.
struct Room {
  bool terminal = false;
  std::size_t columns = 80;
  std::size_t rows = 0;  // 0: no limit
};
Room room_on_stdout();

// Draws on the terminal's other screen, and gives the first one back at its end.
class RedrawnScreen {
 public:
  RedrawnScreen();
  ~RedrawnScreen();
  RedrawnScreen(const RedrawnScreen&) = delete;
  RedrawnScreen& operator=(const RedrawnScreen&) = delete;

  // `text`: lines no wider than the room; those that do not fit below are counted.
  void draw(std::string_view text, const Room& room);
};

}  // namespace quotawatch
