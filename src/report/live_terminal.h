// A terminal for the live view, by ncurses: draws rows in the colours of the terminal's palette, and reads keys.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "report/live_view.h"

namespace quotawatch {

class LiveTerminal {
 public:
  // Takes over the terminal on stdin and stdout; null if there is none, or if it cannot move its cursor.
  static std::unique_ptr<LiveTerminal> open(bool colour);
  ~LiveTerminal();  // gives it back as it was
  LiveTerminal(const LiveTerminal&) = delete;
  LiveTerminal& operator=(const LiveTerminal&) = delete;

  // As it is now, also after it was resized.
  LiveSize size();
  void draw(const std::vector<LiveRow>& rows);

  // The next key that was pressed; empty if none was. Never waits.
  std::optional<LiveKey> key();

 private:
  struct Screen;
  explicit LiveTerminal(std::unique_ptr<Screen> screen);
  std::unique_ptr<Screen> screen_;
};

}  // namespace quotawatch
