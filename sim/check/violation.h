// A broken invariant: a bug of quotawatch, never of the transcript.
#pragma once

#include <string>

#include "quotawatch/time.h"

namespace quotawatch::sim {

struct Violation {
  std::string invariant;  // its name, such as "cooldown"
  Milliseconds offset{0};
  std::string what;
};

// The one invariant about events that are missing; all others are about safety.
inline constexpr const char* liveness_invariant = "liveness";

}  // namespace quotawatch::sim
