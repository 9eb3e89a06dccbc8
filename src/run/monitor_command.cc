#include "run/monitor_command.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/text.h"
#include "os/control/monitor_query.h"
#include "os/control/private_socket.h"
#include "os/host/system_clock.h"
#include "quotawatch/input_error.h"
#include "run/account_request.h"
#include "run/exit_code.h"

namespace quotawatch {
namespace {

// In addition to the time that tmux may take.
constexpr Milliseconds patience{2000};
// Between the last moment at which the monitor may begin and our timeout.
constexpr Milliseconds time_to_save{500};
constexpr Milliseconds until_asked_again{50};

}  // namespace

std::optional<CommandAnswer> command_monitor(const Config& config,
                                             const std::function<std::string(WallTime valid_until)>& request) {
  using Outcome = os::MonitorReply::Outcome;
  const SteadyTime end = os::read_system_clock().steady + config.tmux_timeout + patience;
  for (;;) {
    const Moment now = os::read_system_clock();
    const Milliseconds left = std::max(end - now.steady, time_to_save);
    const auto reply =
        os::ask_monitor(os::socket_path(config.state_path), request(now.wall + left - time_to_save), left);
    if (reply.outcome == Outcome::not_running) return std::nullopt;
    const std::string who = reply.process > 0 ? fmt::format("the monitor (process {})", reply.process) : "the monitor";
    if (reply.outcome == Outcome::silent) {
      return CommandAnswer{CommandAnswer::Outcome::refused, who + " runs and does not answer; nothing has changed"};
    }
    if (reply.outcome == Outcome::failed) {
      return CommandAnswer{CommandAnswer::Outcome::refused, fmt::format("{}: {}", who, reply.why)};
    }
    if (auto answer = read_command_answer(reply.text, who)) return answer;
    std::this_thread::sleep_for(until_asked_again);
  }
}

int report_answer(const std::string& name, const CommandAnswer& answer) {
  switch (answer.outcome) {
    case CommandAnswer::Outcome::wrong:
      throw InputError(name, 0, answer.words);
    case CommandAnswer::Outcome::refused:
      spdlog::error("{}: {}", name, escape_controls(answer.words));
      return exit_failed;
    default:
      spdlog::info("{}", escape_controls(answer.words));
      return exit_fine;
  }
}

}  // namespace quotawatch
