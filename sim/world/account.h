// A simulated account: two windows in which work can be spent, as real ones have.
//
// Owned by World. Times are true ones, whatever the host's clock says.
#pragma once

#include <cassert>
#include <optional>
#include <string>

#include "quotawatch/time.h"
#include "quotawatch/zone.h"
#include "sim/world/wordings.h"

namespace quotawatch::sim {

class Account {
 public:
  Account(std::string name, Milliseconds window_work, Milliseconds week_work)
      : name_(std::move(name)), window_work_(window_work), week_work_(week_work) {}

  const std::string& name() const { return name_; }

  // Work of that length is done; it may be what reaches a limit.
  void spend(Milliseconds work, WallTime now, const Zone& zone);

  // Nobody can tell for how long: until somebody pays.
  void run_dry(WallTime until) { limit_ = Limit{LimitKind::open, until, until}; }

  // A 5-hour limit that ends at the time of the day at which the last one did, so that programs say
  // it in the same words. Nothing where that is not within five hours from now.
  bool reach_same_time_again(WallTime now);

  // The server goes on refusing for so long after the moment that the limit names.
  void linger(Milliseconds lag) {
    assert(limit_);
    limit_->over = limit_->until + lag;
  }

  struct Limit {
    LimitKind kind = LimitKind::window;
    WallTime until;  // as programs say it
    WallTime over;   // requests are let in again
  };
  // The limit in force.
  std::optional<Limit> limit(WallTime now) const {
    return limit_ && now < limit_->over ? limit_ : std::nullopt;
  }

 private:
  struct Window {
    WallTime ends;
    Milliseconds spent{0};
  };
  static void roll(Window& window, Milliseconds length, WallTime now, const Zone& zone);

  std::string name_;
  Milliseconds window_work_;
  Milliseconds week_work_;
  Window window_;
  Window week_;
  std::optional<Limit> limit_;
  std::optional<WallTime> last_window_end_;
};

}  // namespace quotawatch::sim
