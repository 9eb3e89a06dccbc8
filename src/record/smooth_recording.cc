// The polls of a recording on time: see smooth_recording().
#include <algorithm>
#include <map>
#include <utility>

#include "record/recording.h"

namespace quotawatch {
namespace {

// A poll that is later than this part of its interval stays late.
constexpr int late_part = 4;
constexpr Milliseconds least_step{50};

// The polls that stalls made a little late, each with the moment it was due.
std::map<Milliseconds, Milliseconds> small_delays(const Transcript& exact) {
  std::map<Milliseconds, Milliseconds> due;
  for (const auto& event : exact.events) {
    const auto* stall = std::get_if<Stall>(&event.action);
    if (stall == nullptr || stall->duration > exact.config.quota.poll_interval / late_part) continue;
    due[event.offset + stall->duration] = event.offset;
  }
  return due;
}

// Drops the steps of a clock that drifts, until they have come to something.
class Drift {
 public:
  bool is_small(StepClock& step) {
    sum_ += step.by;
    if (std::chrono::abs(sum_) < least_step) return true;
    step.by = std::exchange(sum_, Milliseconds{0});
    return false;
  }

 private:
  Milliseconds sum_{0};
};

}  // namespace

Transcript smooth_recording(const Transcript& exact) {
  const auto delays = small_delays(exact);
  const auto on_time = [&](Milliseconds at) {
    const auto due = delays.find(at);
    return due == delays.end() ? at : due->second;
  };
  Transcript smooth = exact;
  smooth.events.clear();
  Drift drift;
  for (auto event : exact.events) {
    const auto* stall = std::get_if<Stall>(&event.action);
    if (stall != nullptr && delays.contains(event.offset + stall->duration)) continue;
    // What the operator said while a poll was late came before it.
    if (std::holds_alternative<AccountCommand>(event.action)) {
      const auto late = delays.lower_bound(event.offset);
      if (late != delays.end()) event.offset = std::min(event.offset, late->second);
    }
    auto* step = std::get_if<StepClock>(&event.action);
    if (step != nullptr && drift.is_small(*step)) continue;
    smooth.events.push_back(std::move(event));
  }
  std::ranges::stable_sort(smooth.events, {}, &TranscriptEvent::offset);
  Milliseconds lateness{0};  // of the poll that asked for the last switch
  for (auto& expected : smooth.expectations) {
    const bool ends = expected.kind == EventKind::switch_done || expected.kind == EventKind::switch_failed;
    const Milliseconds due = ends ? expected.offset - lateness : on_time(expected.offset);
    if (expected.kind == EventKind::switch_) lateness = expected.offset - due;
    expected.offset = due;
  }
  std::ranges::stable_sort(smooth.expectations, {}, &Expectation::offset);
  smooth.until = on_time(exact.until);
  for (const auto& expected : smooth.expectations) {
    smooth.until = std::max(smooth.until, expected.offset);
  }
  return smooth;
}

}  // namespace quotawatch
