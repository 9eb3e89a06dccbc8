// One simulated run: a world drawn from a seed, the production monitor in it, checkers
// around both.
//
// Used by `simulate`, by the minimiser through the recording it makes, and by tests. The
// same seed and knobs are the same run on every machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/check/reach.h"
#include "sim/check/run_checker.h"
#include "sim/world/gallery.h"
#include "sim/world/knobs.h"
#include "transcript/transcript.h"

namespace quotawatch::sim {

struct SimulationOptions {
  std::uint64_t seed = 0;
  Milliseconds duration{std::chrono::hours{24 * 30}};
  std::vector<KnobSetting> settings;
  bool record = false;
  // Kills the monitor at this moment of all at which it does something that lasts,
  // counted from 0, beside what the world does to it.
  std::optional<std::size_t> crash_moment;
};

struct SimulationResult {
  std::uint64_t seed = 0;
  Knobs knobs;
  std::string digest;  // of every journal line
  Quality quality;
  Reach reach;
  std::vector<Violation> violations;
  std::size_t crash_moments = 0;            // how many there were
  std::optional<std::size_t> crash_moment;  // at which it was killed
  // Where it was recorded: all that happened, as a transcript of the same run.
  std::optional<Transcript> recording;
  std::vector<JournalEntry> journal;  // likewise
};

// What is made once for many runs; for one thread at a time.
struct SimulationTools {
  JudgeCache judges;
  Gallery gallery;
};

SimulationResult simulate(const SimulationOptions& options, SimulationTools& tools);

// "quotawatch simulate --seed 7 --days 30": the same again.
std::string reproduction(const SimulationOptions& options);

}  // namespace quotawatch::sim
