// Fuzzing of packs: finds mutated messages that their rule misses, and lookalikes that it matches.
//
// Used by `quotawatch patterns fuzz`. Each rule's examples are mutated, drawn on whole screens of
// the pack's program, and judged by the production Judge. Everything follows from the seed.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "quotawatch/pack.h"
#include "sim/screens/fuzz_case.h"

namespace quotawatch::sim {

struct FuzzOptions {
  std::uint64_t seed = 1;
  std::size_t mutations = 10'000;
  // Called from time to time with the number of cases done; may be empty.
  std::function<void(std::size_t)> progress;
};

struct FuzzCount {
  std::size_t tried = 0;
  std::size_t wrong = 0;
};

// The results of one rule's cases, by kind.
struct FuzzRow {
  std::string pack;
  std::string rule;
  std::array<FuzzCount, fuzz_kind_count> kinds;
};

// Screens that were judged wrongly in the same way, represented by the simplest.
struct FuzzFinding {
  std::string origin;  // the pack's
  std::string rule;
  std::size_t line = 0;
  FuzzKind kind = FuzzKind::letters;
  std::size_t times = 1;
  std::uint64_t seed = 0;  // one mutation with this seed gives the first of them
  std::string example;
  std::string changed;  // the mutation, in words
  std::string wanted;
  std::string got;
  std::string screen;
};

struct FuzzReport {
  std::vector<FuzzRow> rows;          // in the packs' order
  std::vector<FuzzFinding> findings;  // in the order they were found
};

// `packs` as returned by load_packs(). Throws InputError if they cannot be used.
FuzzReport fuzz_patterns(const std::vector<Pack>& packs, const FuzzOptions& options);

}  // namespace quotawatch::sim
