// How many columns of a terminal a text takes.
//
// The one place that knows: for reading screens, for drawing them, and for tables.
#pragma once

#include <cstddef>
#include <string_view>

namespace quotawatch {

// Wide characters (East Asian, emoji) count two, combining ones none. What Unicode does not
// assign counts two: a table may look uneven then, but never becomes too wide.
std::size_t display_width(char32_t character);

// Of valid UTF-8 without newlines.
std::size_t display_width(std::string_view text);

// The bytes of as many characters at the front of `text` as fit into so many columns.
std::size_t fitting_bytes(std::string_view text, std::size_t columns);

}  // namespace quotawatch
