#include "sim/troubled_tmux.h"

#include <algorithm>
#include <array>

namespace quotawatch::sim {
namespace {

constexpr std::array<std::string_view, 4> mode_names{"up", "down", "slow", "garbled"};

}  // namespace

std::string_view tmux_mode_name(TmuxTrouble::Mode mode) {
  return mode_names[static_cast<std::size_t>(mode)];
}

std::optional<TmuxTrouble::Mode> find_tmux_mode(std::string_view name) {
  const auto* const found = std::find(mode_names.begin(), mode_names.end(), name);
  if (found == mode_names.end()) return std::nullopt;
  return static_cast<TmuxTrouble::Mode>(found - mode_names.begin());
}

std::vector<std::string> tmux_mode_names() { return {mode_names.begin(), mode_names.end()}; }

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
