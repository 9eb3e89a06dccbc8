// Each planted bug must be caught by the checker of the invariant it breaks, within so many
// seeds; and without one, the same seeds must pass. A checker that lets its canary live
// checks nothing.
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "sim/world/simulation.h"
#include "tests/canaries/planted.h"

namespace quotawatch::canaries {
namespace {

std::string in_force;  // NOLINT: one test program, one bug at a time

}  // namespace

bool planted(std::string_view bug) { return bug == in_force; }
void plant(std::string_view bug) { in_force = bug; }

namespace {

constexpr std::uint64_t most_seeds = 60;
constexpr Milliseconds duration = std::chrono::hours{24 * 4};

struct Bug {
  std::string name;
  std::string breaks;
};

std::vector<Bug> all_bugs() {
  std::ifstream file(BUGS);
  std::vector<Bug> bugs;
  for (const auto& bug : nlohmann::json::parse(file)) {
    bugs.push_back({bug.at("name").get<std::string>(), bug.at("breaks").get<std::string>()});
  }
  return bugs;
}

sim::SimulationTools& tools() {
  spdlog::set_level(spdlog::level::off);  // full disks are part of the worlds
  static sim::SimulationTools made;
  return made;
}

sim::SimulationResult run(std::uint64_t seed) {
  sim::SimulationOptions options;
  options.seed = seed;
  options.duration = duration;
  return sim::simulate(options, tools());
}

bool broke(const sim::SimulationResult& result, const std::string& invariant) {
  return std::any_of(result.violations.begin(), result.violations.end(),
                     [&](const auto& violation) { return violation.invariant == invariant; });
}

class Canary : public testing::TestWithParam<Bug> {
 protected:
  ~Canary() override { plant(""); }
};

TEST_P(Canary, IsCaught) {
  plant(GetParam().name);
  for (std::uint64_t seed = 1; seed <= most_seeds; ++seed) {
    if (!broke(run(seed), GetParam().breaks)) continue;
    std::printf("%s: caught by %s at seed %d of %d\n", GetParam().name.c_str(),
                GetParam().breaks.c_str(), static_cast<int>(seed), static_cast<int>(most_seeds));
    return;
  }
  FAIL() << "lives: " << most_seeds << " seeds broke no " << GetParam().breaks;
}

INSTANTIATE_TEST_SUITE_P(EachBug, Canary, testing::ValuesIn(all_bugs()), [](const auto& param) {
  std::string name;
  for (const char letter : param.param.name) name += letter == ' ' ? '_' : letter;
  return name;
});

TEST(Canaries, WithoutOneTheSameSeedsPass) {
  plant("");
  for (std::uint64_t seed = 1; seed <= most_seeds; ++seed) {
    const auto result = run(seed);
    ASSERT_TRUE(result.violations.empty())
        << "seed " << seed << ": " << result.violations.front().invariant << ": "
        << result.violations.front().what;
  }
}

}  // namespace
}  // namespace quotawatch::canaries
