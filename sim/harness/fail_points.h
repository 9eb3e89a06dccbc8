// Fail points: where a monitor can be killed, before and after each of its lasting actions.
//
// Stage reaches them from the monitor's RunObserver, so the monitor under test is the production one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "transcript/action.h"

namespace quotawatch::sim {

// Thrown through the monitor to end it as SIGKILL does.
struct MonitorKilled {};

class FailPoints {
 public:
  // Before and after each step, but only after a report.
  static constexpr std::size_t point_count = 9;

  // Kills the monitor at this point, once.
  void arm(const FailPoint& point) { armed_.push_back(point); }

  // Starts counting the points reached, and kills the monitor at the one with this index, if any.
  void count_moments(std::optional<std::size_t> kill_at);

  // How many points were reached since count_moments().
  std::size_t reached() const { return reached_; }

  // The point where count_moments() killed it, in the form that arm() takes; empty if the run did
  // not get there.
  const std::optional<FailPoint>& moment_reached() const { return moment_reached_; }

  // Kills at each point: before and after a save, a write, a start, a key; after a report.
  const std::array<std::uint64_t, point_count>& kills() const { return kills_; }

  // Throws MonitorKilled if the monitor is to be killed here.
  void reach(FailStep step, bool after);

 private:
  std::vector<FailPoint> armed_;
  std::optional<std::size_t> moment_;
  std::optional<FailPoint> moment_reached_;
  std::size_t reached_ = 0;
  std::array<std::uint64_t, point_count> reached_by_point_{};
  std::array<std::uint64_t, point_count> kills_{};
};

}  // namespace quotawatch::sim
