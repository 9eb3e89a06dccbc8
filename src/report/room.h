// The room that a text for people has.
#pragma once

#include <cstddef>

namespace quotawatch {

// The size of stdout's terminal; else 80 columns and unlimited rows.
struct Room {
  bool terminal = false;
  std::size_t columns = 80;
  std::size_t rows = 0;  // 0: no limit
};
Room room_on_stdout();

}  // namespace quotawatch
