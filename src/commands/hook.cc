// quotawatch hook: run by Claude Code's hook `StopFailure`. Tells the running monitor of a turn that failed, and ends
// at once, with 0 and without a word, whatever happens: an agent waits for it.
#include <poll.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <exception>
#include <memory>
#include <string>

#include "base/environment.h"
#include "commands/commands.h"
#include "commands/common_options.h"
#include "os/control/hook_socket.h"
#include "os/host/system_clock.h"
#include "os/records/hook_message.h"
#include "quotawatch/config.h"
#include "run/option_values.h"

namespace quotawatch {
namespace {

// What is needed stands at its beginning; behind it may stand a long answer.
constexpr std::size_t most_input = std::size_t{64} << 10U;
// For all of it: who does not write, or does not end, is not waited for.
constexpr Milliseconds patience{2};

bool has_input(SteadyTime end) {
  const Milliseconds left = std::max(end - os::read_system_clock().steady, Milliseconds{0});
  pollfd wanted{STDIN_FILENO, POLLIN, 0};
  return ::poll(&wanted, 1, static_cast<int>(left.count())) > 0;
}

std::string read_input() {
  const SteadyTime end = os::read_system_clock().steady + patience;
  std::string text;
  std::array<char, 4096> buffer;
  while (text.size() < most_input && has_input(end)) {
    const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return text;
}

void tell_monitor(const std::string& given_config) {
  auto message = os::read_hook_input(read_input());
  if (!message) return;
  message->pane = environment_variable("TMUX_PANE");
  message->server = os::server_in(environment_variable("TMUX"));
  const Config config = load_config(find_config(given_config, "hook"));
  const std::string datagram = os::to_datagram(*message);
  if (datagram.size() > os::HookSocket::longest_message) return;
  os::send_to_monitor(os::hook_socket_path(config.state_path), datagram);
}

int run_hook(const std::string& config) {
  try {
    tell_monitor(config);
  } catch (const std::exception&) {
    // No config, or one that cannot be read: not the agent's concern. `quotawatch run` says it.
  }
  return exit_fine;
}

}  // namespace

void add_hook(CLI::App& app, Command& chosen) {
  auto config = std::make_shared<std::string>();
  auto* command = app.add_subcommand(
      "hook", "For Claude Code's hook StopFailure: hand what it says on stdin to the running monitor");
  command->footer(
      "In Claude Code's settings.json:\n"
      "  \"hooks\": {\"StopFailure\": [{\"hooks\": [{\"type\": \"command\",\n"
      "    \"command\": \"quotawatch hook --config /path/of/quotawatch.json\"}]}]}\n"
      "Ends at once with exit code 0, whatever happens.");
  add_config_option(*command, *config);
  command->callback([config, &chosen] { chosen = [config] { return run_hook(*config); }; });
}

}  // namespace quotawatch
