// Screens of agents, drawn small: what tests say in a line or two, with the rest of
// the program's layout around it.
#pragma once

#include <string>
#include <string_view>

namespace quotawatch {

// A horizontal line across 80 columns.
std::string across();

// Claude Code: `conversation` above an empty prompt box.
std::string claude_screen(std::string_view conversation);

// The same with all its parts. `notice` and `footer` are whole rows.
struct ClaudeParts {
  std::string conversation;
  std::string notice;
  std::string draft;
  std::string footer = "  ⏵⏵ bypass permissions on (shift+tab to cycle)\n";
};
std::string claude_screen(const ClaudeParts& parts);

std::string codex_screen(std::string_view conversation);
std::string gemini_screen(std::string_view conversation);

// The regions of a screen's rows, blank ones left out, runs written once:
// "history turn prompt footer".
std::string regions_of(const std::string& text);

}  // namespace quotawatch
