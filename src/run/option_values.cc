#include "run/option_values.h"

#include <stdexcept>

#include "quotawatch/duration.h"
#include "quotawatch/input_error.h"

namespace quotawatch {

std::string refuse_empty(const std::string& value) { return value.empty() ? "is empty" : ""; }

Milliseconds duration_of_option(const char* option, const std::string& text) {
  try {
    return parse_duration(text);
  } catch (const std::invalid_argument& error) {
    throw InputError(option, 0, error.what());
  }
}

}  // namespace quotawatch
