// Writing for a person: colour on a terminal only, and nothing from a pane unescaped.
#pragma once

#include <fmt/color.h>

#include <string>
#include <string_view>

namespace quotawatch {

// Whether stdout takes colour: a terminal, and NO_COLOR is not set.
bool stdout_takes_colour();

// `text` in a style where `colour` is on.
std::string styled(bool colour, const fmt::text_style& style, std::string_view text);

// Writes to stdout. Throws std::system_error where that fails (a full disk); a
// reader that went away ends the program quietly, as pipes are used.
void print_out(std::string_view text);

}  // namespace quotawatch
