#include "commands/usual_config.h"

#include <filesystem>
#include <system_error>

#include "quotawatch/input_error.h"

namespace quotawatch {

Config load_usual_config(const std::string& given, const std::string& command) {
  constexpr const char* usual = "quotawatch.json";
  if (!given.empty()) return load_config(given);
  std::error_code ignored;
  if (std::filesystem::exists(usual, ignored)) return load_config(usual);
  throw InputError(command, 0,
                   "there is no quotawatch.json in this folder; give --config FILE, the config of "
                   "the run to ask about");
}

}  // namespace quotawatch
