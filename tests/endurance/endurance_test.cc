// A monitor that runs for a year neither grows nor slows down.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "quotawatch/event.h"
#include "quotawatch/state.h"
#include "tests/endurance/long_run.h"
#include "tests/endurance/meter.h"

namespace quotawatch::endurance {
namespace {

using std::chrono::hours;

// Measured at the end of each part of a long run.
struct Measurement {
  std::size_t bytes = 0;        // on the heap
  std::size_t allocations = 0;  // made during this part
  std::size_t state_bytes = 0;
};

std::vector<Measurement> measure(LongRun& run, const LongRun::Around& around = nullptr) {
  std::vector<Measurement> parts;
  parts.reserve(100);
  std::size_t before = measure_heap().allocations;
  run.run(
      [&](const Monitor& monitor) {
        const auto state_bytes = to_json(monitor.state()).size();
        const auto use = measure_heap();
        parts.push_back({use.bytes, use.allocations - before, state_bytes});
        before = measure_heap().allocations;
      },
      around);
  return parts;
}

// After the second part, everything that is kept permanently has occurred.
constexpr std::size_t warm = 1;

// Allowed growth between then and the end, independent of what the panes show. A leak of one byte
// every hundred polls, or of ten per switch, would exceed it.
constexpr std::size_t most_growth_bytes = 16 << 10;

bool grows(const std::vector<Measurement>& parts) { return parts.back().bytes > parts[warm].bytes + most_growth_bytes; }

// Parts differ by a few percent, because their events fall together differently.
bool slows(const std::vector<Measurement>& parts) {
  return parts.back().allocations * 100 > parts[warm].allocations * 104;
}

std::string describe(const std::vector<Measurement>& parts) {
  std::string text;
  for (const auto& part : parts) {
    text +=
        fmt::format("\n{} bytes, {} allocations, {} bytes of state", part.bytes, part.allocations, part.state_bytes);
  }
  return text;
}

// Its automata are small enough to be complete within a month; those of the built-in packs keep
// growing, which would hide a leak.
constexpr const char* plain_pack = R"({"name": "plain", "screen": "plain", "tail": 40, "rules": [
  {"id": "limit", "class": "exhausted", "match": "hit your .{0,20}limit|limit reached",
   "examples": {"match": ["You've hit your limit"], "miss": ["no limit"]}},
  {"id": "error", "class": "server_error", "match": "API Error: 5\\d\\d",
   "examples": {"match": ["API Error: 529"], "miss": ["API Error: 429"]}}]})";

constexpr hours month{24 * 365 / 12};

TEST(AYear, NeitherGrowsNorSlows) {
  LongRun run({.parts = 12, .part = month, .pack = plain_pack});
  const auto parts = measure(run);
  ASSERT_EQ(parts.size(), 12U);
  EXPECT_GT(run.screens_shown(), 100'000U);
  EXPECT_GT(run.switches_done(), 1000U);
  EXPECT_FALSE(grows(parts)) << describe(parts);
  EXPECT_FALSE(slows(parts)) << describe(parts);
  for (const auto& part : parts) {
    // Twelve sessions of at most 200 bytes, three accounts, a switch.
    EXPECT_LT(part.state_bytes, 4000U) << describe(parts);
  }
}

// With the built-in packs, whose automata are reset whenever they reach their limit.
TEST(AQuarter, KeepsWhatIsLearnedWithinBounds) {
  LongRun run({.parts = 3, .part = month});
  const auto parts = measure(run);
  EXPECT_GT(run.switches_done(), 250U);
  EXPECT_FALSE(slows(parts)) << describe(parts);
  // Most of it are the compiled rules of all packs.
  for (const auto& part : parts) EXPECT_LT(part.bytes, 12U << 20) << describe(parts);
}

// A deliberate leak, to see that it is detected: keeps every line that it passes on.
class KeepingJournal : public Journal {
 public:
  explicit KeepingJournal(Journal& inner) : inner_(inner) {}

  void write(const Event& event) override {
    inner_.write(event);
    kept_.push_back(to_json(event).substr(0, 16));
  }

 protected:
  std::size_t kept() const { return kept_.size(); }

 private:
  Journal& inner_;
  std::vector<std::string> kept_;
};

// Deliberately slow: reads all earlier lines with each new one.
class RereadingJournal final : public KeepingJournal {
 public:
  using KeepingJournal::KeepingJournal;

  void write(const Event& event) override {
    KeepingJournal::write(event);
    constexpr std::size_t lines_a_piece = 100;
    for (std::size_t i = 0; i < kept(); i += lines_a_piece) piece_ = std::make_unique<int>();
  }

 private:
  std::unique_ptr<int> piece_;
};

template <typename Leak>
std::vector<Measurement> measure_with() {
  LongRun run({.parts = 3, .part = month, .pack = plain_pack});
  return measure(run, [](Journal& inner) { return std::make_unique<Leak>(inner); });
}

TEST(TheMeasure, DetectsAMonitorThatGrows) {
  const auto parts = measure_with<KeepingJournal>();
  EXPECT_TRUE(grows(parts)) << describe(parts);
  EXPECT_FALSE(slows(parts)) << describe(parts);
}

TEST(TheMeasure, DetectsAMonitorThatSlows) {
  const auto parts = measure_with<RereadingJournal>();
  EXPECT_TRUE(slows(parts)) << describe(parts);
}

}  // namespace
}  // namespace quotawatch::endurance
