// A tmux whose server is slow, hangs, answers nonsense or is gone: a decorator over any
// other, on virtual time.
//
// Used by Stage. What is wrong is set from outside; what the panes show is the other's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/tmux.h"
#include "sim/harness/virtual_clock.h"
#include "transcript/action.h"

namespace quotawatch::sim {

class TroubledTmux final : public Tmux {
 public:
  TroubledTmux(Tmux& tmux, VirtualClock& clock, Milliseconds timeout) : tmux_(tmux), clock_(clock), timeout_(timeout) {}

  void set(const TmuxTrouble& trouble) { trouble_ = trouble; }

  TmuxCapture capture(const std::vector<std::string>& sessions) override;

 private:
  Tmux& tmux_;
  VirtualClock& clock_;
  Milliseconds timeout_;
  TmuxTrouble trouble_;
};

}  // namespace quotawatch::sim
