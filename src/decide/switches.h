// What every switch has in common, whoever makes it. For src/decide only.
#pragma once

#include <string>

#include "quotawatch/state.h"
#include "quotawatch/time.h"

namespace quotawatch {

// For the switch counted last in `switches_asked`. Unique even if the state is lost: hooks
// tell requests apart by it.
std::string make_switch_id(const State& state, Moment now);

// The sessions are on another account from now on: `shown_at_switch` of each is for the
// caller to set (A3).
void note_done(State& state, DoneSwitch done, Moment now);

}  // namespace quotawatch
