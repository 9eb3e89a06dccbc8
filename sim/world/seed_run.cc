#include "sim/world/seed_run.h"

#include <memory>

#include "base/ordered_work.h"

namespace quotawatch::sim {
namespace {

// Runs one seed, with all its crashes if requested. Returns the first run that failed, else the one
// without a crash, with the coverage of all.
SimulationResult simulate_seed(const SeedRun& run, std::uint64_t seed, SimulationTools& tools) {
  SimulationOptions options = run.options;
  options.seed = seed;
  SimulationResult result = simulate(options, tools);
  for (std::size_t moment = 0; run.every_crash && moment < result.crash_moments; ++moment) {
    if (!result.violations.empty()) break;
    options.crash_moment = moment;
    SimulationResult crashed = simulate(options, tools);
    result.coverage += crashed.coverage;
    if (!crashed.violations.empty()) return crashed;
  }
  return result;
}

}  // namespace

void run_seeds(const SeedRun& run, const std::function<void(const SimulationResult&)>& deliver,
               const std::function<void(std::size_t done)>& progress) {
  OrderedWork<SimulationResult> work(run.seeds.size(), [&run] {
    auto tools = std::make_shared<SimulationTools>();
    return [&run, tools](std::size_t i) { return simulate_seed(run, run.seeds[i], *tools); };
  });
  work.run(run.jobs, deliver, progress);
}

}  // namespace quotawatch::sim
