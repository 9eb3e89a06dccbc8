// Normalises typography, so that rules need only plain characters.
//
// Called for every row of every message.
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

// Appends normalised text to normalised text; `hard`: without a space in between.
void append_text(NormalisedText& normalised, const NormalisedText& part, bool hard);

// Appends the part of `text` that is independent of the width. Spaces depend on wrapping (words are broken
// after "-" and "/"), and lines and fill of boxes on their width: these are left out.
void append_identity(std::string& identity, std::string_view text);

// A single text, for examples and tests.
NormalisedText normalise(std::string_view text);

}  // namespace quotawatch
