// Recognises which program drew a screen.
#include <algorithm>
#include <array>
#include <bitset>

#include "base/text.h"
#include "judge/screen/layouts.h"
#include "judge/screen/normalise.h"
#include "judge/screen/rows.h"
#include "quotawatch/screen.h"

namespace quotawatch {
namespace {

enum Sign : std::size_t {
  claude_prompt,
  claude_bullet,
  claude_result,
  claude_mode_line,
  claude_status,
  claude_edge,
  claude_box,
  claude_boxed_prompt,
  claude_menu,
  claude_boxed_menu,
  claude_name,
  claude_shortcuts,
  codex_prompt,
  codex_error,
  codex_bullet,
  codex_result,
  codex_warning,
  codex_menu,
  codex_name,
  gemini_words,
  gemini_error,
  gemini_info,
  gemini_prompt,
  gemini_menu,
  gemini_input,
  gemini_name,
  opencode_edge,
  agent_footer,
  sign_count,
};

struct Weight {
  Sign sign;
  ScreenKind program;
  int points;
};

// One glyph is not enough: shells have "❯" too, and people write "●".
constexpr int enough = 3;

// More than all signs of another program: what stands at the bottom is what runs, whatever it shows above.
constexpr int sure = 30;

constexpr auto weights = std::to_array<Weight>({
    {claude_prompt, ScreenKind::claude_code, 1}, {claude_bullet, ScreenKind::claude_code, 2},
    {claude_result, ScreenKind::claude_code, 2}, {claude_mode_line, ScreenKind::claude_code, 2},
    {claude_status, ScreenKind::claude_code, 2}, {claude_edge, ScreenKind::claude_code, 2},
    {claude_box, ScreenKind::claude_code, 3},    {claude_boxed_prompt, ScreenKind::claude_code, 2},
    {claude_menu, ScreenKind::claude_code, 3},   {claude_boxed_menu, ScreenKind::claude_code, 2},
    {claude_name, ScreenKind::claude_code, 3},   {claude_shortcuts, ScreenKind::claude_code, 1},
    {codex_prompt, ScreenKind::codex, 2},        {codex_error, ScreenKind::codex, 2},
    {codex_bullet, ScreenKind::codex, 1},        {codex_result, ScreenKind::codex, 1},
    {codex_warning, ScreenKind::codex, 1},       {codex_menu, ScreenKind::codex, 2},
    {codex_name, ScreenKind::codex, 3},          {gemini_words, ScreenKind::gemini, 3},
    {gemini_error, ScreenKind::gemini, 3},       {gemini_info, ScreenKind::gemini, 2},
    {gemini_prompt, ScreenKind::gemini, 1},      {gemini_menu, ScreenKind::gemini, 3},
    {gemini_input, ScreenKind::gemini, 3},       {gemini_name, ScreenKind::gemini, 3},
    {opencode_edge, ScreenKind::opencode, sure}, {agent_footer, ScreenKind::agent, sure},
});
static_assert(weights.size() == sign_count && std::ranges::is_sorted(weights, {}, &Weight::sign),
              "each sign has its weight, in the order of the signs");

using Signs = std::bitset<sign_count>;

// Glyphs in the first column.
void find_first_sign(const Row& row, bool below_rule, Signs& signs) {
  switch (row.glyph) {
    case U'❯':
      signs.set(below_rule ? claude_box : claude_prompt);
      break;
    case U'>':
      if (below_rule) signs.set(claude_box);
      break;
    case U'●':
    case U'⏺':
      signs.set(claude_bullet);
      break;
    case U'▔':
      signs.set(claude_edge);
      break;
    case U'✻':
      signs.set(claude_status);
      break;
    case U'›':
      signs.set(codex_prompt);
      break;
    case U'■':
      signs.set(codex_error);
      break;
    case U'•':
      signs.set(codex_bullet);
      break;
    case U'⚠':
      signs.set(codex_warning);
      break;
    case U'✦':
      signs.set(gemini_words);
      break;
    case U'✕':
      signs.set(gemini_error);
      break;
    case U'ℹ':
      signs.set(gemini_info);
      break;
    default:
      break;
  }
}

void find_indented_sign(const Row& row, Signs& signs) {
  if (row.glyph == U'⎿') signs.set(claude_result);
  if (row.glyph == U'⏵' || row.glyph == U'⏸') signs.set(claude_mode_line);
  if (row.indent == 2 && begins_ignoring_case(row.body, "? for shortcuts")) signs.set(claude_shortcuts);
  if (row.indent == 1 && row.glyph == U'>') signs.set(gemini_prompt);
  if (row.indent == 2 && row.glyph == U'└') signs.set(codex_result);
}

void find_box_sign(const Row& row, bool below_top, Signs& signs) {
  if (!is_boxed(row)) return;
  const auto inside = inside_box(row);
  // One program marks the choice with a dot, the other with an arrow.
  if (is_option(inside)) signs.set(begins_ignoring_case(inside, "❯") ? claude_boxed_menu : gemini_menu);
  if (below_top && row.indent == 0 && inside.substr(0, 1) == ">") signs.set(claude_boxed_prompt);
}

bool says(const Row& row, std::string_view words) { return row.text.find(words) != std::string_view::npos; }

// Names and words, searched only in rows with the right beginning.
void find_words(const Row& row, Signs& signs) {
  const bool logo = row.glyph >= U'▀' && row.glyph <= U'▟';
  const bool framed = is_boxed(row) || is_box_top(row);
  if ((logo || framed) && says(row, "Claude Code v")) signs.set(claude_name);
  if (row.glyph == U'›' && says(row, "Ask Codex")) signs.set(codex_menu);
  if ((row.glyph == U'>' || framed) && says(row, "OpenAI Codex (v")) signs.set(codex_name);
  if (logo && says(row, "Gemini CLI v")) signs.set(gemini_name);
  if ((row.glyph == U'>' || framed) && says(row, "Type your message or @path")) {
    signs.set(gemini_input);
  }
  if (says(row, "enter select · esc back") || says(row, "press enter to con")) signs.set(codex_menu);
  const bool menu = is_option(row.body) && contains_ignoring_case(normalise(row.body).text, "stop and wait for");
  const bool hint =
      (row.glyph == U'E' || row.glyph == U'e') && begins_ignoring_case(normalise(row.body).text, "enter to confirm");
  if (menu || hint) signs.set(claude_menu);
}

// What the lowest rows of agents say that share a reader, each text in one row.
struct Footer {
  std::string_view text;
  std::string_view beside;  // as well; may be empty
};
constexpr auto footers = std::to_array<Footer>({
    {"/ commands · ? help", ""},     // Copilot
    {"@ files · # issues", ""},      // the same at its start
    {"Working esc", ""},             // and at work
    {"shift+tab switch mode", ""},   // and before version 1
    {"(shift + tab to cycle)", ""},  // Qwen Code
    {"qwen", "context left)"},       // and when it looked like Gemini CLI
    {"○ Plan ● Act", ""},            // Cline
    {"● Plan ○ Act", ""},
    {"◉ Continue CLI", ""},
    {"%/", "k (auto)"},  // Pi
});
constexpr std::size_t footer_rows = 4;

bool is_agent_footer(const Rows& rows, std::size_t i) {
  // Antigravity: Claude Code indents this.
  if (i > 0 && rows[i].indent == 0 && is_rule(rows[i - 1]) && begins_ignoring_case(rows[i].body, "? for shortcuts")) {
    return true;
  }
  return std::ranges::any_of(
      footers, [&](const Footer& footer) { return says(rows[i], footer.text) && says(rows[i], footer.beside); });
}

void find_bottom_sign(const Rows& rows, Signs& signs) {
  for (std::size_t i = rows.size() - std::min(rows.size(), footer_rows); i < rows.size(); ++i) {
    if (!is_rule(rows[i]) && is_agent_footer(rows, i)) signs.set(agent_footer);
    if (rows[i].body.substr(0, std::string_view("╹▀▀▀▀▀▀▀▀").size()) == "╹▀▀▀▀▀▀▀▀") signs.set(opencode_edge);
  }
}

// True if a shell waits at the bottom: the program that drew the rest has ended. A row with more than the
// prompt is a status line.
bool is_shell_below(const Rows& rows) {
  const Row& last = rows.back();
  const bool waits = last.text.find_first_of("$#%") + 1 == last.text.size();
  return (is_shell_prompt(last) && waits) || is_arrow_prompt(last);
}

// A message alone, as somebody cuts it out of a screen: a row behind the gutter of a program, and what
// belongs to it.
ScreenKind recognise_fragment(const Rows& rows) {
  constexpr std::size_t most_rows = 6;
  constexpr std::size_t shortest_sentence = 20;
  const auto first = std::ranges::find_if(rows, [](const Row& row) { return !row.blank(); });
  const auto left = static_cast<std::size_t>(rows.end() - first);
  if (left > most_rows || first->body.size() < shortest_sentence) return ScreenKind::plain;
  const auto belongs = [&](const Row& row) {
    return row.blank() || row.indent > first->indent + 2 || (row.indent == 0 && row.glyph == U'✻');
  };
  const bool alone = std::all_of(first + 1, rows.end(), belongs);
  if (first->glyph == U'⎿' && first->indent == 2 && alone) return ScreenKind::claude_code;
  const bool flush = std::all_of(first + 1, rows.end(), [](const Row& row) {
    return row.blank() || (row.indent == 0 && row.glyph < 0x80 && row.glyph != U'$');
  });
  return first->glyph == U'■' && flush ? ScreenKind::codex : ScreenKind::plain;
}

}  // namespace

ScreenKind recognise_screen(const Rows& rows) {
  if (rows.empty() || is_shell_below(rows)) return ScreenKind::plain;
  Signs signs;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].blank()) continue;
    if (rows[i].indent == 0) find_first_sign(rows[i], i > 0 && is_rule(rows[i - 1]), signs);
    find_indented_sign(rows[i], signs);
    find_box_sign(rows[i], i > 0 && is_box_top(rows[i - 1]), signs);
    find_words(rows[i], signs);
  }
  find_bottom_sign(rows, signs);
  ScreenKind best = ScreenKind::plain;
  int most = enough - 1;
  for (const auto program :
       {ScreenKind::claude_code, ScreenKind::codex, ScreenKind::gemini, ScreenKind::opencode, ScreenKind::agent}) {
    int points = 0;
    for (std::size_t sign = 0; sign < sign_count; ++sign) {
      if (signs[sign] && weights[sign].program == program) points += weights[sign].points;
    }
    if (points > most) {
      most = points;
      best = program;
    }
  }
  return best == ScreenKind::plain ? recognise_fragment(rows) : best;
}

}  // namespace quotawatch
