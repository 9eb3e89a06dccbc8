// The visible text of a pane, cut into regions and messages.
//
// Made by read_screen() from a capture, a transcript or a file; read by Judge
// and drawn by `explain`. Rows are views into the text given, which must outlive
// the screen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quotawatch {

// Which program draws a screen; a pack says which one it is written for.
enum class ScreenKind {
  plain,  // a shell, or a program nobody here knows: its last non-blank rows
  claude_code,
  codex,
  gemini,
};

// "plain", "claude-code", "codex", "gemini".
std::string_view screen_name(ScreenKind kind);
std::optional<ScreenKind> find_screen_kind(std::string_view name);
std::vector<std::string> screen_names();

// What a row is.
enum class RegionKind {
  history,  // above what counts: earlier turns, or earlier rows of a plain screen
  turn,     // the conversation since the last submitted prompt
  status,   // the program's sign of life within it: spinner, "Cooked for 3s"
  notice,   // the line right above the prompt box
  panel,    // a menu or dialog in the prompt box's place
  prompt,   // the prompt box and what is typed there
  footer,   // everything below it
  block,    // plain screens: the rows that are judged
  blank,    // nothing on it
};

std::string_view region_name(RegionKind kind);
std::optional<RegionKind> find_region(std::string_view name);

// Who may have written a message. Only where the program alone writes can a few
// words be taken at their face.
enum class Voice {
  program,  // nobody but the program writes there
  shared,   // the program and the model write there: only a whole message counts
  model,    // the model's own words
  tool,     // a tool call or what it printed
  user,     // what was typed and sent
};

// Text with its typography made plain, and where each byte of it came from.
struct NormalisedText {
  // A stretch that stands in the screen's text just so.
  struct Piece {
    std::uint32_t begin;   // in `text`
    std::uint32_t origin;  // in the screen's text
  };
  std::string text;
  std::vector<Piece> pieces;  // in order; each ends where the next begins

  // Where the byte at `offset` of `text` stands in the screen's; 0 for an empty text.
  std::size_t origin_of(std::size_t offset) const;
};

// What one voice says in one place, its wrapped rows joined.
struct Message {
  RegionKind region = RegionKind::turn;
  Voice voice = Voice::program;
  NormalisedText normalised;
  std::size_t first_row = 0;  // from 0
  bool decoration = false;    // a status row, or what hangs below one
  bool more = false;          // further paragraphs follow
  bool flush = false;         // without any sign, in the first column
};

// What was asked, answered or done in a conversation: recognised when it is drawn again,
// never judged. What the program itself puts in between is none of it.
struct Said {
  enum class Kind {
    asked,     // by the user
    question,  // by the user, of the program itself: a command that it answers on the spot
    other,     // answered or done
  };
  Kind kind = Kind::other;
  std::string text;    // its rows, one after the other, without signs
  std::string answer;  // what the program says right below what was asked
};

// The rows that are judged together, as one text.
struct Block {
  std::string text;                     // joined by newlines
  std::vector<std::string_view> lines;  // views into the screen's text
};

// The last `count` non-blank lines of `text`. Looks at no more of it than that:
// this runs for every screen that changed.
Block take_block(std::string_view text, std::size_t count);

struct Screen {
  ScreenKind kind = ScreenKind::plain;
  std::vector<std::string_view> rows;
  std::vector<RegionKind> regions;  // one a row
  std::vector<Message> messages;    // what is judged, from top to bottom
  std::vector<Said> said;           // the whole visible conversation, from top to bottom
  bool whole = false;               // its beginning is visible
  Block block;                      // plain screens: the text of one block
};

// Cuts `text` into rows and takes its last `tail` non-blank ones as the block.
Screen read_plain_screen(std::string_view text, std::size_t tail);

// Reads `text` as the program of `kind` draws it; with `plain`, as the unknown ones.
Screen read_screen(std::string_view text, ScreenKind kind, std::size_t tail);

// Reads `text` as the program draws it that seems to have drawn it.
Screen read_recognised_screen(std::string_view text, std::size_t tail);

}  // namespace quotawatch
