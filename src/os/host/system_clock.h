// Real time: the Clock of `run` and `record`.
//
// The only part of quotawatch that reads the host's clocks. It waits by turning the event loop, so
// children, signals and notifications are handled meanwhile.
#pragma once

#include <cstdint>

#include "os/loop/event_loop.h"
#include "os/loop/timer.h"
#include "quotawatch/clock.h"

namespace quotawatch::os {

// Both readings of this moment, for code that only measures how long something took.
Moment read_system_clock();

// The steady clock for systemd, which compares it with its own reading.
std::int64_t steady_microseconds();

class SystemClock final : public Clock {
 public:
  explicit SystemClock(EventLoop& loop) : loop_(loop), alarm_(loop) {}

  Moment now() const override;
  Wake wait_until(SteadyTime deadline) override;

 private:
  EventLoop& loop_;
  Timer alarm_;
};

}  // namespace quotawatch::os
