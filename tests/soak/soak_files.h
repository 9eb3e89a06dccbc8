// What a soak writes down while it runs, as values. Used by lives.cc.
#pragma once

#include <optional>
#include <string_view>

#include "quotawatch/event.h"

namespace quotawatch::soak {

// A line of the journal; nothing if it is not a whole one, or not one of ours.
std::optional<Event> read_event(std::string_view line);

}  // namespace quotawatch::soak
