#include "os/hooks/hook_switcher.h"

#include <fmt/format.h>

#include <cassert>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"

namespace quotawatch::os {
namespace {

std::vector<std::pair<std::string, std::string>> make_environment(const SwitchRequest& request) {
  return {
      {"QUOTAWATCH_ID", request.id},
      {"QUOTAWATCH_FROM", request.from},
      {"QUOTAWATCH_TO", request.to},
      {"QUOTAWATCH_RESET_TEXT", request.reset_text},
      {"QUOTAWATCH_RESET_AT", request.reset_at ? format_wall(*request.reset_at) : ""},
      {"QUOTAWATCH_SESSION", request.session},
      {"QUOTAWATCH_GROUP", request.group},
      {"QUOTAWATCH_GENERATION", request.generation > 0 ? std::to_string(request.generation) : ""},
  };
}

std::string make_input(const SwitchRequest& request) {
  using Json = nlohmann::ordered_json;
  return to_json(request).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

HookSwitcher::HookSwitcher(EventLoop& loop, std::vector<std::string> command, Milliseconds timeout, Log log)
    : loop_(loop),
      command_(std::move(command)),
      timeout_(timeout),
      hook_(loop, std::move(log), [this](const std::string& why) { finish(why); }) {}

void HookSwitcher::configure(std::vector<std::string> command, Milliseconds timeout) {
  command_ = std::move(command);
  timeout_ = timeout;
}

void HookSwitcher::start(const SwitchRequest& request) {
  assert(!busy());
  assert(!request.id.empty());
  running_ = request.id;
  if (command_.empty()) return finish("no command is configured");
  auto environment = make_environment(request);
  environment.emplace_back("QUOTAWATCH_TMUX_SOCKET", tmux_socket_);
  const std::string why = hook_.start({command_, std::move(environment), make_input(request)}, timeout_);
  if (!why.empty()) finish(why);
}

void HookSwitcher::finish(std::string why) {
  assert(running_ && !report_);
  report_ = SwitchReport{*std::exchange(running_, std::nullopt), why.empty(), std::move(why)};
  loop_.notify();
}

std::optional<SwitchReport> HookSwitcher::take_report() { return std::exchange(report_, std::nullopt); }

void HookSwitcher::abandon() {
  hook_.abandon();
  running_.reset();
  report_.reset();
}

void DryRunSwitcher::start(const SwitchRequest& request) {
  assert(!busy());
  report_ = SwitchReport{request.id, true, ""};
  loop_.notify();
}

std::optional<SwitchReport> DryRunSwitcher::take_report() { return std::exchange(report_, std::nullopt); }

}  // namespace quotawatch::os
