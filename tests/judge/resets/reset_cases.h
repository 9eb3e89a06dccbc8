// Reset times in zones, seen at a moment: the cases that several tests walk through.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "quotawatch/reset_time.h"
#include "tests/monitor/moments.h"

namespace quotawatch {

struct ResetCase {
  std::string zone;
  std::string time;  // asked for
  std::string seen;
  std::string resets;
};

// Each "resets TIME (ZONE)" seen then resets then.
inline void check(const std::vector<ResetCase>& cases) {
  for (const auto& [zone, time, seen, resets] : cases) {
    const auto reset = find_reset("resets " + time + " (" + zone + ")");
    ASSERT_TRUE(reset && reset->zone) << zone;
    const auto instant = resolve_reset(*reset, at(seen), Zone::utc());
    ASSERT_TRUE(instant);
    EXPECT_EQ(format_wall(*instant), resets) << zone << " " << time << " seen " << seen;
  }
}

}  // namespace quotawatch
