#include "os/hooks/hook_run.h"

#include <fmt/format.h>

#include <cassert>

#include "base/text.h"

namespace quotawatch::os {
namespace {

// How long a killed program may take to disappear. One that cannot even be killed (a dead network
// disk) must not delay the report or our own exit.
constexpr Milliseconds kill_allowance{200};

}  // namespace

HookRun::HookRun(EventLoop& loop, Log log, Ended ended)
    : loop_(loop), log_(std::move(log)), ended_(std::move(ended)), timer_(loop) {}

std::string HookRun::start(ChildProcess::Command command, Milliseconds timeout) {
  assert(!running_);
  assert(!command.arguments.empty());
  program_.reset();
  if (std::string why = check_ ? check_(command.arguments) : ""; !why.empty()) return why;
  output_ = std::make_unique<HookOutput>(log_);
  timed_out_ = false;
  const std::string name = command.arguments.front();
  command.is_hook = true;
  program_ = std::make_unique<ChildProcess>(
      loop_, std::move(command),
      ChildProcess::Handlers{[this](std::string_view bytes) { output_->feed(HookOutput::Stream::output, bytes); },
                             [this](std::string_view bytes) { output_->feed(HookOutput::Stream::error_output, bytes); },
                             [this](const ChildEnd& end) {
                               output_->finish();
                               if (!running_) return;  // already reported
                               finish(timed_out_ ? "timed out" : end.good() ? "" : end.text());
                             }});
  if (!program_->failure().empty()) {
    return fmt::format("cannot start {}: {}", in_quotes(name), program_->failure());
  }
  running_ = true;
  timer_.start_timeout(timeout, [this] { time_out(); });
  return "";
}

void HookRun::time_out() {
  assert(running_ && program_ != nullptr);
  timed_out_ = true;
  program_->end_group();
  timer_.start_timeout(ChildProcess::grace + kill_allowance, [this] { finish("timed out"); });
}

void HookRun::finish(const std::string& why) {
  assert(running_);
  timer_.stop();
  running_ = false;
  ended_(why);
}

void HookRun::end() {
  timer_.stop();
  if (running_) program_->end_group();
}

void HookRun::abandon() {
  end();
  if (std::exchange(running_, false)) {
    // By wall time, not TimeAllowance: our caller is waiting for us to exit.
    bool late = false;
    timer_.start_once(ChildProcess::grace + kill_allowance, [&late] { late = true; });
    const auto gone = [this] { return program_->end().has_value() && program_->group_gone(); };
    loop_.run_until([&] { return late || gone(); }, Milliseconds::max(), EventLoop::OnStop::go_on);
    timer_.stop();
  }
  program_.reset();
}

}  // namespace quotawatch::os
