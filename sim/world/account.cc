#include "sim/world/account.h"

#include <cassert>

namespace quotawatch::sim {

// A window begins with the first work after the previous one, and ends at a round time.
void Account::roll(Window& window, Milliseconds length, WallTime now, const Zone& zone) {
  if (now < window.ends) return;
  window = {round_for_banner(now + length, zone), Milliseconds{0}};
}

void Account::spend(Milliseconds work, WallTime now, const Zone& zone) {
  assert(work >= Milliseconds{0});
  roll(window_, std::chrono::hours{5}, now, zone);
  roll(week_, std::chrono::hours{24 * 7}, now, zone);
  window_.spent += work;
  week_.spent += work;
  if (limit(now)) return;
  if (week_.spent >= week_work_) {
    limit_ = Limit{LimitKind::week, week_.ends, week_.ends};
  } else if (window_.spent >= window_work_) {
    limit_ = Limit{LimitKind::window, window_.ends, window_.ends};
    last_window_end_ = window_.ends;
  }
}

bool Account::reach_same_time_again(WallTime now) {
  if (!last_window_end_ || limit(now)) return false;
  WallTime end = *last_window_end_;
  while (end <= now) end += std::chrono::hours{24};
  if (end - now > std::chrono::hours{5}) return false;
  limit_ = Limit{LimitKind::window, end, end};
  last_window_end_ = end;
  return true;
}

}  // namespace quotawatch::sim
