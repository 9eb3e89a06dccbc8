// Sessions that stand still without a limit: after a server error or a throttle, or behind a last message of the
// program that speaks of a limit in words that no rule knows.
//
// Monitor looks at each session's screen at each poll and reports one that has stood still for
// standstill_limit, once. No decision depends on it, and a restart forgets it.
#pragma once

#include <optional>
#include <string_view>

#include "quotawatch/time.h"
#include "quotawatch/verdict.h"

namespace quotawatch {

constexpr Milliseconds standstill_limit = std::chrono::minutes{10};

struct Standstill {
  Verdict verdict = Verdict::server_error;  // clear: with a murmur
  Fingerprint screen;                       // without digits: clocks and countdowns are no activity
  SteadyTime since;
  bool reported = false;

  bool operator==(const Standstill&) const = default;
};

// True for a screen that is reported as unrecognised if it stands still.
bool stands_with_murmur(const Reading& reading);

// What is known of a session after a poll at `now` has read `reading` from `screen`; empty if it does
// not stand still. `reported` changes to true at the poll at which it has to be reported.
std::optional<Standstill> look_again(std::optional<Standstill> before, const Reading& reading, std::string_view screen,
                                     SteadyTime now);

}  // namespace quotawatch
