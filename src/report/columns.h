// Texts made to fit into columns of a terminal (see base/display_width.h).
//
// For tables whose cells come from elsewhere: names may be of any length and script.
// The texts must have gone through escape_controls().
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace quotawatch {

// `text`, or as many of its characters as fit before a "…".
std::string cut_to_columns(std::string_view text, std::size_t columns);

// The same, filled up with spaces.
std::string fit_to_columns(std::string_view text, std::size_t columns);

}  // namespace quotawatch
