// Where a monitor can be killed: before and after each thing it does that lasts.
//
// Reached by Stage where the monitor says that it is there, so that the monitor under test is the
// production one; a transcript, a simulation or a test says at which point.
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

// Thrown through the monitor to end it as SIGKILL does: nothing more is done.
struct MonitorKilled {};

class FailPoints {
 public:
  // Before and after each step; a report is only known after it.
  static constexpr std::size_t point_count = 9;

  // Kills at this point, once.
  void arm(const FailPoint& point) { armed_.push_back(point); }

  // From now on the moments are counted, and it is killed at that of this index, if any.
  void count_moments(std::optional<std::size_t> kill_at);

  // How many moments have been reached since.
  std::size_t reached() const { return reached_; }

  // The point that the moment to be killed at was, as arm() would have had to be told when
  // counting began; nothing if it was not reached.
  const std::optional<FailPoint>& moment_reached() const { return moment_reached_; }

  // How often it was killed: before and after a save, a write, a start, a key; after a report.
  const std::array<std::uint64_t, point_count>& kills() const { return kills_; }

  // Throws MonitorKilled if this is the moment.
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
