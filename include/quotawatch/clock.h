// The seam to time: the only way for any part of quotawatch to read the time or to wait. Production
// uses SystemClock (src/os), the only code that reads real time; replay and simulation use
// VirtualClock (sim/), where waiting takes no time. Both fulfil tests/contracts/clock_contract.h.
#pragma once

#include "quotawatch/time.h"

namespace quotawatch {

// Why a wait ended.
enum class Wake {
  deadline,  // the deadline has been reached
  notified,  // something happened that the monitor should check: a switch ended
  reload,    // the user asks for the config to be read again
  stop,      // the run is over; every later wait returns this, too
};

class Clock {
 public:
  virtual ~Clock() = default;

  // Both clocks at this moment. Steady time never decreases between two calls.
  virtual Moment now() const = 0;

  // Blocks until `deadline` or an earlier cause. Returns at once if the deadline has passed. Causes
  // that are due before or at the deadline are reported first.
  virtual Wake wait_until(SteadyTime deadline) = 0;
};

}  // namespace quotawatch
