#include "os/hook_switcher.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"

namespace quotawatch::os {
namespace {

// How long a hook that was killed may take to be gone. One that cannot even be
// killed (a dead network disk) must hold up neither the report nor our end.
constexpr Milliseconds kill_allowance{200};

std::vector<std::pair<std::string, std::string>> make_environment(const SwitchRequest& request) {
  return {
      {"QUOTAWATCH_ID", request.id},
      {"QUOTAWATCH_FROM", request.from},
      {"QUOTAWATCH_TO", request.to},
      {"QUOTAWATCH_RESET_TEXT", request.reset_text},
      {"QUOTAWATCH_RESET_AT", request.reset_at ? format_wall(*request.reset_at) : ""},
      {"QUOTAWATCH_SESSION", request.session},
  };
}

std::string make_input(const SwitchRequest& request) {
  nlohmann::ordered_json json{
      {"id", request.id},
      {"from", request.from},
      {"to", request.to},
      {"session", request.session},
      {"reset_text", request.reset_text},
      {"reset_at", nullptr},
      {"asked_at", format_wall(request.asked_at)},
  };
  if (request.reset_at) json["reset_at"] = format_wall(*request.reset_at);
  using Json = nlohmann::ordered_json;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

HookSwitcher::HookSwitcher(EventLoop& loop, std::vector<std::string> command, Milliseconds timeout,
                           Log log)
    : loop_(loop),
      command_(std::move(command)),
      timeout_(timeout),
      log_(std::move(log)),
      timer_(loop) {}

void HookSwitcher::configure(std::vector<std::string> command, Milliseconds timeout) {
  command_ = std::move(command);
  timeout_ = timeout;
}

void HookSwitcher::start(const SwitchRequest& request) {
  hook_.reset();
  output_ = std::make_unique<HookOutput>(log_);
  running_ = request.id;
  timed_out_ = false;
  if (command_.empty()) return finish("no command is configured");
  if (std::string why = check_ ? check_(command_) : ""; !why.empty()) return finish(why);

  auto environment = make_environment(request);
  environment.emplace_back("QUOTAWATCH_TMUX_SOCKET", tmux_socket_);
  hook_ = std::make_unique<ChildProcess>(
      loop_, ChildProcess::Command{command_, std::move(environment), make_input(request)},
      ChildProcess::Handlers{
          [this](std::string_view bytes) { output_->feed(HookOutput::Stream::output, bytes); },
          [this](std::string_view bytes) {
            output_->feed(HookOutput::Stream::error_output, bytes);
          },
          [this](const ChildEnd& end) {
            output_->finish();
            if (!running_) return;  // reported already
            finish(timed_out_ ? "timed out" : end.good() ? "" : end.text());
          }});
  if (!hook_->failure().empty()) {
    return finish(
        fmt::format("cannot start {}: {}", in_quotes(command_.front()), hook_->failure()));
  }
  timer_.start_once(timeout_, [this] { time_out(); });
}

void HookSwitcher::time_out() {
  timed_out_ = true;
  hook_->end_group();
  timer_.start_once(ChildProcess::grace + kill_allowance, [this] { finish("timed out"); });
}

void HookSwitcher::finish(std::string why) {
  timer_.stop();
  report_ = SwitchReport{*std::exchange(running_, std::nullopt), why.empty(), std::move(why)};
  loop_.notify();
}

std::optional<SwitchReport> HookSwitcher::take_report() {
  return std::exchange(report_, std::nullopt);
}

void HookSwitcher::abandon() {
  timer_.stop();
  if (running_) {
    hook_->end_group();
    const auto gone = [this] { return hook_->end().has_value() && hook_->group_gone(); };
    running_.reset();
    loop_.run_until(gone, ChildProcess::grace + kill_allowance, EventLoop::OnStop::go_on);
  }
  hook_.reset();
  report_.reset();
}

void DryRunSwitcher::start(const SwitchRequest& request) {
  report_ = SwitchReport{request.id, true, ""};
  loop_.notify();
}

std::optional<SwitchReport> DryRunSwitcher::take_report() {
  return std::exchange(report_, std::nullopt);
}

}  // namespace quotawatch::os
