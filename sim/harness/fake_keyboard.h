// The keyboards of a FakeTmux: what is typed shows in the prompt on the screen, and the part that
// plays the programs is notified.
//
// Used by Stage. Conversations are called "{session_id}" unless say() names one, since recordings know no
// ids. It reacts to nothing else by itself: transcripts and simulated worlds say what a
// program makes of a key.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "quotawatch/keyboard.h"
#include "sim/harness/fake_tmux.h"
#include "sim/harness/faulty_tmux.h"

namespace quotawatch::sim {

// Without what programs suggest in an empty prompt. Real ones draw it faint; fake panes have no colours.
std::string without_suggestions(std::string screen);

class FakeKeyboard final : public Keyboard {
 public:
  // Told of each stroke that reached a pane, and how the pane was before it.
  using Listener = std::function<void(const Stroke& stroke, const PaneCapture& before)>;

  FakeKeyboard(FakeTmux& panes, const FaultyTmux& server) : panes_(panes), server_(server) {}

  void listen(Listener listener) { listener_ = std::move(listener); }

  // What the program in a pane says of itself.
  struct Says {
    std::string conversation = "{session_id}";  // empty: not known
    bool busy = false;
  };
  void say(const std::string& pane, Says says) { says_[pane] = std::move(says); }

  std::string why_not(const Stroke& stroke) override;
  std::string send(const Stroke& stroke) override;
  std::optional<std::string> read_typed(const std::string& pane) override;

 private:
  FakeTmux& panes_;
  const FaultyTmux& server_;
  Listener listener_;
  std::map<std::string, Says> says_;  // by pane
};

}  // namespace quotawatch::sim
