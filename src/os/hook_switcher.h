// Switches accounts by running a user's program, the hook; and the switcher that
// switches nothing, for `--dry-run` and configs without a hook.
//
// Made by `run`. The hook gets the request in its environment and as JSON on
// stdin, says how it went by its exit status, and has no shell in between. It
// goes on in turns of the event loop, which is notified when a report is ready.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "os/child_process.h"
#include "os/event_loop.h"
#include "os/hook_output.h"
#include "os/timer.h"
#include "quotawatch/switcher.h"

namespace quotawatch::os {

class HookSwitcher final : public Switcher {
 public:
  // `log` gets what the hook says, as it is: the log must escape it.
  using Log = std::function<void(std::string_view line)>;

  HookSwitcher(EventLoop& loop, std::vector<std::string> command, Milliseconds timeout, Log log);

  // Takes effect with the next request.
  void configure(std::vector<std::string> command, Milliseconds timeout);

  // Asked right before the command is run: why it must not be, or nothing.
  using Check = std::function<std::string(const std::vector<std::string>& command)>;
  void set_check(Check check) { check_ = std::move(check); }

  // Where the sessions are, for hooks that ask tmux (QUOTAWATCH_TMUX_SOCKET).
  void set_tmux_socket(std::string name) { tmux_socket_ = std::move(name); }

  // The report is that of the hook itself. What it leaves running when it ends by
  // itself stays, and is heard until the next request; what it leaves when it is
  // ended by force is killed.
  void start(const SwitchRequest& request) override;
  std::optional<SwitchReport> take_report() override;
  bool busy() const override { return running_.has_value() || report_.has_value(); }
  void abandon() override;

 private:
  void time_out();
  void finish(std::string why);

  EventLoop& loop_;
  std::vector<std::string> command_;
  Milliseconds timeout_;
  std::string tmux_socket_;
  Log log_;
  Check check_;
  Timer timer_;
  bool timed_out_ = false;
  std::unique_ptr<HookOutput> output_;
  std::unique_ptr<ChildProcess> hook_;
  std::optional<std::string> running_;  // the id of the request
  std::optional<SwitchReport> report_;
};

// Reports every request done at once.
class DryRunSwitcher final : public Switcher {
 public:
  explicit DryRunSwitcher(EventLoop& loop) : loop_(loop) {}

  void start(const SwitchRequest& request) override;
  std::optional<SwitchReport> take_report() override;
  bool busy() const override { return report_.has_value(); }
  void abandon() override { report_.reset(); }

 private:
  EventLoop& loop_;
  std::optional<SwitchReport> report_;
};

}  // namespace quotawatch::os
