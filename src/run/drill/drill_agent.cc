#include "run/drill/drill_agent.h"

#include <fmt/format.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "base/text.h"

namespace quotawatch {
namespace {

constexpr int tick_ms = 300;

bool write_all(std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool draw(const DrillAgent& agent) {
  std::string text = "\033[H";
  const std::string screen = agent.screen();
  bool first = true;
  for (const auto row : split_lines(screen)) {
    text += fmt::format("{}{}\033[K", first ? "" : "\r\n", row);
    first = false;
  }
  return write_all(text);
}

}  // namespace

void DrillAgent::take_keys(std::string_view keys) {
  const bool enters = keys == "\r" || keys == "\n";
  if (enters && !draft_.empty()) {
    asked_ = std::move(draft_);
    draft_.clear();
    return;
  }
  for (const char key : keys) {
    if (key == '\x7f' && !draft_.empty()) draft_.pop_back();
    if (key >= ' ' && key <= '~') draft_ += key;
  }
}

void DrillAgent::tick() {
  if (!asked_.empty()) ++ticks_;
}

std::string DrillAgent::screen() const {
  static constexpr std::array<std::string_view, 4> spinner{"✢", "✳", "✶", "✻"};
  std::vector<std::string> lines{" ▐▛███▛█   Claude Code v2.1.330",
                                 "▝▜██████▀  Sonnet 5.5 · Claude API",
                                 " ▝▝   ▝▝   a drill of quotawatch",
                                 "",
                                 "❯ run the tests",
                                 "",
                                 "● All good, the tests pass now.",
                                 "",
                                 "❯ go on",
                                 "  ⎿  You've hit your limit · resets " + reset_,
                                 ""};
  if (!asked_.empty()) {
    const auto turn = static_cast<std::size_t>(ticks_);
    lines.insert(lines.end(), {"❯ " + asked_, "", "● Going on with the tests.", "",
                               fmt::format("{} Working… ({}s)", spinner.at(turn % spinner.size()), turn / 3)});
  }
  std::string rule;
  for (int i = 0; i < columns; ++i) rule += "─";
  const std::vector<std::string> bottom{rule, "❯ " + draft_, rule,
                                        "  ⏵⏵ bypass permissions on (shift+tab to cycle)"};
  lines.resize(static_cast<std::size_t>(rows) - bottom.size());
  lines.insert(lines.end(), bottom.begin(), bottom.end());
  return fmt::format("{}", fmt::join(lines, "\n"));
}

std::string reset_after(WallTime now) {
  const auto end = std::chrono::floor<std::chrono::hours>(now + std::chrono::hours{2});
  const auto hour = (end - std::chrono::floor<std::chrono::days>(end)).count();
  return fmt::format("{}{} (UTC)", hour % 12 == 0 ? 12 : hour % 12, hour < 12 ? "am" : "pm");
}

int play_drill_agent(const std::string& reset) {
  termios terminal{};
  if (::tcgetattr(STDIN_FILENO, &terminal) == 0) {
    ::cfmakeraw(&terminal);
    ::tcsetattr(STDIN_FILENO, TCSANOW, &terminal);
  }
  DrillAgent agent(reset);
  write_all("\033[2J");
  while (draw(agent)) {
    pollfd keyboard{STDIN_FILENO, POLLIN, 0};
    if (::poll(&keyboard, 1, tick_ms) > 0) {
      std::array<char, 256> keys{};
      const auto count = ::read(STDIN_FILENO, keys.data(), keys.size());
      if (count <= 0) break;
      agent.take_keys({keys.data(), static_cast<std::size_t>(count)});
    } else {
      agent.tick();
    }
  }
  return 0;
}

}  // namespace quotawatch
