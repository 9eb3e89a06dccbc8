// A monitor that runs for a year neither grows nor slows.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <iostream>

#include "quotawatch/state.h"
#include "tests/endurance/long_run.h"
#include "tests/endurance/meter.h"

namespace quotawatch::endurance {
namespace {
TEST(AYear, NeitherGrowsNorSlows) {
  LongRun run({12,2,std::chrono::hours{24*15}});
  HeapUse before = measure_heap();
  run.run([&](const Monitor& monitor) {
    auto h = measure_heap();
    fmt::print("{} bytes, {} allocations, state {}, {} screens {} switches\n", h.bytes, h.allocations - before.allocations,
      to_json(monitor.state()).size(), run.screens_shown(), run.switches_done());
    before = h;
  });
}
}
}
