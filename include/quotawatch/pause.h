// The operator's pause: sessions are judged and journalled, but nothing is switched and nothing typed.
//
// Pure. Called by Monitor for clients of its socket, and at each poll.
#pragma once

#include <optional>

#include "quotawatch/account_command.h"
#include "quotawatch/event.h"
#include "quotawatch/state.h"
#include "quotawatch/time.h"

namespace quotawatch {

struct PauseCommand {
  std::optional<Milliseconds> length;  // empty: until it is ended; zero: end it

  bool operator==(const PauseCommand&) const = default;
};

CommandedState obey(State state, const PauseCommand& command, Moment now);

// Ends a pause whose time is over, and returns its event.
std::optional<Event> end_pause(State& state, WallTime now);

}  // namespace quotawatch
