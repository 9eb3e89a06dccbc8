// Prints the digest of the journal of each seed, so that the builds of two compilers can be compared:
//
//   journal_digests FIRST LAST DAYS
//
// A program of its own, because the fuzzing build would otherwise have to compile all commands.
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "sim/world/simulation.h"

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: journal_digests FIRST LAST DAYS\n", stderr);
    return 2;
  }
  try {
    quotawatch::sim::SimulationTools tools;
    quotawatch::sim::SimulationOptions options;
    options.duration = std::chrono::hours{24 * std::strtol(argv[3], nullptr, 10)};
    const auto last = std::strtoull(argv[2], nullptr, 10);
    for (options.seed = std::strtoull(argv[1], nullptr, 10); options.seed <= last; ++options.seed) {
      const auto result = quotawatch::sim::simulate(options, tools);
      std::printf("%llu %s\n", static_cast<unsigned long long>(options.seed), result.digest.c_str());
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "journal_digests: %s\n", error.what());
    return 1;
  }
  return 0;
}
