#include "sim/harness/fail_points.h"

#include <cassert>
#include <utility>

namespace quotawatch::sim {

void FailPoints::count_moments(std::optional<std::size_t> kill_at) {
  moment_ = kill_at;
  reached_ = 0;
  reached_by_point_ = {};
}

void FailPoints::reach(FailStep step, bool after) {
  static_assert(point_count == static_cast<std::size_t>(FailStep::report) * 2 + 1);
  assert(after || step != FailStep::report);
  const bool report = step == FailStep::report;
  const auto point = report ? kills_.size() - 1 : static_cast<std::size_t>(step) * 2 + (after ? 1 : 0);
  const bool is_moment = moment_ == reached_++;
  if (is_moment) moment_reached_ = FailPoint{step, after, reached_by_point_[point]};
  ++reached_by_point_[point];
  bool killed = is_moment;
  std::erase_if(armed_, [&](FailPoint& armed) {
    const bool due = armed.step == step && armed.after == after && armed.passed_over-- == 0;
    killed = killed || due;
    return due;
  });
  if (!killed) return;
  ++kills_[point];
  throw MonitorKilled{};
}

}  // namespace quotawatch::sim
