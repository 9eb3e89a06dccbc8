// How a program says that an account is used up, independently of its wording: a word of the limit
// family that is reached or spent, and behind it a time or a remedy. For messages that fit no rule,
// since wording changes without notice.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/screen.h"

namespace quotawatch {

enum class Shape {
  none,      // says nothing about a limit
  mentions,  // names a limit or a reset, without saying that one is reached
  other,     // what is reached limits something else (context, files, somebody's server), or the
             // account is not out: a warning, a limit that was reset or raised
  part,      // a limit is reached, but neither a time nor a remedy follows
  whole,
};

// `text`: a message as normalised. Where the model writes too (`Voice::shared`), only a text that is
// nothing but a banner is whole.
Shape shape_of(std::string_view text, Voice voice);

// True if a limit of that shape stops one model only.
bool names_model(std::string_view text);

// Messages of that shape have one of these words. Few, since the search for them is all that most screens cost.
const std::vector<std::string>& shape_words();

}  // namespace quotawatch
