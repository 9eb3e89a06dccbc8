// Durations as written in configs and transcripts: "30s", "1h30m".
#pragma once

#include <string>
#include <string_view>

#include "quotawatch/time.h"

namespace quotawatch {

// Parses numbers with the units h, m, s, ms, one after the other ("1h30m", "2.5s", "0"). Throws
// std::invalid_argument saying what is wrong and what would be right: for an unknown unit, a sign,
// fractions of a millisecond, more than 100 years.
Milliseconds parse_duration(std::string_view text);

// "1h30m", "45s", "1.5s", "20ms", "0s": parse_duration() gives the same duration again.
std::string format_duration(Milliseconds duration);

// "60s", "60.5s": whole seconds first, as for offsets in transcripts.
std::string format_offset(Milliseconds offset);

}  // namespace quotawatch
