// What a warning says of the limit that is near. Pure text; for both ways of reading a screen.
#pragma once

#include <string_view>

#include "quotawatch/verdict.h"

namespace quotawatch {

// "You've used 92% of your 5-hour limit · resets 12am", "Heads up, you have less than 10% of your weekly limit left".
NearLimit read_near_limit(std::string_view warning);

}  // namespace quotawatch
