// Codex's screens: the conversation, with a glyph for each voice, then the composer (the last `›` without
// words below it) or a menu, then two rows of footer.
#include <algorithm>

#include "base/text.h"
#include "judge/screen/conversation.h"
#include "judge/screen/footer.h"
#include "judge/screen/layouts.h"

namespace quotawatch {
namespace {

bool is_prompt(const Row& row) { return row.indent == 0 && (row.glyph == U'›' || row.glyph == U'▌'); }

Opening codex_opening(const Row& row) {
  if (row.indent > 0) {
    if (row.glyph == U'└') return Opening::result;
    if (is_boxed(row)) return Opening::foreign;
    return begins_ignoring_case(row.body, "worked for") ? Opening::status : Opening::continuation;
  }
  switch (row.glyph) {
    case U'›':
    case U'▌':
      return Opening::prompt;
    case U'■':
    case U'⚠':
    case U'🖐':
      return Opening::notice;
    case U'•':
    case U'◦':
      return contains_ignoring_case(row.text, "esc to interrupt") ? Opening::status : Opening::words;
    case U'✔':
    case U'✗':
    case U'✘':
    case U'✓':
      return Opening::words;
    default:
      break;
  }
  const bool command = row.glyph == U'/' && row.body.find(' ') == std::string_view::npos;
  if (command) return Opening::status;
  const bool foreign = is_boxed(row) || is_box_top(row) || is_box_bottom(row) || row.glyph == U'─';
  return foreign ? Opening::foreign : Opening::flush;
}

// Its wrapped rows continue in the first column.
constexpr ConversationStyle style{codex_opening, true};

bool is_header(const Row& row) {
  const bool framed = row.glyph == U'>' || is_boxed(row);
  return framed && contains_ignoring_case(row.text, "openai codex (v");
}

struct Bottom {
  std::size_t conversation_end;
  std::size_t panel;  // the end of the rows if there is none
};

// A menu begins at its title, the rows above its options.
std::size_t find_menu(const Rows& rows) {
  std::size_t first = rows.size();
  for (std::size_t i = rows.size(); i-- > 0;) {
    if (is_prompt(rows[i]) && is_option(rows[i].body)) first = i;
    if (rows[i].indent == 0 && !rows[i].blank()) break;
  }
  if (first == rows.size()) return first;
  while (first > 0 && (rows[first - 1].blank() || is_option(rows[first - 1].body))) --first;
  while (first > 0 && !rows[first - 1].blank() && rows[first - 1].indent > 0) --first;
  return first;
}

// The composer: the lowest prompt, if no words are below it.
std::size_t find_composer(const Rows& rows) {
  for (std::size_t i = rows.size(); i-- > 0;) {
    if (is_prompt(rows[i])) return i;
    const Opening opening = codex_opening(rows[i]);
    // A status bar at the very bottom, such as that of a tmux inside the pane, is ignored.
    if (i + 1 == rows.size() && opening == Opening::flush) continue;
    const bool said = !rows[i].blank() && opening != Opening::continuation && opening != Opening::foreign;
    if (said) return rows.size();
  }
  return rows.size();
}

}  // namespace

void read_codex(const Rows& rows, Screen& screen) {
  const std::size_t menu = find_menu(rows);
  const std::size_t composer = menu == rows.size() ? find_composer(rows) : menu;
  std::vector<Message> below;
  if (menu != rows.size()) {
    mark(screen, rows, menu, rows.size(), RegionKind::panel);
    below.push_back(read_whole(rows, menu, rows.size(), RegionKind::panel));
  } else if (composer != rows.size()) {
    std::size_t footer = rows.size();
    while (footer > composer + 1 && !rows[footer - 1].blank()) --footer;
    mark(screen, rows, composer, footer, RegionKind::prompt);
    mark(screen, rows, footer, rows.size(), RegionKind::footer);
    below = read_footer(rows, footer, rows.size());
  }
  // The first one: output of commands names the program again.
  const auto header = std::find_if(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(composer), is_header);
  const auto above = static_cast<std::size_t>(header - rows.begin());
  const std::size_t begin = above == composer ? 0 : above + 1;
  std::size_t turn = composer;
  while (turn > begin && !is_prompt(rows[turn - 1])) --turn;
  if (turn > begin) --turn;
  read_conversation(rows, {begin, turn, composer}, style, std::move(below), screen);
}

}  // namespace quotawatch
