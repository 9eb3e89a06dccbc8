// Switches accounts by running the user's hook; and DryRunSwitcher, which switches nothing, for
// `--dry-run` and for configs without a hook.
//
// Created by `run`. The hook receives the request in its environment and as JSON on stdin, without
// a shell, and reports the result by its exit status. It runs in turns of the event loop, which is
// notified when a report is ready.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "os/hooks/hook_run.h"
#include "os/loop/event_loop.h"
#include "quotawatch/switcher.h"

namespace quotawatch::os {

class HookSwitcher final : public Switcher {
 public:
  HookSwitcher(EventLoop& loop, std::vector<std::string> command, Milliseconds timeout, Log log);

  // Takes effect with the next request.
  void configure(std::vector<std::string> command, Milliseconds timeout);

  void set_check(HookRun::Check check) { hook_.set_check(std::move(check)); }

  // For hooks that query tmux (QUOTAWATCH_TMUX_SOCKET).
  void set_tmux_socket(std::string name) { tmux_socket_ = std::move(name); }

  // The report is about the hook itself, whatever it leaves running: see HookRun.
  void start(const SwitchRequest& request) override;
  std::optional<SwitchReport> take_report() override;
  bool busy() const override { return running_.has_value() || report_.has_value(); }
  void abandon() override;

 private:
  void finish(std::string why);

  EventLoop& loop_;
  std::vector<std::string> command_;
  Milliseconds timeout_;
  std::string tmux_socket_;
  HookRun hook_;
  std::optional<std::string> running_;  // the id of the request
  std::optional<SwitchReport> report_;
};

// Reports every request as done at once.
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
