#include "report/status_view.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "base/text.h"
#include "report/console.h"

namespace quotawatch {
namespace {

// the alternate screen, without a cursor
constexpr std::string_view other_screen = "\x1b[?1049h\x1b[?25l";
constexpr std::string_view first_screen = "\x1b[?25h\x1b[?1049l";

}  // namespace

Room room_on_stdout() {
  Room room;
  room.terminal = ::isatty(STDOUT_FILENO) == 1;
  winsize size{};
  if (!room.terminal || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return room;
  if (size.ws_col > 0) room.columns = size.ws_col;
  room.rows = size.ws_row;
  return room;
}

RedrawnScreen::RedrawnScreen() { print_out(other_screen); }

RedrawnScreen::~RedrawnScreen() {
  // The terminal may be gone, and then nothing can be done.
  static_cast<void>(std::fwrite(first_screen.data(), 1, first_screen.size(), stdout));
  static_cast<void>(std::fflush(stdout));
}

void RedrawnScreen::draw(std::string_view text, const Room& room) {
  auto lines = split_lines(text);
  std::string more;
  if (room.rows > 0 && lines.size() > room.rows) {
    more = fmt::format("… {} more", lines.size() - room.rows + 1);
    lines.resize(room.rows - 1);
    lines.push_back(more);
  }
  // Overwrites the old text, which avoids flicker. No newline after the last line: it would scroll.
  std::string out = "\x1b[H";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out += fmt::format("{}{}\x1b[K", i > 0 ? "\r\n" : "", lines[i]);
  }
  print_out(out + "\x1b[J");
  static_cast<void>(std::fflush(stdout));
}

}  // namespace quotawatch
