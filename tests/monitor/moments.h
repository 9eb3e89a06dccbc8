// Times as tests write them.
#pragma once

#include <string_view>

#include "quotawatch/time.h"

namespace quotawatch {

inline WallTime at(std::string_view text) { return *parse_wall(text); }

}  // namespace quotawatch
