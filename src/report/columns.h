// The display width of a text in a terminal, and truncation to a width.
//
// For tables whose cells come from outside: names may have any length and script. The texts must
// have gone through escape_controls().
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace quotawatch {

// Wide characters (East Asian, emoji) count as two columns, combining ones as none. Characters
// unknown to the system count as two: then a table may look uneven, but is never too wide.
std::size_t display_columns(std::string_view text);

// `text`, or as many of its characters as fit before a "…".
std::string cut_to_columns(std::string_view text, std::size_t columns);

// The same, padded with spaces.
std::string fit_to_columns(std::string_view text, std::size_t columns);

}  // namespace quotawatch
