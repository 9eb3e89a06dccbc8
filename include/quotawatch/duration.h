// Durations as people write them in configs and transcripts: "30s", "1h30m".
#pragma once

#include <string>
#include <string_view>

#include "quotawatch/time.h"

namespace quotawatch {

// Reads numbers with units h, m, s, ms, strung together ("1h30m", "2.5s", "0").
// Throws std::invalid_argument saying what is wrong and what would be right: an
// unknown unit, a sign, finer than a millisecond, longer than 100 years.
Milliseconds parse_duration(std::string_view text);

// "1h30m", "45s", "1.5s", "20ms", "0s": what parse_duration reads back unchanged.
std::string format_duration(Milliseconds duration);

// "60s", "60.5s": whole seconds first, as offsets are written in transcripts.
std::string format_offset(Milliseconds offset);

}  // namespace quotawatch
