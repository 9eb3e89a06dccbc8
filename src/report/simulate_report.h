// Reports of `simulate`: progress, some lines per seed that failed, and the totals.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "report/junit.h"
#include "report/seed_report.h"
#include "sim/world/simulation.h"

namespace quotawatch {

// The totals of all seeds so far.
struct SimulateTotals {
  std::size_t seeds = 0;
  std::size_t seeds_of_hosts = 0;  // that share a store: of these only what is named here is measured
  std::size_t hosts = 0;
  std::uint64_t agreed_switches = 0;
  Milliseconds simulated{0};
  sim::Quality quality;
  sim::Coverage coverage;
  sim::World::Standstill asked;       // in seeds in which stopped sessions are asked to go on
  sim::World::Standstill unasked;     // in the others
  sim::Account::EarlySwitches early;  // with quota.switch_at
  std::size_t safety_failures = 0;    // seeds
  std::size_t liveness_failures = 0;  // seeds with nothing worse

  void add(const SeedReport& report);
};

// The violation by which a seed is reported as failed; empty if it passed.
std::optional<sim::Violation> worst_of(const sim::SimulationResult& result);

struct SimulateProgress {
  std::size_t done = 0;
  std::size_t seeds = 0;
  std::size_t failed = 0;
  Milliseconds simulated{0};
  Milliseconds elapsed{0};
};

// A bar, rates and how long it will take, without a newline, so that a terminal can overwrite it.
std::string progress_line(const SimulateProgress& progress, std::size_t columns);

std::string failure_text(const SeedReport& report);

// The summary at the end. `elapsed`: empty if the seeds were run elsewhere. `in_full`: every count, as a table.
std::string totals_text(const SimulateTotals& totals, std::optional<Milliseconds> elapsed, bool in_full);

JunitCase junit_case(const SeedReport& report);

}  // namespace quotawatch
