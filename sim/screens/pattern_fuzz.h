// Fuzzing of packs: where a mutated message escapes its rule, or something that only
// looks like one fools it.
//
// Behind `quotawatch patterns fuzz`. Each rule's examples are put, changed, on whole
// screens of the pack's program, and judged by the production Judge. Everything
// follows from the seed.
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
  // Told now and then how many are done; may be empty.
  std::function<void(std::size_t)> progress;
};

struct FuzzCount {
  std::size_t tried = 0;
  std::size_t wrong = 0;
};

// What became of one rule's cases, by kind.
struct FuzzRow {
  std::string pack;
  std::string rule;
  std::array<FuzzCount, fuzz_kind_count> kinds;
};

// Screens that were judged wrongly in the same way, by the simplest of them.
struct FuzzFinding {
  std::string origin;  // the pack's
  std::string rule;
  std::size_t line = 0;
  FuzzKind kind = FuzzKind::letters;
  std::size_t times = 1;
  std::uint64_t seed = 0;  // one mutation with this seed is the first of them
  std::string example;
  std::string changed;  // what is done to it, in words
  std::string wanted;
  std::string got;
  std::string screen;
};

struct FuzzReport {
  std::vector<FuzzRow> rows;          // in the packs' order
  std::vector<FuzzFinding> findings;  // as they were met
};

// `packs` as load_packs() gives them. Throws InputError if they cannot be used.
FuzzReport fuzz_patterns(const std::vector<Pack>& packs, const FuzzOptions& options);

}  // namespace quotawatch::sim
