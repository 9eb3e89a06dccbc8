#include "sim/screens/screen_parts.h"

#include <fmt/format.h>

#include <algorithm>

namespace quotawatch::sim {
namespace {

const Voices& claude_voices() {
  static const Voices voices{
      {" ▐▛███▛█   Claude Code v2.1.330", "▝▜██████▀  Sonnet 5.5 · Claude API", " ▝▝   ▝▝   /home/dev/acme/shop1", ""},
      {"❯ ", "  "},
      {"● ", "  "},
      {"  ⎿  ", "     "},
      {"  ⎿ \u00a0", "     "},
      "go on",
      "● Bash(tail -2 gateway.log)",
      "API Error: 500 Internal server error. This is a server-side issue, usually temporary.",
      "✻ Cooked for 3s · done 8:52 PM",
      "✻ Mulling… (12s · ↑ 1.2k tokens · esc to interrupt)"};
  return voices;
}

const Voices& codex_voices() {
  static const Voices voices{{"  >_ OpenAI Codex (v0.169.0)", "     /home/dev/acme/shop", ""},
                             {"› ", "  ", true},
                             {"• ", "  ", true},
                             {"  └ ", "    ", true},
                             {"■ ", "", true},
                             "go on",
                             "• Ran tail -2 gateway.log",
                             "unexpected status 503 Service Unavailable: upstream",
                             "  Worked for 3s • 21:44",
                             "• Working (12s • esc to interrupt)"};
  return voices;
}

const Voices& gemini_voices() {
  static const Voices voices{
      {" ▝▜▄     Gemini CLI v0.61.0", "   ▝▜▄", "  ▗▟▀    Authenticated with gemini-api-key /auth", " ▝▀", ""},
      {" > ", "   "},
      {"✦ ", "  "},
      {"│ ", "│ "},
      {"✕ ", "  "},
      "go on",
      "│ ✓  Shell tail -2 gateway.log",
      R"([API Error: {"error":{"code":503,"message":"The model is overloaded."}}])",
      "",
      " ⠧ Thinking... (esc to cancel, 11s)"};
  return voices;
}

const Voices& opencode_voices() {
  static const Voices voices{{"  █▀▀█ █▀▀█ █▀▀█ █▀▀▄", ""},
                             {"  ┃  ", "  ┃  "},
                             {"     ", "     "},
                             {"     ", "     "},
                             {"  ┃  ", "  ┃  "},
                             "go on",
                             "     $ tail -2 gateway.log",
                             "503 Service Unavailable",
                             "     ▣  Build · GPT-5 · 2.8s",
                             ""};
  return voices;
}

const Voices& agent_voices() {
  static const Voices voices{{"  ╭─╮╭─╮", "  ╰─╯╰─╯  Copilot v1.0.102 uses AI.", ""},
                             {" ❯ ", "   "},
                             {" ● ", "   "},
                             {"   └ ", "     "},
                             {" ✗ ", "   "},
                             "go on",
                             " ● Shell tail -2 gateway.log",
                             "503 Service Unavailable",
                             "",
                             ""};
  return voices;
}

const Voices& plain_voices() {
  static const Voices voices{
      {"Linux host 6.1.0 x86_64", ""},    {"dev@host:~/shop$ ", ""},   {"", ""}, {"", ""}, {"", ""}, "copilot",
      "dev@host:~/shop$ cat gateway.log", "500 Internal Server Error", "",       ""};
  return voices;
}

bool is_box(const Voices& voices) { return &voices == &gemini_voices(); }

std::string horizontal(std::size_t columns) {
  std::string line;
  for (std::size_t i = 0; i < columns; ++i) line += "─";
  return line;
}

// The disguises in which the model speaks; `wording` selects one.
void draw_quote(std::size_t wording, const std::string& message, const Voices& voices, ScreenRows& rows) {
  switch (wording % 4) {
    case 0:
      rows.say(voices.words, fmt::format("It shows \"{}\" in the last rows.", message));
      return;
    case 1:
      rows.say(voices.words, fmt::format("“{}” is what it looks for.", message));
      return;
    case 2:
      rows.say(voices.words, fmt::format("`{}`", message));
      return;
    default:
      rows.say(voices.words, "When it sees");
      rows.part();
      rows.say({voices.words.rest, voices.words.rest}, "▎ " + message);
      rows.part();
      rows.say({voices.words.rest, voices.words.rest}, "it asks for a swap.");
  }
}

void draw_prose(std::size_t wording, const std::string& message, const Voices& voices, ScreenRows& rows) {
  switch (wording % 4) {
    case 0:
      rows.say(voices.words, fmt::format("The banner says {}", message));
      return;
    case 1:
      rows.say(voices.words, fmt::format("I looked for panes that show {} and found none.", message));
      return;
    case 2:
      rows.say(voices.words, fmt::format("{} is what the monitor looks for in each pane.", message));
      return;
    default:
      rows.say(voices.words, fmt::format("Each pane with the words {} is one, and so is every pane "
                                         "that shows them between others.",
                                         message));
  }
}

void draw_code(std::size_t wording, const std::string& message, const Voices& voices, ScreenRows& rows) {
  const std::string_view indent = voices.words.rest;
  rows.say(voices.words, wording % 3 == 2 ? "It prints" : "Here is the rule:");
  if (wording % 3 != 2) rows.part();
  switch (wording % 3) {
    case 0:
      rows.say({indent, indent}, fmt::format("const banner = \"{}\";", message));
      return;
    case 1:
      rows.say({indent, indent}, "if pane.endswith(banner):");
      rows.say({indent, indent}, fmt::format("    # {}", message));
      return;
    default:
      rows.say({indent, indent}, fmt::format("  print(\"{}\")", message));
  }
}

std::vector<std::string> diff_lines(std::size_t wording, const std::string& message) {
  if (wording % 2 == 0) return {"--- a/banner.txt", "+++ b/banner.txt", "+" + message};
  return {"Updated banner.txt with 1 addition and 1 removal", "  41 -", "  42 +" + message};
}

std::vector<std::string> output_lines(std::size_t wording, const std::string& message) {
  if (wording % 2 == 0) return {message};
  return {"12:01 INFO recovered", message, "12:02 INFO recovered"};
}

}  // namespace

void ScreenRows::add(std::string_view row) {
  text_ += row;
  text_ += '\n';
}

void ScreenRows::add_all(const std::vector<std::string_view>& rows) {
  for (const auto row : rows) add(row);
}

void ScreenRows::say(const Gutter& gutter, std::string_view words) {
  for (const auto& row : wrap_text(words, width_, gutter)) add(row);
}

void ScreenRows::part() {
  const auto size = text_.size();
  if (size == 0 || (size > 1 && text_[size - 1] == '\n' && text_[size - 2] == '\n')) return;
  text_ += '\n';
}

const Voices& voices_of(ScreenKind program) {
  switch (program) {
    case ScreenKind::claude_code:
      return claude_voices();
    case ScreenKind::codex:
      return codex_voices();
    case ScreenKind::gemini:
      return gemini_voices();
    case ScreenKind::opencode:
      return opencode_voices();
    case ScreenKind::agent:
      return agent_voices();
    default:
      return plain_voices();
  }
}

Gutter gutter_of(ScreenKind program, Place place) {
  switch (place) {
    case Place::result:
      return claude_voices().error;
    case Place::bullet:
      return claude_voices().words;
    case Place::round_bullet:
      return {"⏺ ", "  "};
    case Place::error:
      return voices_of(program).error;
    case Place::note:
      if (program == ScreenKind::codex) return {"⚠ ", "", true};
      return {"ℹ ", "  "};
    default:
      return {"", ""};
  }
}

bool is_in_turn(Place place) {
  return place == Place::result || place == Place::bullet || place == Place::round_bullet || place == Place::flush ||
         place == Place::error || place == Place::note || place == Place::row;
}

std::string message_of(const ScreenRecipe& recipe) {
  std::string message = set_type(recipe.text, recipe.type);
  if (recipe.program != ScreenKind::plain) std::replace(message.begin(), message.end(), '\n', ' ');
  return message;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

void draw_call(const Voices& voices, ScreenRows& rows, const std::vector<std::string>& output) {
  if (&voices != &plain_voices()) rows.part();
  if (is_box(voices)) rows.add("╭" + horizontal(rows.width() - 2) + "╮");
  rows.add(voices.call);
  Gutter gutter = voices.output;
  for (const auto& line : output) {
    rows.say(gutter, line);
    gutter.first = gutter.rest;
  }
  if (is_box(voices)) rows.add("╰" + horizontal(rows.width() - 2) + "╯");
}

void draw_disguise(const ScreenRecipe& recipe, const Voices& voices, ScreenRows& rows) {
  const std::string message = message_of(recipe);
  if (recipe.program != ScreenKind::plain) rows.part();
  switch (recipe.disguise) {
    case Disguise::quoted:
      return draw_quote(recipe.wording, message, voices, rows);
    case Disguise::prose:
      return draw_prose(recipe.wording, message, voices, rows);
    case Disguise::code:
      return draw_code(recipe.wording, message, voices, rows);
    case Disguise::diff:
      return draw_call(voices, rows, diff_lines(recipe.wording, message));
    case Disguise::output:
      return draw_call(voices, rows, output_lines(recipe.wording, message));
    default:
      return;
  }
}

}  // namespace quotawatch::sim
