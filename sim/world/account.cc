#include "sim/world/account.h"

#include <algorithm>
#include <cassert>
#include <utility>

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
  spend_elsewhere(work, now);
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

int Account::percent_of(const Window& window, Milliseconds allowed) {
  return static_cast<int>(std::min<std::int64_t>(100 * window.spent / allowed, 100));
}

std::vector<WindowUse> Account::use(WallTime now) const {
  std::vector<WindowUse> use;
  using std::chrono::hours;
  const auto add = [&](const Window& window, Milliseconds length, Milliseconds allowed) {
    if (now < window.ends) use.push_back({length, percent_of(window, allowed), window.ends});
  };
  add(window_, hours{5}, window_work_);
  add(week_, hours{24 * 7}, week_work_);
  return use;
}

void Account::leave_early(int percent, WallTime now) {
  ++early_.left;
  shadows_.clear();
  for (const auto& [window, allowed] : {std::pair(window_, window_work_), std::pair(week_, week_work_)}) {
    if (now < window.ends && percent_of(window, allowed) >= percent) shadows_.push_back({window, allowed});
  }
  if (shadows_.empty()) ++early_.for_nothing;  // it was not near at all
}

void Account::spend_elsewhere(Milliseconds work, WallTime now) {
  if (shadows_.empty()) return;
  for (auto& shadow : shadows_) shadow.window.spent += work;
  const auto is_full = [](const Shadow& shadow) { return shadow.window.spent >= shadow.allowed; };
  if (std::ranges::any_of(shadows_, is_full)) return shadows_.clear();
  std::erase_if(shadows_, [&](const Shadow& shadow) { return shadow.window.ends <= now; });
  if (shadows_.empty()) ++early_.for_nothing;
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
