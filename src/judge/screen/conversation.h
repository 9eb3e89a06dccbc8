// Splits the rows of a conversation into messages, and says whose words each is.
//
// The reader of each program's screens classifies how a row begins; the rest is common to all of them.
#pragma once

#include <cstddef>
#include <vector>

#include "judge/screen/rows.h"
#include "quotawatch/screen.h"

namespace quotawatch {

// How a row of the conversation begins.
enum class Opening {
  continuation,  // continues the row above
  prompt,        // a prompt the user has sent
  shell,         // a command the user ran in the program's shell mode
  bullet,        // the model's words, or the program's after the same glyph
  call,          // a tool call
  result,        // indented below the message above: output of a call, or the program's words
  words,         // the model's words, after a glyph that the program never uses
  notice,        // the program's words, after a glyph that the model never uses
  status,        // a spinner
  flush,         // no glyph, in the first column
  foreign,       // boxes, logos: not part of the conversation
};

struct ConversationStyle {
  Opening (*opening)(const Row&) = nullptr;
  // Wrapped rows of the program's own words begin in the first column.
  bool wraps_flush = false;
  // True for a prompt that is a command which the program answers itself; null if there are none.
  bool (*is_question)(std::string_view prompt) = nullptr;
};

// The conversation's rows[begin, end); its last turn begins at `turn`. `begin` is below the program's
// header, or 0 if that is not visible.
struct ConversationRows {
  std::size_t begin;
  std::size_t turn;
  std::size_t end;
};

// Fills regions, parts and messages of `screen`. `below`: the messages below the conversation.
void read_conversation(const Rows& rows, const ConversationRows& conversation, const ConversationStyle& style,
                       std::vector<Message> below, Screen& screen);

// All of rows[begin, end) as one message of the program: panels, notices.
Message read_whole(const Rows& rows, std::size_t begin, std::size_t end, RegionKind region);

}  // namespace quotawatch
