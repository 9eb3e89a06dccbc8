#include "os/host/foreground_program.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <fstream>
#include <iterator>

#include "base/text.h"
#include "os/host/system_clock.h"

namespace quotawatch::os {
namespace {

constexpr std::array<std::string_view, 13> shells{"ash",  "bash", "csh",  "dash", "elvish", "fish", "ksh",
                                                  "mksh", "nu",   "pwsh", "sh",   "tcsh",   "zsh"};

// Kernel files have no size; these are short. Empty if the process is gone.
std::string read_kernel_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct ProcessStatus {
  int foreground_group = -1;
  std::uint64_t started_ticks = 0;
};

// The fields after the name, which stands in parentheses and may contain anything.
std::optional<ProcessStatus> read_status(int process) {
  const std::string text = read_kernel_file(fmt::format("/proc/{}/stat", process));
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos || name_end + 2 > text.size()) return std::nullopt;
  std::string_view rest = std::string_view(text).substr(name_end + 2);
  constexpr int foreground_group_field = 8;
  constexpr int start_field = 22;
  ProcessStatus status;
  for (int field = 3; field <= start_field; ++field) {
    const std::string_view word = take_until(rest, ' ');
    if (field == foreground_group_field) std::from_chars(word.begin(), word.end(), status.foreground_group);
    if (field == start_field) std::from_chars(word.begin(), word.end(), status.started_ticks);
  }
  if (status.started_ticks == 0) return std::nullopt;
  return status;
}

std::string_view base_name(std::string_view path) {
  path.remove_prefix(std::min(path.rfind('/') + 1, path.size()));
  if (path.starts_with('-')) path.remove_prefix(1);  // a login shell
  return path;
}

}  // namespace

bool is_interactive_shell(std::string_view arguments) {
  const std::string_view name = base_name(take_until(arguments, '\0'));
  if (std::ranges::find(shells, name) == shells.end()) return false;
  while (!arguments.empty()) {
    const std::string_view argument = take_until(arguments, '\0');
    const bool is_option = argument.starts_with('-') || argument.starts_with('+');
    // `-c` and its like are followed by a command.
    const bool has_command = !argument.starts_with("--") && argument.find('c') != std::string_view::npos;
    if (!is_option || has_command) return false;
  }
  return true;
}

std::optional<ForegroundProgram> foreground_program(int process) {
  assert(process > 0);
  const auto first = read_status(process);
  if (!first || first->foreground_group <= 0) return std::nullopt;
  const auto leader = read_status(first->foreground_group);
  if (!leader) return std::nullopt;
  const std::string arguments = read_kernel_file(fmt::format("/proc/{}/cmdline", first->foreground_group));
  if (arguments.empty()) return std::nullopt;
  std::string_view rest = arguments;
  const std::string name(base_name(take_until(rest, '\0')));
  return ForegroundProgram{first->foreground_group, leader->started_ticks, name, is_interactive_shell(arguments)};
}

std::optional<WallTime> wall_time_of(std::uint64_t started_ticks) {
  const std::string uptime = read_kernel_file("/proc/uptime");  // "12345.67 98765.43"
  double up_s = 0;
  const auto [end, error] = std::from_chars(uptime.data(), uptime.data() + uptime.size(), up_s);
  if (error != std::errc{}) return std::nullopt;
  const double started_s = static_cast<double>(started_ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  return read_system_clock().wall - Milliseconds(static_cast<std::int64_t>((up_s - started_s) * 1000));
}

}  // namespace quotawatch::os
