// When a limit ends: the reset on the screen, and the one in the program's record. For src/decide/evidence only.
#pragma once

#include <chrono>

#include "quotawatch/evidence.h"
#include "quotawatch/testimony.h"
#include "quotawatch/time.h"

namespace quotawatch {

// How long a server may keep refusing after the reset it named.
inline constexpr Milliseconds refusal_window = std::chrono::minutes{5};

// W1: the reset that the record names counts. A refusal at the reset that screen or record names is
// not over with it.
void take_reset(const Testimony& testimony, WallTime first_seen, WallTime now, DatedReset& dated);

}  // namespace quotawatch
