// Whole screens of the known programs around one message, drawn from a recipe.
//
// The pattern fuzzer and `patterns lint` put a rule's examples on them, the simulator's
// agents draw theirs with it. What can be
// varied is a value of the recipe, so that a screen that is judged wrongly can be
// simplified one value at a time. Nothing here knows how screens are judged.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/screen.h"
#include "sim/screens/text_mutation.h"

namespace quotawatch::sim {

// Where a program writes words of its own.
enum class Place {
  result,        // Claude Code: behind ⎿, below the prompt or a call's output
  bullet,        // behind ●
  round_bullet,  // behind ⏺
  flush,         // in the first column without a sign
  error,         // Codex: behind ■; Gemini: behind ✕
  note,          // Codex: behind ⚠; Gemini: behind ℹ
  notice,        // on the right above the prompt box
  footer,        // below the box, on the left
  footer_sign,   // the same, behind ⚠
  footer_right,  // the footer's right column
  panel,         // a menu in the prompt box's place
  row,           // a row of a plain screen
};

std::string_view place_name(Place place);

// The places of a program's region, the simplest first; none if it has no such region.
std::vector<Place> places_of(ScreenKind program, RegionKind region);

// Who writes the message if it is not the program, or what else makes it void.
enum class Disguise {
  none,
  quoted,   // the model quotes it
  prose,    // the model's sentence has it in its middle, at its end or its beginning
  code,     // the model shows code with it
  diff,     // a line that an edit adds
  output,   // what a tool printed
  prompt,   // what the user sent
  draft,    // what the user has typed
  earlier,  // the program wrote it, and the session went on
};

// What stands below the last words of the turn.
enum class Below { nothing, hint, done, spinner, hint_and_done };

struct ScreenRecipe {
  ScreenKind program = ScreenKind::plain;
  std::string text;  // the message
  Typography type;
  Place place = Place::row;
  Disguise disguise = Disguise::none;
  std::size_t wording = 0;  // which of the disguise's forms
  std::size_t width = 100;
  std::size_t tail = 3;  // plain screens: the rows that are judged

  bool header = false;
  std::size_t earlier_turns = 0;
  bool earlier_error = false;  // the last of these ended with a 5xx
  bool talk = false;           // prose, a call and its output above the message
  std::string ask = {};        // the last prompt; empty: the program's usual one
  bool error_below = false;    // a 5xx of the program's below the message
  Below below = Below::nothing;
  std::size_t tasks = 0;  // rows of a task list below a spinner
  std::string draft;
  bool status_line = false;
  std::size_t blank_above_box = 0;
  std::size_t blank_at_end = 0;

  bool operator==(const ScreenRecipe&) const = default;
};

std::string draw_screen(const ScreenRecipe& recipe);

}  // namespace quotawatch::sim
