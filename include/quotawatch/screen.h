// The visible text of a pane, split into regions and messages.
//
// Created by read_screen() from a capture, a transcript or a file; read by Judge and shown by
// `explain`. Rows are views into the given text, which must outlive the screen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quotawatch {

// The program that draws a screen; each pack is written for one.
enum class ScreenKind {
  plain,  // a shell or an unknown program: its last non-blank rows
  claude_code,
  codex,
  gemini,
  opencode,
  agent,  // any other agent that draws its input at the bottom of a screen of its own
};
inline constexpr auto screen_kind_count = static_cast<std::size_t>(ScreenKind::agent) + 1;

// "plain", "claude-code", "codex", "gemini", "opencode", "agent".
std::string_view screen_name(ScreenKind kind);
std::optional<ScreenKind> find_screen_kind(std::string_view name);
std::vector<std::string> screen_names();

// The kinds of rows.
enum class RegionKind {
  history,  // not judged: earlier turns, or earlier rows of a plain screen
  turn,     // the conversation since the last submitted prompt
  status,   // the program's activity indicator within it: spinner, "Cooked for 3s"
  notice,   // the line right above the prompt box
  panel,    // a menu or dialog in place of the prompt box
  prompt,   // the prompt box and the user's draft
  footer,   // everything below it
  block,    // plain screens: the rows that are judged
  blank,    // an empty row
};

std::string_view region_name(RegionKind kind);
std::optional<RegionKind> find_region(std::string_view name);

// Who may have written a message. A short phrase is reliable only where nothing but the program
// writes.
enum class Voice {
  program,  // only the program writes there
  shared,   // the program and the model write there: only a whole message counts
  model,    // the model's own words
  tool,     // a tool call or its output
  user,     // submitted by the user
};

// Normalised text, with the origin of each byte.
struct NormalisedText {
  // A part that is identical in the screen's text.
  struct Piece {
    std::uint32_t begin;   // in `text`
    std::uint32_t origin;  // in the screen's text
  };
  std::string text;
  std::vector<Piece> pieces;  // in order; each ends where the next begins

  // The position in the screen's text of the byte at `offset` of `text`; 0 for an empty text.
  std::size_t origin_of(std::size_t offset) const;
};

// A message of one voice in one place, its wrapped rows joined.
struct Message {
  RegionKind region = RegionKind::turn;
  Voice voice = Voice::program;
  NormalisedText normalised;
  std::size_t first_row = 0;  // from 0
  bool decoration = false;    // a status row, or a row attached to one
  bool more = false;          // further paragraphs follow
  bool flush = false;         // without a sign, in the first column
};

// Requests, answers and actions of a conversation: used to recognise it when it is redrawn, never
// judged. The program's own messages are not included.
struct Said {
  enum class Kind {
    asked,     // by the user
    question,  // by the user to the program itself: a command that it answers immediately
    other,     // an answer or action
  };
  Kind kind = Kind::other;
  std::string text;    // its rows, one after the other, without signs
  std::string answer;  // the program's message right below the request
};

// The rows that are judged together, as one text.
struct Block {
  std::string text;                     // joined by newlines
  std::vector<std::string_view> lines;  // views into the screen's text
};

// The last `count` non-blank lines of `text`. Reads no more of it than that, because this runs for
// every screen that changed.
Block take_block(std::string_view text, std::size_t count);

struct Screen {
  ScreenKind kind = ScreenKind::plain;
  std::vector<std::string_view> rows;
  std::vector<RegionKind> regions;  // one per row
  std::vector<Message> messages;    // the judged messages, from top to bottom
  std::vector<Said> said;           // the whole visible conversation, from top to bottom
  bool whole = false;               // its beginning is visible
  Block block;                      // plain screens: the rows judged as one text
};

// Splits `text` into rows and takes its last `tail` non-blank ones as the block.
Screen read_plain_screen(std::string_view text, std::size_t tail);

// Reads `text` as drawn by the program of `kind`; with `plain`, as an unknown program's.
Screen read_screen(std::string_view text, ScreenKind kind, std::size_t tail);

// Reads `text` as drawn by the program it seems to come from.
Screen read_recognised_screen(std::string_view text, std::size_t tail);

}  // namespace quotawatch
