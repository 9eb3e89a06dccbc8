#include "run/option_values.h"

#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <system_error>

#include "base/environment.h"
#include "quotawatch/duration.h"
#include "quotawatch/input_error.h"

namespace quotawatch {
namespace {

namespace fs = std::filesystem;

constexpr const char* usual_config = "quotawatch.json";

}  // namespace

std::string refuse_empty(const std::string& value) { return value.empty() ? "is empty" : ""; }

Milliseconds duration_of_option(const char* option, const std::string& text) {
  try {
    return parse_duration(text);
  } catch (const std::invalid_argument& error) {
    throw InputError(option, 0, error.what());
  }
}

std::string own_config() {
  fs::path folder = environment_variable("XDG_CONFIG_HOME");
  if (!folder.is_absolute()) folder = fs::path(environment_variable("HOME")) / ".config";
  return folder.is_absolute() ? (folder / "quotawatch" / usual_config).string() : "";
}

std::string search_config(const std::string& given) {
  if (!given.empty()) return given;
  if (const auto named = environment_variable("QUOTAWATCH_CONFIG"); !named.empty()) return named;
  std::error_code ignored;
  if (fs::exists(usual_config, ignored)) return usual_config;
  std::string own = own_config();
  return !own.empty() && fs::exists(own, ignored) ? own : "";
}

std::string find_config(const std::string& given, const std::string& command) {
  const std::string found = search_config(given);
  if (!found.empty()) return found;
  throw InputError(command, 0,
                   "no config: there is no quotawatch.json in this folder nor in ~/.config/quotawatch; give --config "
                   "FILE or set QUOTAWATCH_CONFIG");
}

std::string choose_socket(const std::string& given, const std::string& configured) {
  if (!given.empty()) return given;
  if (!configured.empty()) return configured;
  // PATH,PROCESS,SESSION
  const std::string server = environment_variable("TMUX");
  const std::size_t end = server.rfind(',', server.rfind(',') - 1);
  if (end == server.npos || end == 0) return "default";
  const fs::path path = server.substr(0, end);
  std::string folder = environment_variable("TMUX_TMPDIR");
  if (folder.empty()) folder = "/tmp";
  const bool usual = path.parent_path() == fs::path(folder) / ("tmux-" + std::to_string(::geteuid()));
  return usual ? path.filename().string() : path.string();
}

}  // namespace quotawatch
