// What a transcript expects of the journal, and what an event would have to be expected as.
//
// Used by replay, which checks and blesses, and by the recorder, which writes what was decided.
#pragma once

#include <string>
#include <utility>

#include "quotawatch/event.h"
#include "transcript/transcript.h"

namespace quotawatch {

// The expectation that a decision fulfils, ready to stand in a transcript.
Expectation expectation_of(Milliseconds offset, const Event& event);

// Whether one field of an expectation holds.
bool field_holds(const std::pair<std::string, std::string>& field, const Event& got);

}  // namespace quotawatch
