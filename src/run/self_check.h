// Whether everything that a run needs is as it should be: for `quotawatch check`.
//
// Looks only: runs no hook, starts no tmux server, saves nothing.
#pragma once

#include <string>
#include <vector>

#include "os/loop/event_loop.h"
#include "quotawatch/config.h"
#include "quotawatch/judge.h"

namespace quotawatch {

struct CheckLine {
  bool well = true;
  std::string what;   // "hook"
  std::string words;  // what was found; if it is not well, what would be right
};

class SelfCheck {
 public:
  explicit SelfCheck(std::string config_path) : path_(std::move(config_path)) {}

  // Never throws for what is wrong with the config or the host.
  std::vector<CheckLine> run();

 private:
  void add(bool well, std::string what, std::string words) {
    lines_.push_back({well, std::move(what), std::move(words)});
  }
  bool read_config();
  void check_command(const std::string& key, const std::vector<std::string>& command);
  void check_commands();
  void check_accounts();
  void check_state();
  void check_store();
  void check_journal();
  void check_zone();
  void check_tmux();
  void check_sessions();
  void check_witnesses();

  std::string path_;
  Config config_;
  std::vector<CheckLine> lines_;
  os::EventLoop loop_;
  JudgeCache judges_;
};

// What draws the screen, as a pack says it, or "a plain screen".
std::string describe_screen(Judge& judge, const std::string& text);

}  // namespace quotawatch
