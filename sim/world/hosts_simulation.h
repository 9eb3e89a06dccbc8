// One simulated run of several hosts that share their accounts: the monitor of production on each, worlds that use the
// same accounts, and a database that they reach badly at times.
//
// Used by simulate(), where the knob `hosts` says so. The same seed and knobs give the same run on every machine.
#pragma once

#include <string>

#include "sim/world/simulation.h"

namespace quotawatch::sim {

SimulationResult simulate_hosts(const SimulationOptions& options, SimulationTools& tools);

// Of the run of one host: see simulation.cc.
std::string config_of_hosts(const Knobs& knobs, bool alone);
std::string digest_of_run(const std::vector<JournalEntry>& journal);
WallTime start_of_run(const Knobs& knobs);

}  // namespace quotawatch::sim
