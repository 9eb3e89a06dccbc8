#include "report/live_terminal.h"

#define NCURSES_NOMACROS 1  // macros of it are words of ours
#include <ncurses.h>
#include <unistd.h>

#include <clocale>
#include <cstdio>
#include <utility>

#include "report/room.h"

namespace quotawatch {
namespace {

short pair_of(Role role) { return static_cast<short>(static_cast<int>(role) + 1); }

short colour_of(Role role) {
  switch (role) {
    case Role::good:
      return COLOR_GREEN;
    case Role::warning:
      return COLOR_YELLOW;
    case Role::bad:
      return COLOR_RED;
    default:
      return -1;  // the terminal's own
  }
}

attr_t attributes_of(Role role, bool colour) {
  if (role == Role::faint) return A_DIM;
  if (role == Role::strong) return A_BOLD;
  if (role == Role::plain) return A_NORMAL;
  const attr_t hue = colour ? static_cast<attr_t>(COLOR_PAIR(pair_of(role))) : A_NORMAL;
  return role == Role::bad ? hue | A_BOLD : hue;
}

LiveKey key_of(int code) {
  switch (code) {
    case KEY_UP:
    case 'k':
      return LiveKey::up;
    case KEY_DOWN:
    case 'j':
      return LiveKey::down;
    case KEY_PPAGE:
      return LiveKey::page_up;
    case KEY_NPAGE:
      return LiveKey::page_down;
    case KEY_HOME:
    case 'g':
      return LiveKey::first;
    case KEY_END:
    case 'G':
      return LiveKey::last;
    case 'r':
      return LiveKey::resume;
    case 'p':
      return LiveKey::pause;
    case 'y':
      return LiveKey::yes;
    case '?':
    case 'h':
      return LiveKey::help;
    case 'q':
      return LiveKey::quit;
    default:
      return LiveKey::other;
  }
}

}  // namespace

struct LiveTerminal::Screen {
  SCREEN* screen = nullptr;
  bool colour = false;
};

std::unique_ptr<LiveTerminal> LiveTerminal::open(bool colour) {
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDOUT_FILENO) != 1) return nullptr;
  // Texts are UTF-8 whatever the locale is, as in all other output.
  std::setlocale(LC_CTYPE, "C.UTF-8");  // NOLINT(concurrency-mt-unsafe)
  auto screen = std::make_unique<Screen>();
  screen->screen = ::newterm(nullptr, stdout, stdin);
  if (screen->screen == nullptr) return nullptr;
  std::unique_ptr<LiveTerminal> terminal(new LiveTerminal(std::move(screen)));
  if (::tigetstr("cup") == nullptr) return nullptr;  // TERM=dumb
  ::cbreak();
  ::noecho();
  ::curs_set(0);
  ::keypad(stdscr, TRUE);
  ::nodelay(stdscr, TRUE);
  ::set_escdelay(25);
  if (colour && ::has_colors() && ::start_color() == OK && ::use_default_colors() == OK) {
    terminal->screen_->colour = true;
    for (const auto role : {Role::good, Role::warning, Role::bad}) ::init_pair(pair_of(role), colour_of(role), -1);
  }
  return terminal;
}

LiveTerminal::LiveTerminal(std::unique_ptr<Screen> screen) : screen_(std::move(screen)) {}

LiveTerminal::~LiveTerminal() {
  ::endwin();
  ::delscreen(screen_->screen);
}

LiveSize LiveTerminal::size() {
  const Room room = room_on(STDOUT_FILENO);
  if (room.rows > 0 && ::is_term_resized(static_cast<int>(room.rows), static_cast<int>(room.columns))) {
    ::resizeterm(static_cast<int>(room.rows), static_cast<int>(room.columns));
  }
  return {static_cast<std::size_t>(COLS), static_cast<std::size_t>(LINES)};
}

void LiveTerminal::draw(const std::vector<LiveRow>& rows) {
  ::erase();
  for (std::size_t y = 0; y < rows.size(); ++y) {
    ::move(static_cast<int>(y), 0);
    for (const auto& cell : rows[y].cells) {
      ::attrset(static_cast<int>(attributes_of(cell.role, screen_->colour) | (rows[y].chosen ? A_REVERSE : A_NORMAL)));
      ::addnstr(cell.text.data(), static_cast<int>(cell.text.size()));
    }
  }
  ::attrset(A_NORMAL);
  ::refresh();
}

std::optional<LiveKey> LiveTerminal::key() {
  for (;;) {
    const int code = ::getch();
    if (code == ERR) return std::nullopt;
    if (code != KEY_RESIZE) return key_of(code);
  }
}

}  // namespace quotawatch
