// Typography made plain: what programs draw with, said in the words that rules
// are written in.
//
// Called for every row that a message is made of.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "quotawatch/screen.h"

namespace quotawatch {

// Appends `part` of a row to `normalised`: narrow and no-break spaces, tabs and box
// verticals become one space, curly quotes straight ones, all middle dots "·", long
// dashes "-"; invisible characters go, runs of spaces shrink to one. A space comes
// between what stands there already and `part`. Case stays: matching ignores it.
// `origin`: the offset of `part` in the screen's text.
void normalise_onto(NormalisedText& normalised, std::string_view part, std::size_t origin);

// Appends normalised text to normalised text; `hard`: with nothing between the two.
void append_text(NormalisedText& normalised, const NormalisedText& part, bool hard);

// Appends what is the same of `text` at every width. Whether a space stands between two
// words depends on where rows end (words are broken behind "-" and "/"), how much line a
// box has and how its rows are filled on how wide they are: these are left out.
void append_identity(std::string& identity, std::string_view text);

// One text on its own, for examples and tests.
NormalisedText normalise(std::string_view text);

}  // namespace quotawatch
