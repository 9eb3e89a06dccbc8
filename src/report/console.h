// Output for people: colour only on a terminal, and no unescaped text from a pane.
#pragma once

#include <fmt/color.h>

#include <string>
#include <string_view>

namespace quotawatch {

enum class ColourChoice { automatic, always, never };

// Of the option --color.
void choose_colour(ColourChoice choice);

// As chosen; else true if stdout is a terminal, NO_COLOR is not set, and TERM is not `dumb`.
bool stdout_takes_colour();

// Whether stderr is a terminal whose last line can be overwritten, and how wide it is; 0: it is none.
std::size_t columns_on_stderr();

// `text` in a style if `colour` is true.
std::string styled(bool colour, const fmt::text_style& style, std::string_view text);

// Writes to stdout. Throws std::system_error on failure (a full disk). If the reader has gone away,
// ends the program quietly, as is usual in pipes.
void print_out(std::string_view text);

}  // namespace quotawatch
