// The agent of `quotawatch drill`: a program in a pane that stands at its limit and answers keys as
// Claude Code does. It is asked to go on by a text and, as a key of its own, Enter.
//
// Run by `quotawatch drill-agent`, which Drill starts on its private tmux server.
#pragma once

#include <string>
#include <string_view>

#include "quotawatch/time.h"

namespace quotawatch {

class DrillAgent {
 public:
  static constexpr int columns = 100;
  static constexpr int rows = 36;

  // `reset`: what its banner says, such as "8pm (UTC)".
  explicit DrillAgent(std::string reset) : reset_(std::move(reset)) {}

  // Bytes that arrived together. More than one with an Enter among them is pasted text, which is
  // not sent.
  void take_keys(std::string_view keys);

  // Some time passes: an agent at work shows it.
  void tick();

  // The screen's rows, separated by newlines.
  std::string screen() const;

 private:
  std::string reset_;
  std::string draft_;
  std::string asked_;  // what it was asked to go on with; empty: it stands at its limit
  int ticks_ = 0;
};

// The hour in which a limit that is met now would end, for DrillAgent.
std::string reset_after(WallTime now);

// Plays the agent on this terminal until it is closed.
int play_drill_agent(const std::string& reset);

}  // namespace quotawatch
