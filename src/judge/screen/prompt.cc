#include "judge/screen/prompt.h"

#include <algorithm>
#include <array>
#include <optional>

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
  if (hints(text, "esc to interrupt") || hints(text, "ctrl+c to interrupt") || hints(text, "esc to cancel, ")) {
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
  std::string key;
  std::string text;
};

std::optional<Option> option_in(std::string_view row) {
  std::string text = normalise(row).text;
  std::string_view rest = trim(text);
  for (const std::string_view sign : {"❯", "›", ">", "●", "○"}) {
    if (!rest.starts_with(sign)) continue;
    rest = trim(rest.substr(sign.size()));
    break;
  }
  const auto dot = rest.find(". ");
  if (dot != 1 || rest[0] < '1' || rest[0] > '9') return std::nullopt;
  return Option{std::string(rest.substr(0, 1)), std::string(trim(rest.substr(dot + 2)))};
}

// The key of the one entry that the pack calls safe, in a menu whose title it knows.
std::string answer_of(const Screen& screen, const std::vector<Menu>& menus) {
  std::vector<Option> options;
  std::string title;
  for (std::size_t i = 0; i < screen.rows.size(); ++i) {
    if (screen.regions[i] != RegionKind::panel) continue;
    if (auto option = option_in(screen.rows[i])) {
      options.push_back(std::move(*option));
    } else if (options.empty()) {
      title += normalise(screen.rows[i]).text + ' ';
    }
  }
  for (const auto& menu : menus) {
    if (!contains_ignoring_case(title, menu.title)) continue;
    const auto safe = [&](const Option& option) { return begins_ignoring_case(option.text, menu.safe); };
    if (std::ranges::count_if(options, safe) == 1) return std::ranges::find_if(options, safe)->key;
  }
  return "";
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
    if (region == RegionKind::panel && hints(normalise(screen.rows[i]).text, "belongs to another account")) {
      posture.asks_owner = true;
    }
    if (!is_live(region)) continue;
    const std::string text = normalise(screen.rows[i]).text;
    const bool program = region == RegionKind::notice || region == RegionKind::footer;
    if (!program) continue;
    posture.waits = posture.waits || hints(text, "continuing automatically at") ||
                    hints(text, "set to continue automatically at") || hints(text, "continuing shortly");
    posture.may_continue = posture.may_continue || hints(text, "press enter to continue");
  }
  if (posture.prompt) posture.draft = draft_of(screen);
  if (posture.menu) posture.answer = answer_of(screen, menus);
  return posture;
}

}  // namespace quotawatch
