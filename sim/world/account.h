// A simulated account with two usage windows, like real accounts.
//
// Owned by World. All times are true times, independent of the host's clock.
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <vector>

#include "quotawatch/testimony.h"
#include "quotawatch/time.h"
#include "quotawatch/zone.h"
#include "sim/world/wordings.h"

namespace quotawatch::sim {

class Account {
 public:
  Account(std::string name, Milliseconds window_work, Milliseconds week_work)
      : name_(std::move(name)), window_work_(window_work), week_work_(week_work) {}

  const std::string& name() const { return name_; }

  // Adds work of this length, which may reach a limit.
  void spend(Milliseconds work, WallTime now, const Zone& zone);

  // Out of credit, with no known end: until the operator pays.
  void run_dry(WallTime until) { limit_ = Limit{LimitKind::open, until, until}; }

  // A 5-hour limit that ends at the same time of day as the last one, so that programs word it
  // identically. False if that is not within five hours from now.
  bool reach_same_time_again(WallTime now);

  // The server keeps refusing for this long after the end that the limit names.
  void linger(Milliseconds lag) {
    assert(limit_);
    limit_->over = limit_->until + lag;
  }

  // How much of each window is used, as the programs write down.
  std::vector<WindowUse> use(WallTime now) const;

  // It is left before its wall: whether that would have come before the end of a window that is used up so far, if all
  // work had gone on here, is seen from what is done elsewhere.
  void leave_early(int percent, WallTime now);
  void spend_elsewhere(Milliseconds work, WallTime now);

  struct EarlySwitches {
    int left = 0;
    int for_nothing = 0;  // the wall would not have come

    EarlySwitches& operator+=(const EarlySwitches& other) {
      left += other.left;
      for_nothing += other.for_nothing;
      return *this;
    }
  };
  const EarlySwitches& early() const { return early_; }

  struct Limit {
    LimitKind kind = LimitKind::window;
    WallTime until;  // as worded by programs
    WallTime over;   // when requests are accepted again
  };
  // The limit in force.
  std::optional<Limit> limit(WallTime now) const { return limit_ && now < limit_->over ? limit_ : std::nullopt; }

 private:
  struct Window {
    WallTime ends;
    Milliseconds spent{0};
  };
  // A window as it would be.
  struct Shadow {
    Window window;
    Milliseconds allowed{0};
  };
  static int percent_of(const Window& window, Milliseconds allowed);
  static void roll(Window& window, Milliseconds length, WallTime now, const Zone& zone);

  std::string name_;
  Milliseconds window_work_;
  Milliseconds week_work_;
  Window window_;
  Window week_;
  std::optional<Limit> limit_;
  std::optional<WallTime> last_window_end_;
  std::vector<Shadow> shadows_;
  EarlySwitches early_;
};

}  // namespace quotawatch::sim
