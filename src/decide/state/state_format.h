// The versions of the state file, for its reader and its writer.
#pragma once

#include <cstdint>

namespace quotawatch {

// Only states of several groups need the newest.
constexpr std::int64_t state_version = 4;
constexpr std::int64_t state_version_without_groups = 3;

}  // namespace quotawatch
