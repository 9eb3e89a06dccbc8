#include "report/room.h"

#include <sys/ioctl.h>
#include <unistd.h>

namespace quotawatch {
Room room_on_stdout() {
  Room room;
  room.terminal = ::isatty(STDOUT_FILENO) == 1;
  winsize size{};
  if (!room.terminal || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return room;
  if (size.ws_col > 0) room.columns = size.ws_col;
  room.rows = size.ws_row;
  return room;
}

}  // namespace quotawatch
