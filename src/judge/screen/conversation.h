// Rows of a conversation into messages: who begins where, what belongs together.
//
// The reader of each program's screens says how a row opens; everything else is
// the same for all of them.
#pragma once

#include <cstddef>
#include <vector>

#include "judge/screen/rows.h"
#include "quotawatch/screen.h"

namespace quotawatch {

// How a row of the conversation begins.
enum class Opening {
  continuation,  // goes on with what stands above
  prompt,        // a prompt the user has sent
  shell,         // a command the user ran in the program's shell mode
  bullet,        // the model's words, or the program's behind the same sign
  call,          // a tool call
  result,        // hangs below what stands above: output of a call, or the program's words
  words,         // the model's words, behind a sign that the program never uses
  notice,        // the program's words, behind a sign that the model never uses
  status,        // a sign of life
  flush,         // no sign at all, in the first column
  foreign,       // boxes, logos: nothing of the conversation
};

struct ConversationStyle {
  Opening (*opening)(const Row&) = nullptr;
  // Wrapped rows of the program's own words begin in the first column.
  bool wraps_flush = false;
  // True for a prompt that is a command which the program always answers itself; null: there are
  // none.
  bool (*is_question)(std::string_view prompt) = nullptr;
};

// Where a conversation is: rows[begin, end), whose last turn begins at `turn`. It begins below the
// program's header; at 0 where that is not visible.
struct ConversationRows {
  std::size_t begin;
  std::size_t turn;
  std::size_t end;
};

// Fills regions, what was said and messages of `screen`; `below`: the messages
// of what stands under the conversation.
void read_conversation(const Rows& rows, const ConversationRows& conversation, const ConversationStyle& style,
                       std::vector<Message> below, Screen& screen);

// All of rows[begin, end) as one message of the program: panels, notices.
Message read_whole(const Rows& rows, std::size_t begin, std::size_t end, RegionKind region);

// The footer's texts: its rows split into columns, each column's cells joined
// downwards; every cell may be where a text begins.
std::vector<Message> read_footer(const Rows& rows, std::size_t begin, std::size_t end);

}  // namespace quotawatch
