#include "report/room.h"

#include <sys/ioctl.h>
#include <unistd.h>

namespace quotawatch {

Room room_on(int descriptor) {
  Room room;
  room.terminal = ::isatty(descriptor) == 1;
  winsize size{};
  if (!room.terminal || ::ioctl(descriptor, TIOCGWINSZ, &size) != 0) return room;
  if (size.ws_col > 0) room.columns = size.ws_col;
  room.rows = size.ws_row;
  return room;
}

}  // namespace quotawatch
