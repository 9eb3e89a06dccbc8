// Claude Code's screens, from the bottom up: footer, prompt box (old and new) or the
// panel in its place, notice, conversation, last turn.
#include <algorithm>
#include <array>
#include <optional>

#include "base/display_width.h"
#include "base/text.h"
#include "judge/screen/conversation.h"
#include "judge/screen/footer.h"
#include "judge/screen/layouts.h"

namespace quotawatch {
namespace {

bool is_prompt_glyph(char32_t c) { return c == U'❯' || c == U'>' || c == U'!' || c == U'#' || c == U'&'; }

// The glyph is followed by a space (a no-break one in the box) or by nothing.
bool stands_apart(const Row& row) {
  const auto rest = row.body.substr(utf8_size(row.glyph));
  return rest.empty() || rest.front() == ' ' || rest.substr(0, 2) == "\u00a0";
}

bool is_prompt_row(const Row& row) { return row.indent == 0 && is_prompt_glyph(row.glyph) && stands_apart(row); }

// "│ > text │", the older box.
bool is_boxed_prompt(const Row& row) {
  if (!is_boxed(row)) return false;
  const auto inside = inside_box(row);
  return inside.substr(0, 1) == ">" || inside.substr(0, 1) == "!" || inside.substr(0, 1) == "#" ||
         inside.substr(0, 3) == "❯";
}

bool is_panel_edge(const Row& row) {
  constexpr std::string_view edge = "▔▔▔▔▔▔▔▔";
  return row.indent <= 1 && row.body.substr(0, edge.size()) == edge;
}

// The text in the last row of a menu or dialog.
bool is_panel_hint(const Row& row) {
  return contains_ignoring_case(row.text, "esc to ") || contains_ignoring_case(row.text, "enter to ");
}

struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool empty() const { return begin == end; }
};

// The lowest prompt box: the input row between two horizontal lines. One of them may be missing from a
// half-drawn screen.
Range find_box(const Rows& rows) {
  for (std::size_t i = rows.size(); i-- > 0;) {
    const bool framed = i > 0 && is_prompt_row(rows[i]) && is_rule(rows[i - 1]);
    const bool boxed = i > 0 && is_boxed_prompt(rows[i]) && is_box_top(rows[i - 1]);
    if (!framed && !boxed) continue;
    for (std::size_t j = i + 1; j < rows.size(); ++j) {
      if (framed ? is_rule(rows[j]) : is_box_bottom(rows[j])) return {i - 1, j + 1};
    }
    std::size_t end = i + 1;
    while (end < rows.size() && !rows[end].blank()) ++end;
    return {i - 1, end};
  }
  for (std::size_t j = rows.size(); j-- > 1;) {
    if (is_option(rows[j].body)) return {};  // the line above it is a menu's
    if (is_rule(rows[j])) return is_prompt_row(rows[j - 1]) ? Range{j - 1, j + 1} : Range{};
  }
  return {};
}

// A menu or dialog below everything else: from its edge, or from its title if the edge has scrolled off.
std::optional<std::size_t> find_panel(const Rows& rows, const Range& box) {
  const std::size_t from = box.end;
  bool hinted = false;
  for (std::size_t i = rows.size(); i-- > from;) {
    hinted = hinted || (box.empty() ? is_panel_hint(rows[i]) : is_option(rows[i].body));
    if (is_panel_edge(rows[i])) return i;
    if (hinted && is_rule(rows[i])) return i;
    if (hinted && is_box_top(rows[i]) && i + 1 < rows.size() && !is_boxed_prompt(rows[i + 1])) return i;
  }
  const bool has_options = std::any_of(rows.begin() + static_cast<std::ptrdiff_t>(from), rows.end(),
                                       [](const Row& row) { return is_option(row.body); });
  if (!box.empty() || !has_options || rows.empty() || !is_panel_hint(rows.back())) return std::nullopt;
  // No edge: the options and the title over them.
  std::size_t first = rows.size();
  while (first > 0 && !is_option(rows[first - 1].body)) --first;
  while (first > 0 && (rows[first - 1].blank() || is_option(rows[first - 1].body) || rows[first - 1].indent > 2))
    --first;
  while (first > 0 && !rows[first - 1].blank() && rows[first - 1].glyph != U'⎿' && !is_prompt_row(rows[first - 1]))
    --first;
  return first;
}

bool is_spinner(char32_t c) {
  static constexpr std::u32string_view signs = U"·✢✳✶✻✽✺∗*";
  return signs.find(c) != std::u32string_view::npos;
}

// "Bash(ls)", "Web Search(…)", "github - list (MCP)(…)": a name of capitalised words directly before its
// arguments.
bool is_call(std::string_view text) {
  const auto open = text.find('(');
  if (open == std::string_view::npos || open == 0) return false;
  if (text.substr(open, 6) == "(MCP)(") return true;
  if (!(text[0] >= 'A' && text[0] <= 'Z') && text.substr(0, 3) != "mcp") return false;
  bool word_begins = true;
  bool first = true;
  for (const char c : text.substr(0, open)) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool other = (c >= '0' && c <= '9') || c == '_' || c == '-' || c == ':' || c == '.';
    if (c == ' ') {
      word_begins = true;
      first = false;
      continue;
    }
    if (!letter && !other) return false;
    if (word_begins && !first && !(c >= 'A' && c <= 'Z')) return false;
    word_begins = false;
  }
  return !word_begins;
}

// "5 tasks (3 done, 2 open)" and the rows below it.
bool is_task(const Row& row) {
  static constexpr std::u32string_view signs = U"☐☒☑✔✓◻◼";
  if (row.indent < 1 || row.indent > 3) return false;
  const auto number = std::min(row.body.find_first_not_of("0123456789"), row.body.size());
  const auto rest = row.body.substr(number);
  const bool counted = number > 0 && (begins_ignoring_case(rest, " task (") || begins_ignoring_case(rest, " tasks ("));
  return counted || signs.find(row.glyph) != std::u32string_view::npos;
}

constexpr std::size_t result_indent = 2;

Opening claude_opening(const Row& row) {
  // Elsewhere it is a tool's output or quoted.
  if (row.glyph == U'⎿') return row.indent == result_indent ? Opening::result : Opening::continuation;
  if (is_task(row)) return Opening::status;
  const bool bullet = row.glyph == U'●' || row.glyph == U'⏺';
  if (bullet && row.indent == 0) return is_call(after_glyph(row)) ? Opening::call : Opening::bullet;
  // While a call runs its bullet blinks.
  if (row.indent == 2 && is_call(row.body) && row.body.back() == ')') return Opening::call;
  if (row.indent > 0) return is_boxed(row) || is_box_top(row) ? Opening::foreign : Opening::continuation;
  if (row.glyph == U'!') return Opening::shell;
  if (is_prompt_row(row)) return Opening::prompt;
  if (is_spinner(row.glyph) && stands_apart(row)) return Opening::status;
  const bool logo = row.glyph >= U'▀' && row.glyph <= U'▟';
  if (logo || is_boxed(row) || is_box_top(row) || is_box_bottom(row) || is_rule(row)) return Opening::foreign;
  return Opening::flush;
}

bool is_header(const Row& row) {
  const bool framed = (row.glyph >= U'▀' && row.glyph <= U'▟') || is_boxed(row) || is_box_top(row);
  return framed && (contains_ignoring_case(row.text, "claude code v") ||
                    contains_ignoring_case(row.text, "welcome to claude code"));
}

bool is_any_of(std::string_view command, const auto& commands) {
  return std::find(commands.begin(), commands.end(), command) != commands.end();
}

bool names(std::string_view prompt, const auto& commands) {
  const auto command = prompt.substr(0, prompt.find(' '));
  return std::find(commands.begin(), commands.end(), command) != commands.end();
}

bool is_question(std::string_view prompt) {
  static constexpr std::array<std::string_view, 8> known{
      "/rate-limit-options", "/usage", "/status", "/cost", "/context", "/help", "/config", "/stats"};
  return names(prompt, known);
}

constexpr ConversationStyle style{claude_opening, false, is_question};

// A command that the program answers itself does not end the turn, unless an old limit means nothing
// after it.
bool is_local_command(const Rows& rows, std::size_t prompt, std::size_t end) {
  static constexpr std::array<std::string_view, 6> fresh_starts{"/login", "/logout", "/model",
                                                                "/clear", "/resume", "/new"};
  const auto text = after_glyph(rows[prompt]);
  if (text.substr(0, 1) != "/") return false;
  if (is_question(text)) return true;
  if (names(text, fresh_starts)) return false;
  bool answered = false;
  for (std::size_t i = prompt + 1; i < end; ++i) {
    if (rows[i].blank()) continue;
    const Opening opening = claude_opening(rows[i]);
    if (opening == Opening::result) answered = true;
    if (opening == Opening::prompt) break;
    if (opening != Opening::result && opening != Opening::continuation) return false;
  }
  return answered;
}

bool begins_turn(const Rows& rows, std::size_t i, std::size_t end) {
  return is_prompt_row(rows[i]) && !after_glyph(rows[i]).empty() && !is_local_command(rows, i, end);
}

bool is_mode_line(const Row& row) {
  return row.indent > 0 &&
         (row.glyph == U'⏵' || row.glyph == U'⏸' || begins_ignoring_case(row.body, "? for shortcuts"));
}

// True for a row that cannot be part of a message.
bool may_be_notice(const Row& row) { return !row.blank() && row.indent >= 1 && row.glyph != U'⎿' && !is_task(row); }

// The rows directly above the box, if they are not part of the conversation: a single row that is
// separated from it or on the right, and the rows above such a one.
std::size_t find_notice(const Rows& rows, const Range& box) {
  constexpr std::size_t most_rows = 3;
  const std::size_t end = box.begin;
  if (end == 0 || !may_be_notice(rows[end - 1])) return end;
  std::size_t begin = end - 1;
  while (begin > 0 && may_be_notice(rows[begin - 1])) --begin;
  // On low screens there is no room for a blank row.
  const bool ended = begin > 0 && rows[begin - 1].indent == 0 && is_spinner(rows[begin - 1].glyph) &&
                     rows[begin - 1].text.find("…") == std::string_view::npos;
  const bool set_off = begin == 0 || rows[begin - 1].blank() || ended;
  const bool on_the_right = rows[end - 1].indent > display_width(rows[end].text) / 4;
  if (set_off && (end - begin == 1 || (on_the_right && end - begin <= most_rows))) return begin;
  return on_the_right ? end - 1 : end;
}

// Finds the end of the conversation. The rows below it become separate messages.
std::size_t read_bottom(const Rows& rows, Screen& screen, std::vector<Message>& below) {
  const Range box = find_box(rows);
  const auto panel = find_panel(rows, box);
  std::size_t end = panel.value_or(rows.size());
  if (panel) {
    mark(screen, rows, *panel, rows.size(), RegionKind::panel);
    const bool edge = !is_option(rows[*panel].body) &&
                      (is_rule(rows[*panel]) || is_panel_edge(rows[*panel]) || is_box_top(rows[*panel]));
    const std::size_t first = *panel + (edge ? 1 : 0);
    // A half-drawn screen may show only the edge.
    if (first < rows.size()) {
      below.push_back(read_whole(rows, first, rows.size(), RegionKind::panel));
    }
  }
  if (!box.empty()) {
    const std::size_t notice = find_notice(rows, box);
    mark(screen, rows, notice, box.begin, RegionKind::notice);
    mark(screen, rows, box.begin, box.end, RegionKind::prompt);
    mark(screen, rows, box.end, end, RegionKind::footer);
    if (notice != box.begin) below.insert(below.begin(), read_whole(rows, notice, box.begin, RegionKind::notice));
    auto footer = read_footer(rows, box.end, end);
    below.insert(below.end(), std::make_move_iterator(footer.begin()), std::make_move_iterator(footer.end()));
    return notice;
  }
  const std::size_t footer_end = end;
  while (end > 0 && !panel && is_mode_line(rows[end - 1])) --end;
  mark(screen, rows, end, footer_end, RegionKind::footer);
  auto footer = read_footer(rows, end, footer_end);
  below.insert(below.end(), std::make_move_iterator(footer.begin()), std::make_move_iterator(footer.end()));
  return end;
}

}  // namespace

void read_claude_code(const Rows& rows, Screen& screen) {
  std::vector<Message> below;
  const std::size_t end = read_bottom(rows, screen, below);
  std::size_t begin = end;
  while (begin > 0 && !is_header(rows[begin - 1])) --begin;
  std::size_t turn = end;
  while (turn > begin && !begins_turn(rows, turn - 1, end)) --turn;
  if (turn > begin) --turn;
  read_conversation(rows, {begin, turn, end}, style, std::move(below), screen);
}

}  // namespace quotawatch
