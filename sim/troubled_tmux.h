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
#include "sim/virtual_clock.h"

namespace quotawatch::sim {

struct TmuxTrouble {
  enum class Mode {
    up,       // nothing is wrong
    down,     // no server
    slow,     // it answers after a delay; beyond the time-out that is no answer
    garbled,  // what it says is not an answer
  };
  Mode mode = Mode::up;
  Milliseconds delay{0};
  bool operator==(const TmuxTrouble&) const = default;
};

std::string_view tmux_mode_name(TmuxTrouble::Mode mode);
std::optional<TmuxTrouble::Mode> find_tmux_mode(std::string_view name);
std::vector<std::string> tmux_mode_names();

class TroubledTmux final : public Tmux {
 public:
  TroubledTmux(Tmux& tmux, VirtualClock& clock, Milliseconds timeout)
      : tmux_(tmux), clock_(clock), timeout_(timeout) {}

  void set(const TmuxTrouble& trouble) { trouble_ = trouble; }

  TmuxCapture capture(const std::vector<std::string>& sessions) override;

 private:
  Tmux& tmux_;
  VirtualClock& clock_;
  Milliseconds timeout_;
  TmuxTrouble trouble_;
};

}  // namespace quotawatch::sim
