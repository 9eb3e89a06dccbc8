// The seam to time: the only way any part of quotawatch learns what time it is
// or waits. Production uses SystemClock (src/os), which alone reads real time;
// replay and simulation use VirtualClock (sim/), where waiting costs nothing.
// tests/contracts/clock_contract.h is what both promise.
#pragma once

#include "quotawatch/time.h"

namespace quotawatch {

// Why a wait ended.
enum class Wake {
  deadline,  // the deadline has been reached
  notified,  // something happened that the monitor should look at: a switch ended
  reload,    // the user asks for the config to be read again
  stop,      // the run is over; asked again, it stays over
};

class Clock {
 public:
  virtual ~Clock() = default;

  // Both readings of this moment. Steady never goes back between two calls.
  virtual Moment now() const = 0;

  // Blocks until `deadline` or an earlier cause. A deadline that is already past
  // returns at once. What is due earlier or at the deadline is told first.
  virtual Wake wait_until(SteadyTime deadline) = 0;
};

}  // namespace quotawatch
