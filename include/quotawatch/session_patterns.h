// Sessions that the config names by pattern: which of those that are there it means.
//
// Pure. Used by Monitor at each poll, and by those who know beforehand which sessions there will be: replay,
// the simulator, `record`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/config.h"

namespace quotawatch {

// True if some group names sessions by pattern.
bool has_patterns(const Config& config);

// `*` stands for any characters, none included, and `?` for one; all others for themselves.
bool matches_pattern(std::string_view pattern, std::string_view name);

// The config with `found` set for the sessions with these names, in each of its groups. A session that is
// named exactly is left to that name; else it is the first group's that has a pattern for it.
Config with_found(Config config, std::vector<std::string> names);

// All sessions that are found by pattern, in the order in which they are watched.
std::vector<std::string> found_sessions(const Config& config);

}  // namespace quotawatch
