// Truncation of texts to a display width (see base/display_width.h).
//
// For tables whose cells come from outside: names may have any length and script. The texts must
// have gone through escape_controls().
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace quotawatch {

// `text`, or as many of its characters as fit before a "…".
std::string cut_to_columns(std::string_view text, std::size_t columns);

// The same, padded with spaces.
std::string fit_to_columns(std::string_view text, std::size_t columns);

}  // namespace quotawatch
