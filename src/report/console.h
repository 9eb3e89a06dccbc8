// Output for people: colour only on a terminal, and no unescaped text from a pane.
#pragma once

#include <fmt/color.h>

#include <string>
#include <string_view>

namespace quotawatch {

// True if stdout is a terminal and NO_COLOR is not set.
bool stdout_takes_colour();

// `text` in a style if `colour` is true.
std::string styled(bool colour, const fmt::text_style& style, std::string_view text);

// Writes to stdout. Throws std::system_error on failure (a full disk). If the reader has gone away,
// ends the program quietly, as is usual in pipes.
void print_out(std::string_view text);

}  // namespace quotawatch
