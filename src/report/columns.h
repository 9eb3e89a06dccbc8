// How many columns of a terminal a text takes, and texts made to fit.
//
// For tables whose cells come from elsewhere: names may be of any length and script.
// The texts must have gone through escape_controls().
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace quotawatch {

// Wide characters (East Asian, emoji) count two, combining ones none. What the system
// does not know counts two: a table may look uneven then, but never becomes too wide.
std::size_t display_columns(std::string_view text);

// `text`, or as many of its characters as fit before a "…".
std::string cut_to_columns(std::string_view text, std::size_t columns);

// The same, filled up with spaces.
std::string fit_to_columns(std::string_view text, std::size_t columns);

}  // namespace quotawatch
