// A terminal without a window: bytes that a program wrote become the screen that they draw. By libvterm.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "record/asciicast.h"

namespace quotawatch {

class TerminalScreen {
 public:
  explicit TerminalScreen(TerminalSize size);
  ~TerminalScreen();
  TerminalScreen(const TerminalScreen&) = delete;
  TerminalScreen& operator=(const TerminalScreen&) = delete;

  void write(std::string_view bytes);
  void resize(TerminalSize size);

  const TerminalSize& size() const { return size_; }

  // As `tmux capture-pane -p` shows it: a line for each row, without spaces at its end.
  std::string text() const;

 private:
  struct Terminal;
  std::unique_ptr<Terminal> terminal_;
  TerminalSize size_;
};

}  // namespace quotawatch
