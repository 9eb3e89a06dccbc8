// A timeout for another process, counted only while we run ourselves.
//
// Used by Timer::start_timeout and by clients of the monitor. A monitor that was stopped, a frozen
// cgroup or a suspended machine lets a deadline pass while we could not check, and may have stopped
// the other side as well. So the timeout is counted in slices, and each slice counts at most its
// nominal length, however late we wake.
#pragma once

#include <algorithm>
#include <cassert>

#include "quotawatch/time.h"

namespace quotawatch::os {

class TimeAllowance {
 public:
  static constexpr Milliseconds longest_slice{1000};
  // Waking later than this means that we did not run.
  static constexpr Milliseconds usual_delay{100};

  explicit TimeAllowance(Milliseconds total)
      : left_(std::max(total, Milliseconds{0})), extra_(std::min(left_, longest_slice)) {}

  // How long to wait next; zero once the timeout is used up.
  Milliseconds slice() const { return std::min(left_, longest_slice); }

  // Counts a wait that took this long.
  void use(Milliseconds waited) {
    assert(waited >= Milliseconds{0});
    const Milliseconds late = waited - slice();
    left_ -= std::min(waited, slice());
    // A peer that was stopped together with us gets a little more time, once.
    if (left_ == Milliseconds{0} && late > usual_delay) std::swap(left_, extra_);
  }

 private:
  Milliseconds left_;
  Milliseconds extra_;
};

}  // namespace quotawatch::os
