#include "judge/screen/prompt.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/text.h"
#include "judge/screen/normalise.h"
#include "judge/screen/rows.h"

namespace quotawatch {
namespace {

bool is_live(RegionKind region) {
  return region == RegionKind::notice || region == RegionKind::footer || region == RegionKind::status ||
         region == RegionKind::turn;
}

// A hint of the program, wherever its rows put it: at the start of a text, or behind a dot.
bool hints(std::string_view text, std::string_view hint) { return contains_ignoring_case(text, hint); }

// "✻ Pondering… (12s · esc to interrupt)", but not "✻ Pondered for 12s".
bool is_activity(RegionKind region, std::string_view text) {
  if (hints(text, "esc to interrupt") || hints(text, "ctrl+c to interrupt") || hints(text, "esc to cancel, ") ||
      hints(text, "esc to cancel)") || hints(text, "esc interrupt") || hints(text, "working esc")) {
    return true;
  }
  if (region != RegionKind::status) return false;
  const Rows rows = make_rows({text});
  static constexpr std::u32string_view spinners = U"·✢✳✶✻✽✺∗*";
  if (rows.empty() || spinners.find(rows.front().glyph) == std::u32string_view::npos) return false;
  return text.find("…") != std::string_view::npos;
}

// The text in the prompt box: without its frame and its sign.
std::string draft_of(const Screen& screen) {
  std::string draft;
  bool first = true;
  for (std::size_t i = 0; i < screen.rows.size(); ++i) {
    if (screen.regions[i] != RegionKind::prompt) continue;
    const Rows rows = make_rows({screen.rows[i]});
    if (rows.empty()) continue;
    const Row& row = rows.front();
    if (is_rule(row) || is_box_top(row) || is_box_bottom(row)) continue;
    std::string text = normalise(is_boxed(row) ? inside_box(row) : row.text).text;
    std::string_view words = trim(text);
    if (first) {
      for (const std::string_view sign : {"❯", "›", ">", "!", "#", "&"}) {
        if (!words.starts_with(sign)) continue;
        words = trim(words.substr(sign.size()));
        break;
      }
      first = false;
    }
    if (words.empty()) continue;
    if (!draft.empty()) draft += ' ';
    draft += words;
  }
  return draft;
}

struct Option {
  std::string key;  // its number; empty if the menu shows none
  std::string text;
  bool chosen = false;  // the cursor stands on it
};

// Without its sign, and whether it had one.
std::pair<std::string_view, bool> without_sign(std::string_view text) {
  for (const std::string_view sign : {"❯", "›", ">", "●", "○"}) {
    if (text.starts_with(sign)) return {trim(text.substr(sign.size())), sign != "○"};
  }
  return {text, false};
}

std::optional<Option> option_in(std::string_view row) {
  const std::string text = normalise(row).text;
  const auto [rest, chosen] = without_sign(trim(text));
  const auto dot = rest.find(". ");
  if (dot != 1 || rest[0] < '1' || rest[0] > '9') return std::nullopt;
  return Option{std::string(rest.substr(0, 1)), std::string(trim(rest.substr(dot + 2))), chosen};
}

struct ShownMenu {
  std::string title;
  std::vector<Option> options;
};

ShownMenu numbered_menu(const std::vector<std::string_view>& rows) {
  ShownMenu menu;
  for (const auto row : rows) {
    if (auto option = option_in(row)) {
      menu.options.push_back(std::move(*option));
    } else if (menu.options.empty()) {
      menu.title += normalise(row).text + ' ';
    }
  }
  return menu;
}

// Entries without numbers: the rows around the one on which the cursor stands.
ShownMenu cursor_menu(const std::vector<std::string_view>& rows) {
  constexpr std::u32string_view cursors = U"❯›";
  const Rows shown = make_rows(rows);
  const auto cursor =
      std::ranges::find_if(shown, [&](const Row& row) { return cursors.find(row.glyph) != cursors.npos; });
  if (cursor == shown.end()) return {};
  const auto at = static_cast<std::size_t>(cursor - shown.begin());
  const auto is_entry = [&](std::size_t i) {
    return !shown[i].blank() && (i == at || shown[i].indent == cursor->indent + 2);
  };
  std::size_t first = at;
  while (first > 0 && is_entry(first - 1)) --first;
  ShownMenu menu;
  for (std::size_t i = 0; i < first; ++i) menu.title += normalise(rows[i]).text + ' ';
  for (std::size_t i = first; i < shown.size() && is_entry(i); ++i) {
    const std::string text = normalise(rows[i]).text;
    menu.options.push_back({"", std::string(without_sign(trim(text)).first), i == at});
  }
  return menu;
}

// The key that comes next on the way to the entry `wanted`.
std::string key_towards(const std::vector<Option>& options, std::size_t wanted) {
  if (!options[wanted].key.empty()) return options[wanted].key;
  const auto chosen = static_cast<std::size_t>(std::ranges::find(options, true, &Option::chosen) - options.begin());
  if (chosen == wanted) return "Enter";
  return chosen < wanted ? "Down" : "Up";
}

// How to answer the menu, if its title is known and exactly one entry is the one that the pack calls safe.
void read_menu(const Screen& screen, const std::vector<Menu>& menus, Posture& posture) {
  std::vector<std::string_view> rows;
  for (std::size_t i = 0; i < screen.rows.size(); ++i) {
    if (screen.regions[i] == RegionKind::panel) rows.push_back(screen.rows[i]);
  }
  ShownMenu shown = numbered_menu(rows);
  if (shown.options.empty()) shown = cursor_menu(rows);
  for (const auto& menu : menus) {
    if (!contains_ignoring_case(shown.title, menu.title)) continue;
    posture.asks_owner = posture.asks_owner || menu.moves_conversation;
    const auto safe = [&](const Option& option) { return begins_ignoring_case(option.text, menu.safe); };
    if (std::ranges::count_if(shown.options, safe) != 1) continue;
    const auto wanted = std::ranges::find_if(shown.options, safe) - shown.options.begin();
    posture.answer = key_towards(shown.options, static_cast<std::size_t>(wanted));
    return;
  }
}

// Digits of clocks and counters change without anything happening.
void append_without_digits(std::string& still, std::string_view row) {
  for (const char c : row) {
    if (is_digit(c) && still.ends_with('#')) continue;
    still += is_digit(c) ? '#' : c;
  }
}

Fingerprint still_of(const Screen& screen) {
  std::string still;
  for (std::size_t i = 0; i < screen.rows.size(); ++i) {
    if (screen.regions[i] == RegionKind::status) continue;
    const bool decoration = screen.regions[i] == RegionKind::notice || screen.regions[i] == RegionKind::footer;
    if (decoration) {
      append_without_digits(still, screen.rows[i]);
    } else {
      still += screen.rows[i];
    }
    still += '\n';
  }
  return Fingerprint::of(still);
}

}  // namespace

bool works(const Screen& screen) {
  for (std::size_t i = 0; i < screen.rows.size(); ++i) {
    if (is_live(screen.regions[i]) && is_activity(screen.regions[i], normalise(screen.rows[i]).text)) return true;
  }
  return false;
}

Posture read_posture(const Screen& screen, const std::vector<Menu>& menus) {
  Posture posture;
  posture.recognised = screen.kind != ScreenKind::plain;
  posture.still = still_of(screen);
  posture.works = works(screen);
  for (std::size_t i = 0; i < screen.rows.size(); ++i) {
    const RegionKind region = screen.regions[i];
    posture.prompt = posture.prompt || region == RegionKind::prompt;
    posture.menu = posture.menu || region == RegionKind::panel;
    if (!is_live(region)) continue;
    const std::string text = normalise(screen.rows[i]).text;
    // The program's message that a dialog of this kind will follow.
    const auto asks = [&](const Menu& menu) { return menu.moves_conversation && hints(text, menu.title); };
    posture.asks_owner = posture.asks_owner || std::ranges::any_of(menus, asks);
    const bool program = region == RegionKind::notice || region == RegionKind::footer;
    if (!program) continue;
    posture.waits = posture.waits || hints(text, "continuing automatically at") ||
                    hints(text, "set to continue automatically at") || hints(text, "continuing shortly");
    posture.may_continue = posture.may_continue || hints(text, "press enter to continue");
  }
  if (posture.prompt) posture.draft = draft_of(screen);
  if (posture.menu) read_menu(screen, menus, posture);
  return posture;
}

}  // namespace quotawatch
