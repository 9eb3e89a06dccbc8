#include "sim/screens/fuzz_screen.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/display_width.h"
#include "base/enum_names.h"
#include "sim/screens/screen_parts.h"

namespace quotawatch::sim {
namespace {

// The conversation, which all programs draw alike.
class Turns {
 public:
  Turns(const ScreenRecipe& recipe, ScreenRows& rows)
      : recipe_(recipe), voices_(voices_of(recipe.program)), rows_(rows) {}

  void draw() {
    if (recipe_.header) rows_.add_all(voices_.header);
    for (std::size_t i = 0; i < recipe_.earlier_turns; ++i) draw_earlier_turn(i);
    draw_prompt();
    if (recipe_.talk) draw_talk();
    if (recipe_.disguise == Disguise::none || recipe_.disguise == Disguise::earlier) {
      draw_message();
    } else {
      draw_disguise(recipe_, voices_, rows_);
    }
    if (recipe_.disguise == Disguise::earlier) draw_later();
    if (recipe_.error_below) draw_server_error();
    draw_below();
  }

 private:
  void draw_earlier_turn(std::size_t number) {
    static constexpr std::array<std::string_view, 3> asks{
        "hi", "please add a retry to the uploader and run everything once more", "why is main red?"};
    rows_.part();
    rows_.say(voices_.prompt, asks[number % asks.size()]);
    const bool last = number + 1 == recipe_.earlier_turns;
    if (last && recipe_.earlier_error) return draw_server_error();
    draw_answer();
    rows_.part();
    rows_.add(voices_.done);
  }

  void draw_server_error() {
    rows_.part();
    rows_.say(voices_.error, voices_.server_error);
    draw_end_of_error();
  }

  // opencode tells what the program says from what the user says by what stands below it.
  void draw_end_of_error() {
    if (recipe_.program != ScreenKind::opencode) return;
    rows_.part();
    rows_.add(voices_.done);
  }

  void draw_answer() {
    rows_.part();
    rows_.say(voices_.words, "Done. 14 files changed, and all tests of the uploader are green.");
  }

  void draw_prompt() {
    rows_.part();
    if (recipe_.disguise != Disguise::prompt) {
      rows_.say(voices_.prompt, recipe_.ask.empty() ? voices_.ask : recipe_.ask);
    } else if (recipe_.wording % 2 == 0 || recipe_.program == ScreenKind::plain) {
      rows_.say(voices_.prompt, message_of(recipe_));
    } else {
      rows_.say(voices_.prompt, "what does this mean?");
      rows_.say({voices_.prompt.rest, voices_.prompt.rest}, message_of(recipe_));
    }
  }

  void draw_talk() {
    if (recipe_.program == ScreenKind::plain) {
      rows_.add("All good, the tests pass now.");
      return;
    }
    draw_answer();
    draw_call(voices_, rows_, {"142 passed, 1 skipped in 8.41s"});
  }

  void draw_message() {
    const std::string message = message_of(recipe_);
    if (recipe_.disguise == Disguise::none && !is_in_turn(recipe_.place)) return;
    const Gutter gutter = gutter_of(recipe_.program, recipe_.place);
    // Results are indented right below the prompt or the call.
    if (recipe_.place != Place::result && recipe_.program != ScreenKind::plain) rows_.part();
    for (const auto line : lines_of(message)) rows_.say(gutter, line);
    draw_end_of_error();
  }

  void draw_later() {
    if (recipe_.program == ScreenKind::plain) {
      for (std::size_t i = 0; i < recipe_.tail; ++i) rows_.add(fmt::format("step {} of 9", i));
      return;
    }
    if (recipe_.wording % 3 != 0) {
      rows_.part();
      rows_.say(voices_.prompt, "again");
    }
    if (recipe_.wording % 3 != 2) draw_answer();
  }

  void draw_below() {
    const Below below = recipe_.below;
    const bool hangs = recipe_.disguise == Disguise::none && recipe_.place == Place::result;
    if (hangs && (below == Below::hint || below == Below::hint_and_done)) {
      rows_.say({"     ", "     "}, "/upgrade to increase your usage limit.");
    }
    if (recipe_.program == ScreenKind::plain) return;
    if (below == Below::done || below == Below::hint_and_done) {
      rows_.part();
      rows_.add(voices_.done);
    }
    if (below != Below::spinner) return;
    rows_.part();
    rows_.add(voices_.busy);
    for (std::size_t i = 0; i < recipe_.tasks && recipe_.program == ScreenKind::claude_code; ++i) {
      rows_.add(fmt::format("  {} {} Backfill table {}", i == 0 ? "⎿ " : "  ", i % 3 ? "☐" : "☒", i));
    }
  }

  const ScreenRecipe& recipe_;
  const Voices& voices_;
  ScreenRows& rows_;
};

constexpr EnumNames<Place::row> place_names{
    "result", "bullet", "round bullet", "flush left",           "error",
    "note",   "notice", "footer",       "footer behind a sign", "footer's right column",
    "panel",  "row"};

// Screens without notices and menus, as far as they are read.
bool is_simple(ScreenKind program) { return program == ScreenKind::opencode || program == ScreenKind::agent; }

std::vector<Place> places_in_turn(ScreenKind program) {
  if (program == ScreenKind::claude_code) {
    return {Place::result, Place::bullet, Place::round_bullet, Place::flush};
  }
  if (is_simple(program)) return {Place::error};
  return {Place::error, Place::note};
}

}  // namespace

std::string_view place_name(Place place) { return place_names.name(place); }

std::vector<Place> places_of(ScreenKind program, RegionKind region) {
  if (program == ScreenKind::plain) return {Place::row};
  switch (region) {
    case RegionKind::turn:
      return places_in_turn(program);
    case RegionKind::notice:
      if (program == ScreenKind::codex || is_simple(program)) return {};
      return {Place::notice};
    case RegionKind::footer:
      if (program == ScreenKind::opencode) return {};
      if (program != ScreenKind::claude_code) return {Place::footer};
      return {Place::footer, Place::footer_sign, Place::footer_right};
    case RegionKind::panel:
      return is_simple(program) ? std::vector<Place>{} : std::vector{Place::panel};
    default:
      return {};
  }
}

std::string draw_screen(const ScreenRecipe& recipe) {
  // Notices and footers are truncated, not wrapped, which would remove the times.
  constexpr std::size_t room_beside = 8;
  std::size_t width = recipe.width;
  const bool one_row =
      recipe.place == Place::notice || recipe.place == Place::footer || recipe.place == Place::footer_sign;
  if (one_row) width = std::max(width, display_width(recipe.text) + room_beside);
  ScreenRows rows(width);
  Turns(recipe, rows).draw();
  draw_bottom(recipe, rows);
  return rows.text() + std::string(recipe.blank_at_end, '\n');
}

}  // namespace quotawatch::sim
