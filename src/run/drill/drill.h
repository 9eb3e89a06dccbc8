// `quotawatch drill`: plays the whole chain, from a banner on a screen to the hook and the events
// command, before a user relies on it.
//
// Created and run once by drill.cc. A private tmux server shows an agent at its limit, and `quotawatch
// run`, the same program as in production, watches it with the user's config, in which only the
// sessions, the tmux server, the state and the journal are replaced. Hook and events command are the
// real ones, run with QUOTAWATCH_DRILL=1. Nothing of the real run is touched.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/loop/child_process.h"
#include "os/loop/event_loop.h"
#include "quotawatch/config.h"

namespace quotawatch {

class Drill {
 public:
  // Throws InputError if the config is bad, or no private folder can be made.
  explicit Drill(std::string config);
  ~Drill();
  Drill(const Drill&) = delete;
  Drill& operator=(const Drill&) = delete;

  // Prints each step; returns the exit code.
  int run();

 private:
  using Line = nlohmann::json;

  // Prints a step that is fine, or has failed with what would be right.
  bool say(std::string_view step, const std::string& problem, const std::string& note = "");
  bool check_command(std::string_view key, const std::vector<std::string>& command, const std::string& if_none);
  bool start_tmux();
  bool recognise();
  void start_monitor();
  bool follow_switch();
  void follow_resume();
  void follow_events();
  void end_monitor();

  std::string drill_config() const;
  std::string path(std::string_view name) const { return folder_ + "/" + std::string(name); }
  std::string tmux(std::vector<std::string> arguments);  // what it printed
  // The first of these events in the monitor's journal; empty if none comes in time.
  std::optional<Line> wait_for(const std::vector<std::string>& events, Milliseconds most);
  // Looks at it again and again, and lets the monitor run meanwhile. False if it does not come in time.
  bool wait_until(const std::function<bool()>& condition, Milliseconds most);
  std::vector<Line> journal() const;
  std::string monitor_trouble() const;

  std::string config_path_;
  Config config_;
  ResumeWay way_;
  std::string folder_;
  std::vector<std::string> agent_;  // what runs in the pane
  os::EventLoop loop_;
  std::unique_ptr<os::ChildProcess> monitor_;
  std::optional<os::ChildEnd> monitor_end_;
  std::string monitor_log_;
  std::string tmux_trouble_;
  bool failed_ = false;
};

}  // namespace quotawatch
