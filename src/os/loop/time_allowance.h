// How long somebody else may take, counted only while we run ourselves.
//
// Used wherever src/os gives something up: Timer::start_timeout, and whoever asks a monitor.
// A monitor that was stopped, a frozen cgroup or a suspended machine makes a deadline pass
// while nobody could look, and may have stopped the other side as well. So time is counted in
// slices, each of which counts as long as it was meant to be, however late we come round.
#pragma once

#include <algorithm>
#include <cassert>

#include "quotawatch/time.h"

namespace quotawatch::os {

class TimeAllowance {
 public:
  static constexpr Milliseconds longest_slice{1000};
  // Coming round later than this means that we did not run.
  static constexpr Milliseconds usual_delay{100};

  explicit TimeAllowance(Milliseconds total)
      : left_(std::max(total, Milliseconds{0})), extra_(std::min(left_, longest_slice)) {}

  // How long to wait next; zero once all is used up.
  Milliseconds slice() const { return std::min(left_, longest_slice); }

  // That wait is over; it took this long.
  void use(Milliseconds waited) {
    assert(waited >= Milliseconds{0});
    const Milliseconds late = waited - slice();
    left_ -= std::min(waited, slice());
    // Whoever was stopped with us gets a moment to finish, once.
    if (left_ == Milliseconds{0} && late > usual_delay) std::swap(left_, extra_);
  }

 private:
  Milliseconds left_;
  Milliseconds extra_;
};

}  // namespace quotawatch::os
