// The area below the conversation: the prompt box with its notice and footer, or a menu in its
// place.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/display_width.h"
#include "base/text.h"
#include "sim/screens/screen_parts.h"

namespace quotawatch::sim {
namespace {

std::string repeat(std::string_view sign, std::size_t times) {
  std::string line;
  for (std::size_t i = 0; i < times; ++i) line += sign;
  return line;
}

std::string on_the_right(std::string_view text, std::size_t width) {
  const std::size_t used = display_width(text) + 2;
  return std::string(used < width ? width - used : 2, ' ') + std::string(text);
}

// The parts of a menu's text: its question, its choices, its keys.
struct Menu {
  std::string title;
  std::vector<std::string> options;
  std::string keys;
};

bool begins_option(std::string_view text, std::size_t at) {
  return at + 2 < text.size() && text[at] >= '1' && text[at] <= '9' && text[at + 1] == '.' && text[at + 2] == ' ' &&
         (at == 0 || text[at - 1] == ' ');
}

Menu take_apart(std::string_view text) {
  Menu menu;
  if (const auto keys = text.find("Enter to confirm"); keys != std::string_view::npos) {
    menu.keys = text.substr(keys);
    text = text.substr(0, keys);
  }
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    if (at != text.size() && !begins_option(text, at)) continue;
    const std::string part(trim(text.substr(begin, at - begin)));
    if (begin == 0 && !begins_option(text, 0)) {
      menu.title = part;
    } else if (!part.empty()) {
      menu.options.push_back(part);
    }
    begin = at;
  }
  return menu;
}

// The message as a menu, in its typography; missing parts are filled in.
Menu menu_of(const ScreenRecipe& recipe) {
  Menu menu = take_apart(recipe.text);
  if (menu.options.empty()) menu.options = {"1. Go on", "2. Stop"};
  menu.title = set_type(menu.title, recipe.type);
  for (auto& option : menu.options) {
    option = option.substr(0, 3) + set_type(option.substr(3), recipe.type);
  }
  return menu;
}

void draw_claude_panel(const ScreenRecipe& recipe, ScreenRows& rows) {
  const Menu menu = menu_of(recipe);
  rows.part();
  rows.add(repeat(recipe.wording % 2 == 0 ? "─" : "▔", rows.width()));
  if (!menu.title.empty()) {
    rows.say({"  ", "  "}, menu.title);
    rows.part();
  }
  for (std::size_t i = 0; i < menu.options.size(); ++i) {
    rows.say({i == 0 ? "  ❯ " : "    ", "       "}, menu.options[i]);
  }
  rows.part();
  rows.add(menu.keys.empty() ? "  Enter to confirm · Esc to cancel" : "  " + menu.keys);
}

void draw_codex_panel(const ScreenRecipe& recipe, ScreenRows& rows) {
  const Menu menu = menu_of(recipe);
  rows.part();
  if (!menu.title.empty()) {
    rows.say({"  ", "  "}, menu.title);
    rows.part();
  }
  for (std::size_t i = 0; i < menu.options.size(); ++i) {
    rows.say({i == 0 ? "› " : "  ", "     "}, menu.options[i]);
  }
  rows.part();
  rows.add("  enter select · esc back");
}

void draw_gemini_panel(const ScreenRecipe& recipe, ScreenRows& rows) {
  const Menu menu = menu_of(recipe);
  const std::size_t inside = rows.width() - 4;
  const auto boxed = [&](const Gutter& gutter, std::string_view words) {
    for (const auto& row : wrap_text(words, inside, gutter)) {
      rows.add(fmt::format("│ {}{} │", row, repeat(" ", inside - std::min(inside, display_width(row)))));
    }
  };
  rows.part();
  rows.add("╭" + repeat("─", rows.width() - 2) + "╮");
  boxed({"", ""}, "");
  boxed({"", ""}, menu.title);
  boxed({"", ""}, "");
  for (std::size_t i = 0; i < menu.options.size(); ++i) {
    boxed({i == 0 ? "● " : "  ", "     "}, menu.options[i]);
  }
  boxed({"", ""}, "");
  rows.add("╰" + repeat("─", rows.width() - 2) + "╯");
}

// The footer's text besides the mode line.
std::string_view footer_text(const ScreenRecipe& recipe, Place place, std::string& room) {
  if (recipe.disguise != Disguise::none || recipe.place != place) return {};
  room = message_of(recipe);
  return room;
}

// Two columns side by side, the right one wrapped.
void draw_right_column(std::string_view left, std::string_view right, ScreenRows& rows) {
  constexpr std::size_t gap = 2;
  const std::size_t share = display_width(left) + gap;
  constexpr std::size_t least = 10;
  const std::size_t room = std::max(least, rows.width() - std::min(rows.width(), share + gap));
  bool first = true;
  for (const auto& row : wrap_text(right, room, {"", ""})) {
    const std::string before = first ? fmt::format("{}{}", left, repeat(" ", gap)) : repeat(" ", share);
    rows.add(before + row);
    first = false;
  }
}

void draw_claude_footer(const ScreenRecipe& recipe, ScreenRows& rows) {
  constexpr std::string_view mode = "  ⏵⏵ bypass permissions on";
  std::string room;
  if (recipe.status_line) rows.add("  ~/src/shop main | 5h: 30%");
  if (!recipe.waits_until.empty()) {
    rows.add("  ⚠ Usage limit reached · limit resets " + recipe.waits_until);
    rows.add("    Continuing automatically at " + recipe.waits_until + " · Esc to cancel");
  }
  if (const auto text = footer_text(recipe, Place::footer, room); !text.empty()) {
    rows.add("  " + std::string(text));
  }
  if (const auto text = footer_text(recipe, Place::footer_sign, room); !text.empty()) {
    rows.add("  ⚠ " + std::string(text));
    if (recipe.wording % 2 == 1) rows.add("    Esc to cancel");
  }
  if (const auto text = footer_text(recipe, Place::footer_right, room); !text.empty()) {
    draw_right_column(mode, text, rows);
  } else {
    rows.add(fmt::format("{} (shift+tab to cycle)", mode));
  }
}

void draw_claude_bottom(const ScreenRecipe& recipe, const std::string& draft, ScreenRows& rows) {
  rows.part();
  if (recipe.disguise == Disguise::none && recipe.place == Place::notice) {
    rows.add(on_the_right(message_of(recipe), rows.width()));
  } else if (recipe.status_line) {
    rows.add(on_the_right("◐ medium · /effort", rows.width()));
  }
  rows.add(repeat("─", rows.width()));
  rows.say({"❯\u00a0", "  "}, draft);
  rows.add(repeat("─", rows.width()));
  draw_claude_footer(recipe, rows);
}

void draw_codex_bottom(const ScreenRecipe& recipe, const std::string& draft, ScreenRows& rows) {
  std::string room;
  rows.part();
  rows.say({"› ", "  "}, draft.empty() ? "Ask Codex to do anything" : draft);
  rows.part();
  if (const auto text = footer_text(recipe, Place::footer, room); !text.empty()) {
    rows.add("  " + std::string(text));
  }
  rows.add("  gpt-5 default · /home/dev/acme/shop");
  if (recipe.status_line) rows.add("  ← for agents · ? for shortcuts");
}

void draw_gemini_bottom(const ScreenRecipe& recipe, const std::string& draft, ScreenRows& rows) {
  std::string room;
  rows.part();
  const bool message = recipe.disguise == Disguise::none && recipe.place == Place::notice;
  rows.add(on_the_right(message ? message_of(recipe) : "? for shortcuts", rows.width()));
  rows.add(repeat("─", rows.width()));
  rows.add(" Shift+Tab to accept edits");
  rows.part();
  rows.say({" > ", "   "}, draft.empty() ? "  Type your message or @path/to/file" : draft);
  rows.part();
  if (const auto text = footer_text(recipe, Place::footer, room); !text.empty()) {
    rows.add(" " + std::string(text));
  }
  rows.add(" workspace (/directory)                  /model");
  rows.add(" /home/dev/acme/shop                     gemini-2.5-pro");
}

void draw_opencode_bottom(const std::string& draft, ScreenRows& rows) {
  rows.part();
  rows.add("  ┃");
  rows.say({"  ┃  ", "  ┃  "}, draft);
  rows.add("  ┃");
  rows.add("  ┃  Build · GPT-5");
  rows.add("  ╹" + repeat("▀", rows.width() - 3));
  rows.add("   /home/dev/acme/shop   30 (0%)  ctrl+p commands");
}

void draw_agent_bottom(const ScreenRecipe& recipe, const std::string& draft, ScreenRows& rows) {
  std::string room;
  rows.part();
  rows.add(" /home/dev/acme/shop");
  rows.add(repeat("─", rows.width()));
  rows.say({"❯ ", "  "}, draft);
  rows.add(repeat("─", rows.width()));
  if (const auto text = footer_text(recipe, Place::footer, room); !text.empty()) {
    rows.add(" " + std::string(text));
  }
  rows.add(" Interactive · / commands · ? help");
}

void draw_shell_prompt(const ScreenRecipe& recipe, const std::string& draft, ScreenRows& rows) {
  if (recipe.status_line || !draft.empty()) rows.say({"dev@host:~/shop$ ", ""}, draft);
}

}  // namespace

std::vector<std::string> menu_texts_of(const ScreenRecipe& recipe) {
  Menu menu = menu_of(recipe);
  menu.options.push_back(std::move(menu.title));
  return std::move(menu.options);
}

void draw_bottom(const ScreenRecipe& recipe, ScreenRows& rows) {
  const bool panel = recipe.disguise == Disguise::none && recipe.place == Place::panel;
  const std::string draft = recipe.disguise == Disguise::draft ? message_of(recipe) : recipe.draft;
  for (std::size_t i = 0; i < recipe.blank_above_box; ++i) rows.add("");
  switch (recipe.program) {
    case ScreenKind::claude_code:
      return panel ? draw_claude_panel(recipe, rows) : draw_claude_bottom(recipe, draft, rows);
    case ScreenKind::codex:
      return panel ? draw_codex_panel(recipe, rows) : draw_codex_bottom(recipe, draft, rows);
    case ScreenKind::gemini:
      return panel ? draw_gemini_panel(recipe, rows) : draw_gemini_bottom(recipe, draft, rows);
    case ScreenKind::opencode:
      return draw_opencode_bottom(draft, rows);
    case ScreenKind::agent:
      return draw_agent_bottom(recipe, draft, rows);
    case ScreenKind::plain:
      return draw_shell_prompt(recipe, draft, rows);
  }
}

}  // namespace quotawatch::sim
