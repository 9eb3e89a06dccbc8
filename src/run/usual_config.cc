#include "run/usual_config.h"

#include <filesystem>
#include <system_error>

#include "quotawatch/input_error.h"

namespace quotawatch {

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
