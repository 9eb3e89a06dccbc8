#include "agent_screens.h"

#include "quotawatch/screen.h"

namespace quotawatch {

std::string across() {
  std::string line;
  constexpr int columns = 80;
  for (int i = 0; i < columns; ++i) line += "─";
  return line + "\n";
}

std::string claude_screen(const ClaudeParts& parts) {
  return parts.conversation + "\n" + parts.notice + across() + "❯\u00a0" + parts.draft + "\n" + across() + parts.footer;
}

std::string claude_screen(std::string_view conversation) {
  ClaudeParts parts;
  parts.conversation = conversation;
  return claude_screen(parts);
}

std::string codex_screen(std::string_view conversation) {
  return "  >_ OpenAI Codex (v0.169.0)\n\n" + std::string(conversation) +
         "\n\n› Ask Codex to do anything\n\n  gpt-5 default · /home/dev/acme/shop\n";
}

std::string gemini_screen(std::string_view conversation) {
  return " ▝▜▄     Gemini CLI v0.61.0\n\n" + std::string(conversation) + "\n" + across() +
         " Shift+Tab to accept edits\n\n >   Type your message or @path/to/file\n\n"
         " /home/dev/acme/shop                                    gemini-2.5-pro\n";
}

std::string regions_of(const std::string& text) {
  constexpr std::size_t tail = 3;
  const Screen screen = read_recognised_screen(text, tail);
  std::string regions;
  RegionKind last = RegionKind::blank;
  for (const auto region : screen.regions) {
    if (region == RegionKind::blank || region == last) continue;
    if (!regions.empty()) regions += ' ';
    regions += region_name(region);
    last = region;
  }
  return regions;
}

}  // namespace quotawatch
