// What `simulate` keeps of a seed's run, and its line of JSON: written by --json, read by --merge.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "sim/world/simulation.h"

namespace quotawatch {

// Why a seed failed, and where its transcript was saved.
struct SeedFailure {
  std::string invariant;  // of the first violation; safety before liveness
  std::string offset;
  std::string what;
  std::string again;       // the command that reproduces it
  std::string transcript;  // the path; empty if none could be saved
  std::string minimised;   // its size, in words
  std::string knobs;

  bool of_liveness() const { return invariant == sim::liveness_invariant; }
};

struct SeedReport {
  std::uint64_t seed = 0;
  std::string digest;
  Milliseconds simulated{0};
  std::size_t hosts = 0;  // as in SimulationResult
  sim::Quality quality;
  sim::Coverage coverage;
  sim::World::Standstill standstill;
  sim::Account::EarlySwitches early;
  bool asks_to_go_on = false;
  std::optional<SeedFailure> failure;
};

// Without its failure.
SeedReport seed_report(const sim::SimulationResult& result, Milliseconds simulated);

// {"seed": …, "digest": …, "polls": …, …, "reached": {…}, "failure": null or an object}, and a newline
std::string seed_json(const SeedReport& report);

// Throws InputError naming file and line.
SeedReport parse_seed_json(std::string_view line, const std::string& file, std::size_t number);

}  // namespace quotawatch
