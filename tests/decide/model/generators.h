// Random fleets for properties: what sessions show, how much time passes, how the
// rules are configured. Times are drawn near the boundaries as often as anywhere.
#pragma once

#include <rapidcheck.h>

#include <vector>

#include "quotawatch/evidence.h"
#include "tests/decide/panes.h"

namespace quotawatch::tests {

rc::Gen<DecisionRules> any_rules();

// Few screens, so that the same one comes again; each banner has one reset.
rc::Gen<Screen> any_screen();

// A fleet of pool and interactive sessions before anything is seen of it.
std::vector<Pane> empty_fleet();

// The fleet some time later: most sessions go on showing what they show.
rc::Gen<std::vector<Pane>> next_panes(const std::vector<Pane>& panes);

// Time up to the next poll. `boundaries`: distances to what changes by itself.
rc::Gen<Milliseconds> any_gap(const std::vector<Milliseconds>& boundaries = {});

// A step of the wall clock, mostly none.
rc::Gen<Milliseconds> any_wall_step();

}  // namespace quotawatch::tests
