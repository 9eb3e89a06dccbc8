// What a session's screen and its program's own record say together: rules W1 to W3.
//
// Called by fold() for each session that has a witness.
#pragma once

#include <optional>
#include <string_view>

#include "quotawatch/evidence.h"
#include "quotawatch/testimony.h"
#include "quotawatch/verdict.h"

namespace quotawatch {

// W1: the reading of a screen on which no rule sees the limit that the record names; empty if the screen shows one, or
// the record names none.
std::optional<Reading> read_testimony(const Reading& screen, const std::optional<Testimony>& testimony);

// W1, W2: completes what the screen says with what the record says.
void heed(const std::optional<Testimony>& testimony, WallTime now, DatedVerdict& dated);

}  // namespace quotawatch
