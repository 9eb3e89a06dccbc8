#include "sim/harness/troubled_tmux.h"

namespace quotawatch::sim {

TmuxCapture TroubledTmux::capture(const std::vector<std::string>& sessions) {
  switch (trouble_.mode) {
    case TmuxTrouble::Mode::down:
      return all_failed(sessions.size(), "no server");
    case TmuxTrouble::Mode::garbled:
      return all_failed(sessions.size(), "tmux's answer is not whole");
    case TmuxTrouble::Mode::slow:
      if (!clock_.await_answer(trouble_.delay, timeout_)) {
        return all_failed(sessions.size(), "timed out");
      }
      break;
    case TmuxTrouble::Mode::up:
      break;
  }
  return tmux_.capture(sessions);
}

}  // namespace quotawatch::sim
