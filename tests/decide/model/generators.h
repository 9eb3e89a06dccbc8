// Random fleets for properties: screens, gaps between polls, and rules. Half of the times are drawn
// near boundaries.
#pragma once

#include <rapidcheck.h>

#include <vector>

#include "quotawatch/evidence.h"
#include "tests/decide/panes.h"

namespace quotawatch::tests {

rc::Gen<DecisionRules> any_rules();

// Few different screens, so that the same one repeats; each banner has one reset.
rc::Gen<Screen> any_screen();

// A fleet of pool and interactive sessions that have not been seen yet.
std::vector<Pane> empty_fleet();

// The fleet some time later, at `now`: most sessions show the same as before, most programs run on. Some of
// the others are started right at one of the `switch_times`.
rc::Gen<std::vector<Pane>> next_panes(const std::vector<Pane>& panes, WallTime now,
                                      const std::vector<WallTime>& switch_times);

// Time until the next poll. `boundaries`: times until something changes by itself.
rc::Gen<Milliseconds> any_gap(const std::vector<Milliseconds>& boundaries = {});

// A step of the wall clock, usually none.
rc::Gen<Milliseconds> any_wall_step();

}  // namespace quotawatch::tests
