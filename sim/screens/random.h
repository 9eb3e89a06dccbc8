// A small seeded generator: the same numbers for the same seed on every machine.
//
// The standard library's distributions differ between implementations, so none are used. For
// fuzzing and simulation, not for secrets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace quotawatch::sim {

// splitmix64: neighbouring seeds give unrelated numbers.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next();

  // From 0 to `bound` - 1. `bound` must not be 0.
  std::size_t below(std::size_t bound);

  // From `least` to `most`, inclusive.
  std::size_t between(std::size_t least, std::size_t most);

  // True with a probability of `times` in `of`.
  bool chance(std::size_t times, std::size_t of) { return below(of) < times; }

  // One of `choices`, which must not be empty.
  template <typename Value>
  const Value& pick(const std::vector<Value>& choices) {
    return choices[below(choices.size())];
  }

 private:
  std::uint64_t state_;
};

// The seed of part `index` of a run with `seed`. Part 0 has the seed itself, so every part can be
// repeated alone.
std::uint64_t seed_of_part(std::uint64_t seed, std::size_t index);

}  // namespace quotawatch::sim
