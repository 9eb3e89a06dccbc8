// What `simulate` tells: progress while it runs, an object or some lines a seed, and what
// all seeds come to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/world/simulation.h"

namespace quotawatch {

// A seed that failed, and where the transcript of it was saved.
struct SeedFailure {
  sim::Violation violation;  // the first; safety before liveness
  std::string again;         // the command that does it again
  std::string transcript;    // the path; empty where none could be made
  std::string minimised;     // how small it is, in words
};

// What all seeds told so far come to.
struct SimulateTotals {
  std::size_t seeds = 0;
  Milliseconds simulated{0};
  sim::Quality quality;
  sim::Coverage coverage;
  std::size_t safety_failures = 0;    // seeds
  std::size_t liveness_failures = 0;  // seeds with nothing worse

  void add(const sim::SimulationResult& result, Milliseconds duration);
};

// Of all violations the one that a seed is told to have failed by; nothing if it passed.
std::optional<sim::Violation> worst_of(const sim::SimulationResult& result);

// One line; without a line end, for a terminal's to be written over.
std::string progress_line(const SimulateTotals& totals, std::size_t done, std::size_t seeds,
                          Milliseconds duration, Milliseconds elapsed);

// {"seed": …, "digest": …, "polls": …, …, "failure": null or an object}
std::string seed_json(const sim::SimulationResult& result,
                      const std::optional<SeedFailure>& failure);
std::string failure_text(const sim::SimulationResult& result, const SeedFailure& failure);

// The table at the end.
std::string totals_text(const SimulateTotals& totals, Milliseconds elapsed);

}  // namespace quotawatch
