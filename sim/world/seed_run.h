// Many seeds over several threads, told in their order whoever was first.
//
// Behind `quotawatch simulate`. Each thread has its own tools; nothing else is shared but
// the next seed to take, so two threads do twice the work of one.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "sim/world/simulation.h"

namespace quotawatch::sim {

struct SeedRun {
  std::vector<std::uint64_t> seeds;
  SimulationOptions options;  // but for the seed
  std::size_t jobs = 1;
  // Each seed again, killed at each moment at which the monitor does something that lasts.
  bool every_crash = false;
};

// Calls `tell` for each result, one at a time, in the order of the seeds; and `progress`
// now and then from this thread, with how many are done. Both may throw to end the run.
void run_seeds(const SeedRun& run, const std::function<void(const SimulationResult&)>& tell,
               const std::function<void(std::size_t done)>& progress);

}  // namespace quotawatch::sim
