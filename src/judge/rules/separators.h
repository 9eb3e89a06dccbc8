// What stands between the parts of a banner: `-`, `–`, `—`, `·`, `∙`, `|`, `:` or `(`. Programs change
// it freely, so it is no wording: all are alike, in every rule.
#pragma once

#include <string>
#include <string_view>

namespace quotawatch {

// The expression with each " · " replaced by one for any separator.
std::string with_any_separator(std::string_view expression);

// Removes a separator and the spaces around it from the front of `rest`: the separator, or nothing.
std::string_view take_separator(std::string_view& rest);

// The offset of the next separator between two notes of a banner; the size of `text` if there is none.
// A parenthesis or colon within a note, such as that of a zone or of a clock, is none.
std::size_t find_separator(std::string_view text);

}  // namespace quotawatch
