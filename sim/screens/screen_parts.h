// The parts that fuzz_screen.cc composes screens of: each program's signs, lookalikes of its
// messages, and the bottom of the screen.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sim/screens/fuzz_screen.h"

namespace quotawatch::sim {

// The rows of a screen of a given width, from the top.
class ScreenRows {
 public:
  explicit ScreenRows(std::size_t width) : width_(width) {}

  std::size_t width() const { return width_; }
  const std::string& text() const { return text_; }

  void add(std::string_view row);
  void add_all(const std::vector<std::string_view>& rows);
  void say(const Gutter& gutter, std::string_view words);

  // Adds a blank row, unless at the top or below another one.
  void part();

 private:
  std::size_t width_;
  std::string text_;
};

// How a program marks who is speaking.
struct Voices {
  std::vector<std::string_view> header;
  Gutter prompt;
  Gutter words;
  Gutter output;
  Gutter error;
  std::string_view ask;           // a prompt that starts something
  std::string_view call;          // a tool call with its sign
  std::string_view server_error;  // a 5xx as worded by the program
  std::string_view done;          // the sign that a turn has ended
  std::string_view busy;          // the sign that it continues
};

const Voices& voices_of(ScreenKind program);
Gutter gutter_of(ScreenKind program, Place place);
bool is_in_turn(Place place);

// The message in its typography; on one line, except on plain screens.
std::string message_of(const ScreenRecipe& recipe);

// The same as a menu: its question, if it has one, and its choices.
std::vector<std::string> menu_texts_of(const ScreenRecipe& recipe);

std::vector<std::string_view> lines_of(std::string_view text);

// A tool call with these lines of output.
void draw_call(const Voices& voices, ScreenRows& rows, const std::vector<std::string>& output);

void draw_disguise(const ScreenRecipe& recipe, const Voices& voices, ScreenRows& rows);

// Everything below the conversation.
void draw_bottom(const ScreenRecipe& recipe, ScreenRows& rows);

}  // namespace quotawatch::sim
