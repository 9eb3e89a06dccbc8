// Runs many seeds on several threads and delivers the results in the order of the seeds.
//
// Used by `quotawatch simulate`. Each thread has its own tools.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "sim/world/simulation.h"

namespace quotawatch::sim {

struct SeedRun {
  std::vector<std::uint64_t> seeds;
  SimulationOptions options;  // except for the seed
  std::size_t jobs = 1;
  // Also repeats each seed once for every crash moment (see SimulationOptions).
  bool every_crash = false;
};

// Calls `deliver` for each result, one at a time, in the order of the seeds; and from time to time
// `progress`, on the calling thread, with the number of seeds done. Both may throw to end the run.
void run_seeds(const SeedRun& run, const std::function<void(const SimulationResult&)>& deliver,
               const std::function<void(std::size_t done)>& progress);

}  // namespace quotawatch::sim
