#include "run/option_values.h"

#include <filesystem>
#include <stdexcept>
#include <system_error>

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

std::string find_usual_config(const std::string& given, const std::string& command) {
  constexpr const char* usual = "quotawatch.json";
  if (!given.empty()) return given;
  std::error_code ignored;
  if (std::filesystem::exists(usual, ignored)) return usual;
  throw InputError(command, 0,
                   "there is no quotawatch.json in this folder; give --config FILE, the config of "
                   "the run to ask about");
}

}  // namespace quotawatch
