// Draws whole screens of the known programs around one message, from a recipe.
//
// Used by the pattern fuzzer, by `patterns lint` for a rule's examples, and by the simulator's
// agents. Every variation is a value in the recipe, so a failing screen can be simplified one value
// at a time. Nothing here knows how screens are judged.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/screen.h"
#include "sim/screens/text_mutation.h"

namespace quotawatch::sim {

// Where a program prints its own messages.
enum class Place {
  result,        // Claude Code: after ⎿, below the prompt or a call's output
  bullet,        // after ●
  round_bullet,  // after ⏺
  flush,         // in the first column without a sign
  error,         // Codex: after ■; Gemini: after ✕
  note,          // Codex: after ⚠; Gemini: after ℹ
  notice,        // right-aligned above the prompt box
  footer,        // below the box, on the left
  footer_sign,   // the same, after ⚠
  footer_right,  // the footer's right column
  panel,         // a menu in place of the prompt box
  row,           // a row of a plain screen
};

std::string_view place_name(Place place);

// The places in a region of the program, the simplest first; empty if it has no such region.
std::vector<Place> places_of(ScreenKind program, RegionKind region);

// Who wrote the message if not the program, or why it no longer applies.
enum class Disguise {
  none,
  quoted,   // quoted by the model
  prose,    // within a sentence of the model
  code,     // in code shown by the model
  diff,     // in a line added by an edit
  output,   // in a tool's output
  prompt,   // in the user's last prompt
  draft,    // in the user's draft
  earlier,  // written by the program, but the session has continued
};

// What is shown below the last words of the turn.
enum class Below { nothing, hint, done, spinner, hint_and_done };

struct ScreenRecipe {
  ScreenKind program = ScreenKind::plain;
  std::string text;  // the message
  Typography type;
  Place place = Place::row;
  Disguise disguise = Disguise::none;
  std::size_t wording = 0;  // which variant of the disguise
  std::size_t width = 100;
  std::size_t tail = 3;  // plain screens: how many of the last rows are judged

  bool header = false;
  std::size_t earlier_turns = 0;
  bool earlier_error = false;  // the last of these ended with a 5xx
  bool talk = false;           // prose, a call and its output above the message
  std::string ask = {};        // the last prompt; empty: the program's usual one
  bool error_below = false;    // a 5xx of the program below the message
  Below below = Below::nothing;
  std::size_t tasks = 0;  // rows of a task list below a spinner
  std::string draft;
  bool status_line = false;
  std::string waits_until;  // Claude Code: when it will go on by itself, as it says in its footer
  std::size_t blank_above_box = 0;
  std::size_t blank_at_end = 0;

  bool operator==(const ScreenRecipe&) const = default;
};

std::string draw_screen(const ScreenRecipe& recipe);

}  // namespace quotawatch::sim
