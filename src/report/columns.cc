#include "report/columns.h"

#include <cassert>

#include "base/display_width.h"
#include "base/text.h"

namespace quotawatch {

std::string cut_to_columns(std::string_view text, std::size_t columns) {
  assert(!has_controls(text));
  if (fitting_bytes(text, columns) == text.size()) return std::string(text);
  if (columns == 0) return "";
  constexpr std::string_view ellipsis = "…";
  return std::string(text.substr(0, fitting_bytes(text, columns - 1))).append(ellipsis);
}

std::string fit_to_columns(std::string_view text, std::size_t columns) {
  std::string fitted = cut_to_columns(text, columns);
  assert(display_width(fitted) <= columns);
  fitted.append(columns - display_width(fitted), ' ');
  return fitted;
}

}  // namespace quotawatch
