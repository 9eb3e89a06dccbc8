#include "os/host/foreground_program.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>

#include "base/text.h"
#include "os/host/system_clock.h"
#include "os/loop/process_status.h"

namespace quotawatch::os {
namespace {

constexpr std::array<std::string_view, 13> shells{"ash",  "bash", "csh",  "dash", "elvish", "fish", "ksh",
                                                  "mksh", "nu",   "pwsh", "sh",   "tcsh",   "zsh"};

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
  const auto first = read_process_status(process);
  if (!first || first->foreground_group <= 0) return std::nullopt;
  const bool leads = first->foreground_group == process;
  const auto leader = leads ? first : read_process_status(first->foreground_group);
  if (!leader) return std::nullopt;
  // Read again each time: a program may start another in its place, or call itself something else.
  const std::string arguments = read_process_file(leader->process, "cmdline");
  if (arguments.empty()) return std::nullopt;
  std::string_view rest = arguments;
  const std::string name(base_name(take_until(rest, '\0')));
  return ForegroundProgram{leader->process, leader->started_ticks, name, is_interactive_shell(arguments)};
}

std::optional<WallTime> wall_time_of(std::uint64_t started_ticks) {
  const auto up_s = up_seconds();
  if (!up_s) return std::nullopt;
  const double started_s = static_cast<double>(started_ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  return read_system_clock().wall - Milliseconds(static_cast<std::int64_t>((*up_s - started_s) * 1000));
}

}  // namespace quotawatch::os
