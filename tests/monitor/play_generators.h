// Random plays for properties of the whole monitor. Times are drawn at the boundaries of
// the rules, and one millisecond before or after them, more often than anywhere.
#pragma once

#include <rapidcheck.h>

#include <vector>

#include "play.h"

namespace quotawatch::tests {

// What may happen in a play besides changes of screens and sessions.
struct Happenings {
  bool hits = true;  // else no screen shows a limit
  bool failed_captures = true;
  bool slow_tmux = true;
  bool clock_steps = true;
  bool restarts = true;
  bool stalls = true;
  bool commands = true;  // of the operator's
  bool kills = false;    // at crash points
  bool damage = false;   // to the saved state
  bool full_disks = false;
  bool shared_panes = true;
};

inline constexpr Happenings anything{true, true, true, true, true, true, true, true, true, true};

rc::Gen<Play> any_play(const Happenings& happenings);

// One of these; shrinks towards the first.
template <typename Value>
rc::Gen<Value> one_of(std::vector<Value> values) {
  // RapidCheck draws only the first ones in its first tries, unless configured otherwise.
  auto index = rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::size_t>(0, values.size()));
  return rc::gen::map(std::move(index), [values = std::move(values)](std::size_t i) { return values[i]; });
}

// Time between two events: usually a boundary of the rules.
rc::Gen<Milliseconds> any_gap();

// Zero or one millisecond.
rc::Gen<Milliseconds> any_jitter();

}  // namespace quotawatch::tests
