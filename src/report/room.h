// The room that a text for people has.
#pragma once

#include <cstddef>

namespace quotawatch {

// The size of a terminal; else 80 columns and unlimited rows.
struct Room {
  bool terminal = false;
  std::size_t columns = 80;
  std::size_t rows = 0;  // 0: no limit
};

// Of what a file descriptor writes to.
Room room_on(int descriptor);

}  // namespace quotawatch
