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
// the record names none. What may have been a limit of the moment is a throttle, and only where the screen says nothing
// of its own.
std::optional<Reading> read_testimony(const Reading& screen, const std::optional<Testimony>& testimony);

// W1: true if the record says the same as a screen that shows a limit. What may have been a limit of the moment
// confirms only words that a rule knows as the account's.
bool confirms(const std::optional<Testimony>& testimony, const Reading& screen);

// W1: the reset that the record names counts. A refusal at the reset that the screen names has not expired all the
// same.
DatedReset with_reset(DatedReset dated, WallTime reset, WallTime now);

// W2: true if the record says that nothing was refused. A turn that has not ended says so, too; but a program that has
// stopped writing must not hide a limit for ever.
bool denies(const std::optional<Testimony>& testimony, WallTime now);

// W2: what the screen shows is no limit. To be called for a testimony that denies it.
void dispute(const Testimony& testimony, DatedVerdict& dated);

}  // namespace quotawatch
