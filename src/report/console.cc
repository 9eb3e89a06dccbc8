#include "report/console.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "base/environment.h"
#include "report/room.h"

namespace quotawatch {
namespace {

ColourChoice chosen = ColourChoice::automatic;

bool is_dumb_terminal() { return environment_variable("TERM") == "dumb"; }

}  // namespace

void choose_colour(ColourChoice choice) { chosen = choice; }

bool stdout_takes_colour() {
  if (chosen != ColourChoice::automatic) return chosen == ColourChoice::always;
  static const bool takes =
      isatty(STDOUT_FILENO) == 1 && !is_dumb_terminal() && environment_variable("NO_COLOR").empty();
  return takes;
}

std::size_t columns_on_stderr() {
  const Room room = room_on(STDERR_FILENO);
  return room.terminal && !is_dumb_terminal() ? room.columns : 0;
}

std::string styled(bool colour, const fmt::text_style& style, std::string_view text) {
  return colour ? fmt::format(style, "{}", text) : std::string(text);
}

void print_out(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size()) return;
  throw std::system_error(errno, std::generic_category(), "stdout cannot be written");
}

}  // namespace quotawatch
