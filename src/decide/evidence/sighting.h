// What a session has shown without a break, and since when (A3). For src/decide/evidence only.
#pragma once

#include <string>

#include "quotawatch/evidence.h"
#include "quotawatch/state.h"

namespace quotawatch {

// What a program draws that was started since is the conversation before it; if its record then says that it was
// refused, that is another message, in the same words.
void forget_if_refused_since(const State& state, SessionMemory& memory, const Observation& observation);

// Updates the record of one session's screen: which message it has shown without a break, and since
// when. True if the message is another one than before.
bool remember(SessionMemory& memory, const Reading& reading, const std::string& under_way, FirstLook look);

}  // namespace quotawatch
