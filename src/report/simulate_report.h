// Reports of `simulate`: progress, a JSON object or some lines per seed, and the totals.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/world/simulation.h"

namespace quotawatch {

// A seed that failed, and where its transcript was saved.
struct SeedFailure {
  sim::Violation violation;  // the first; safety before liveness
  std::string again;         // the command that reproduces it
  std::string transcript;    // the path; empty if none could be saved
  std::string minimised;     // its size, in words
};

// The totals of all seeds so far.
struct SimulateTotals {
  std::size_t seeds = 0;
  Milliseconds simulated{0};
  sim::Quality quality;
  sim::Coverage coverage;
  sim::World::Standstill asked;       // in seeds in which stopped sessions are asked to go on
  sim::World::Standstill unasked;     // in the others
  sim::Account::EarlySwitches early;  // with quota.switch_at
  std::size_t safety_failures = 0;    // seeds
  std::size_t liveness_failures = 0;  // seeds with nothing worse

  void add(const sim::SimulationResult& result, Milliseconds duration);
};

// The violation by which a seed is reported as failed; empty if it passed.
std::optional<sim::Violation> worst_of(const sim::SimulationResult& result);

// One line without a newline, so that a terminal can overwrite it.
std::string progress_line(const SimulateTotals& totals, std::size_t done, std::size_t seeds, Milliseconds duration,
                          Milliseconds elapsed);

// {"seed": …, "digest": …, "polls": …, …, "failure": null or an object}
std::string seed_json(const sim::SimulationResult& result, const std::optional<SeedFailure>& failure);
std::string failure_text(const sim::SimulationResult& result, const SeedFailure& failure);

// The table at the end.
std::string totals_text(const SimulateTotals& totals, Milliseconds elapsed);

}  // namespace quotawatch
