#include "sim/screens/random.h"

#include <cassert>

namespace quotawatch::sim {

std::uint64_t Random::next() {
  state_ += 0x9e3779b97f4a7c15U;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
  return mixed ^ (mixed >> 31);
}

std::size_t Random::below(std::size_t bound) {
  assert(bound > 0);
  // The remainder favours small numbers by one in 2^64 / bound, which does not matter here.
  return static_cast<std::size_t>(next() % bound);
}

std::size_t Random::between(std::size_t least, std::size_t most) {
  assert(least <= most);
  return least + below(most - least + 1);
}

std::uint64_t seed_of_part(std::uint64_t seed, std::size_t index) {
  if (index == 0) return seed;
  Random whole(seed);
  return Random(whole.next() ^ index).next();
}

}  // namespace quotawatch::sim
