// Where a monitor can be killed: before and after each thing it does that lasts.
//
// Decorators over the seams, so that the monitor under test is the production one.
// Used by Stage; a transcript, a simulation or a test says at which point.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/journal.h"
#include "quotawatch/state_store.h"
#include "quotawatch/switcher.h"
#include "transcript/action.h"

namespace quotawatch::sim {

// Thrown through the monitor to end it as SIGKILL does: nothing more is done.
struct MonitorKilled {};

class CrashPoints {
 public:
  // Before and after each step; a report is only known after it.
  static constexpr std::size_t point_count = 7;

  // Kills at this point, once.
  void arm(const CrashPoint& point) { armed_.push_back(point); }

  // From now on the moments are counted, and it is killed at that of this index, if any.
  void count_moments(std::optional<std::size_t> kill_at);

  // How many moments have been reached since.
  std::size_t reached() const { return reached_; }

  // The point that the moment to be killed at was, as arm() would have had to be told when
  // counting began; nothing if it was not reached.
  const std::optional<CrashPoint>& moment_reached() const { return moment_reached_; }

  // How often it was killed: before and after a save, a write, a start; after a report.
  const std::array<std::uint64_t, point_count>& kills() const { return kills_; }

  // Throws MonitorKilled if this is the moment.
  void reach(CrashStep step, bool after);

 private:
  std::vector<CrashPoint> armed_;
  std::optional<std::size_t> moment_;
  std::optional<CrashPoint> moment_reached_;
  std::size_t reached_ = 0;
  std::array<std::uint64_t, point_count> reached_by_point_{};
  std::array<std::uint64_t, point_count> kills_{};
};

class CrashingStore final : public StateStore {
 public:
  CrashingStore(StateStore& store, CrashPoints& points) : store_(store), points_(points) {}
  std::optional<State> load() override { return store_.load(); }
  std::optional<std::string> save(const State& state) override;

 private:
  StateStore& store_;
  CrashPoints& points_;
};

class CrashingJournal final : public Journal {
 public:
  CrashingJournal(Journal& journal, CrashPoints& points) : journal_(journal), points_(points) {}
  void write(const Event& event) override;

 private:
  Journal& journal_;
  CrashPoints& points_;
};

class CrashingSwitcher final : public Switcher {
 public:
  CrashingSwitcher(Switcher& switcher, CrashPoints& points)
      : switcher_(switcher), points_(points) {}
  void start(const SwitchRequest& request) override;
  std::optional<SwitchReport> take_report() override;
  bool busy() const override { return switcher_.busy(); }
  void abandon() override { switcher_.abandon(); }

 private:
  Switcher& switcher_;
  CrashPoints& points_;
};

}  // namespace quotawatch::sim
