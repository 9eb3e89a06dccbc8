// What a transcript expects of the journal, and the expectation that fits an event.
//
// Used by replay, which checks and blesses, and by the recorder, which writes down decisions.
#pragma once

#include <string>
#include <utility>

#include "quotawatch/event.h"
#include "quotawatch/keyboard.h"
#include "transcript/transcript.h"

namespace quotawatch {

// What reached a pane, as an event of a replay's journal.
Event typed_event(const Stroke& stroke, WallTime at);

// The expectation that this decision fulfils, for a transcript.
Expectation expectation_of(Milliseconds offset, const Event& event);

// True if this field of an expectation holds.
bool field_holds(const std::pair<std::string, std::string>& field, const Event& got);

}  // namespace quotawatch
