#include "sim/harness/faulty_tmux.h"

namespace quotawatch::sim {

TmuxCapture FaultyTmux::capture(const std::vector<std::string>& sessions) {
  switch (fault_.mode) {
    case TmuxFault::Mode::down:
      return all_failed(sessions.size(), "no server");
    case TmuxFault::Mode::garbled:
      return all_failed(sessions.size(), "tmux's answer is not whole");
    case TmuxFault::Mode::slow:
      if (!clock_.await_answer(fault_.delay, timeout_)) {
        return all_failed(sessions.size(), "timed out");
      }
      break;
    case TmuxFault::Mode::up:
      break;
  }
  return tmux_.capture(sessions);
}

SessionList FaultyTmux::list_sessions() {
  using Mode = TmuxFault::Mode;
  listed_.clear();
  if (fault_.mode == Mode::down) return {false, false, "no server"};
  if (fault_.mode == Mode::garbled) return {false, false, "tmux's answer is not whole"};
  if (fault_.mode == Mode::slow && !clock_.await_answer(fault_.delay, timeout_)) return {false, false, "timed out"};
  SessionList list = tmux_.list_sessions();
  if (list.server_up) listed_ = list.names;
  return list;
}

}  // namespace quotawatch::sim
