#include "os/tmux/look_budget.h"

#include <algorithm>

namespace quotawatch::os {

Milliseconds LookBudget::wait(SteadyTime now) const {
  return std::max(Milliseconds{0}, all_there_at_ - spread_ - now);
}

bool LookBudget::take(SteadyTime now) {
  if (wait(now) > Milliseconds{0}) return false;
  all_there_at_ = std::max(all_there_at_, now) + interval_;
  return true;
}

}  // namespace quotawatch::os
