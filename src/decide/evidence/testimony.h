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

// W1: what screen and record say together, where the record says that the turn was refused; else empty. Where no rule
// sees a limit on the screen it is the record's. What may have been a limit of the moment is a throttle, and only where
// the screen says nothing of its own.
std::optional<Reading> read_testimony(const Reading& screen, const std::optional<Testimony>& testimony);

// W1: true if the record says the same as a screen that shows a limit. What may have been a limit of the moment
// confirms only words that a rule knows as the account's.
bool confirms(const std::optional<Testimony>& testimony, const Reading& screen);

// W2: true if the record says that nothing was refused. A turn that has not ended says so, too, but for a throttle,
// after which the program may ask again by itself; and a program that has stopped writing must not hide a limit for
// ever.
bool denies(const std::optional<Testimony>& testimony, Verdict verdict, WallTime now);

// True if what the session shows is no answer, whatever it looks like: the turn did not end well.
bool proves_nothing(const std::optional<Testimony>& testimony);

// W2: what the screen shows is no limit. To be called for a testimony that denies it.
void dispute(const Testimony& testimony, DatedVerdict& dated);

}  // namespace quotawatch
