#include "run/option_values.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <system_error>

#include "quotawatch/duration.h"
#include "quotawatch/input_error.h"

namespace quotawatch {
namespace {

namespace fs = std::filesystem;

// Empty if it is not set.
std::string variable(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
  return value == nullptr ? "" : value;
}

}  // namespace

std::string refuse_empty(const std::string& value) { return value.empty() ? "is empty" : ""; }

Milliseconds duration_of_option(const char* option, const std::string& text) {
  try {
    return parse_duration(text);
  } catch (const std::invalid_argument& error) {
    throw InputError(option, 0, error.what());
  }
}

std::string search_config(const std::string& given) {
  constexpr const char* usual = "quotawatch.json";
  if (!given.empty()) return given;
  if (const auto named = variable("QUOTAWATCH_CONFIG"); !named.empty()) return named;
  std::error_code ignored;
  if (fs::exists(usual, ignored)) return usual;
  fs::path folder = variable("XDG_CONFIG_HOME");
  if (!folder.is_absolute()) folder = fs::path(variable("HOME")) / ".config";
  const fs::path own = folder / "quotawatch" / usual;
  return own.is_absolute() && fs::exists(own, ignored) ? own.string() : "";
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
  const std::string server = variable("TMUX");
  const std::size_t end = server.rfind(',', server.rfind(',') - 1);
  if (end == server.npos || end == 0) return "default";
  const fs::path path = server.substr(0, end);
  std::string folder = variable("TMUX_TMPDIR");
  if (folder.empty()) folder = "/tmp";
  const bool usual = path.parent_path() == fs::path(folder) / ("tmux-" + std::to_string(::geteuid()));
  return usual ? path.filename().string() : path.string();
}

}  // namespace quotawatch
