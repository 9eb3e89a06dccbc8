// A decorator that makes a tmux server slow, hanging, down or garbled, on virtual time.
//
// Used by Stage around FakeTmux.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/tmux.h"
#include "sim/harness/virtual_clock.h"
#include "transcript/action.h"

namespace quotawatch::sim {

class FaultyTmux final : public Tmux {
 public:
  FaultyTmux(Tmux& tmux, VirtualClock& clock, Milliseconds timeout) : tmux_(tmux), clock_(clock), timeout_(timeout) {}

  void set(const TmuxFault& fault) { fault_ = fault; }

  // False: no request to the server is answered.
  bool answers() const { return fault_.mode == TmuxFault::Mode::up || fault_.mode == TmuxFault::Mode::slow; }

  TmuxCapture capture(const std::vector<std::string>& sessions) override;
  SessionList list_sessions() override;

  // What was listed last.
  const std::vector<std::string>& listed() const { return listed_; }

 private:
  Tmux& tmux_;
  VirtualClock& clock_;
  Milliseconds timeout_;
  TmuxFault fault_;
  std::vector<std::string> listed_;
};

}  // namespace quotawatch::sim
