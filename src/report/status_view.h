// Prints a text repeatedly: in place on a terminal, one below the other elsewhere. For `status
// --watch`.
#pragma once

#include <cstddef>
#include <string_view>

namespace quotawatch {

// The size of stdout's terminal; else 80 columns and unlimited rows.
struct Room {
  bool terminal = false;
  std::size_t columns = 80;
  std::size_t rows = 0;  // 0: no limit
};
Room room_on_stdout();

// Draws on the terminal's alternate screen, and restores the main screen at its end.
class RedrawnScreen {
 public:
  RedrawnScreen();
  ~RedrawnScreen();
  RedrawnScreen(const RedrawnScreen&) = delete;
  RedrawnScreen& operator=(const RedrawnScreen&) = delete;

  // `text`: lines no wider than the room. Lines that do not fit are counted at the bottom.
  void draw(std::string_view text, const Room& room);
};

}  // namespace quotawatch
