// The options of `quotawatch simulate`, and what they mean.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/world/seed_run.h"

namespace quotawatch {

struct SimulateOptions {
  std::string seed;
  std::string seeds;
  double days = 30;
  std::size_t jobs = 1;
  std::string shard;
  std::vector<std::string> merge;
  std::string save = "simulate-failures";
  std::vector<std::string> settings;
  std::string html;
  std::string junit;
  bool json = false;
  bool verbose = false;
  bool every_crash = false;
  bool require_coverage = false;
};

// "1..2000", inclusive. These throw InputError.
std::vector<std::uint64_t> parse_seeds(const std::string& text);
sim::SeedRun make_run(const SimulateOptions& options);

}  // namespace quotawatch
