#include "record/terminal_screen.h"

#include <vterm.h>

#include <stdexcept>

namespace quotawatch {

struct TerminalScreen::Terminal {
  explicit Terminal(TerminalSize size) : terminal(vterm_new(size.rows, size.columns)) {
    if (terminal == nullptr) throw std::runtime_error("no terminal can be made");
    vterm_set_utf8(terminal, 1);
    screen = vterm_obtain_screen(terminal);
    vterm_screen_enable_altscreen(screen, 1);
    vterm_screen_reset(screen, 1);
  }
  ~Terminal() { vterm_free(terminal); }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  VTerm* terminal;
  VTermScreen* screen = nullptr;
};

TerminalScreen::TerminalScreen(TerminalSize size) : terminal_(std::make_unique<Terminal>(size)), size_(size) {}

TerminalScreen::~TerminalScreen() = default;

void TerminalScreen::write(std::string_view bytes) {
  vterm_input_write(terminal_->terminal, bytes.data(), bytes.size());
  // Answers to what the program asked its terminal: nobody reads them.
  vterm_output_read(terminal_->terminal, nullptr, 0);
}

void TerminalScreen::resize(TerminalSize size) {
  vterm_set_size(terminal_->terminal, size.rows, size.columns);
  size_ = size;
}

std::string TerminalScreen::text() const {
  constexpr std::size_t most_bytes = std::size_t{VTERM_MAX_CHARS_PER_CELL} * 4;
  std::string text;
  std::string row(static_cast<std::size_t>(size_.columns) * most_bytes, '\0');
  for (int y = 0; y < size_.rows; ++y) {
    const std::size_t length =
        vterm_screen_get_text(terminal_->screen, row.data(), row.size(), VTermRect{y, y + 1, 0, size_.columns});
    const std::string_view shown = std::string_view(row).substr(0, length);
    text += shown.substr(0, shown.find_last_not_of(' ') + 1);
    text += '\n';
  }
  return text;
}

}  // namespace quotawatch
