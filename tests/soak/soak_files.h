// The records of a soak, as values. Used by lives.cc.
#pragma once

#include <optional>
#include <string_view>

#include "quotawatch/event.h"

namespace quotawatch::soak {

// A line of the journal; empty if it is incomplete or not ours.
std::optional<Event> read_event(std::string_view line);

}  // namespace quotawatch::soak
