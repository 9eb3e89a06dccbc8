// Wall times as text, as in journals and configs.
#include "quotawatch/time.h"

#include <gtest/gtest.h>

namespace quotawatch {
namespace {

TEST(WallTimeTest, ReadsBackWhatItWrites) {
  for (const char* text : {"2026-11-23T19:51:05Z", "1970-01-01T00:00:00Z", "2024-02-29T23:59:59Z"}) {
    const auto time = parse_wall(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(format_wall(*time), text);
  }
}

TEST(WallTimeTest, WritesMillisecondsWhereAskedOrNeeded) {
  const auto time = parse_wall("2026-11-23T19:51:05.25Z");
  ASSERT_TRUE(time);
  EXPECT_EQ(format_wall(*time), "2026-11-23T19:51:05.250Z");
  EXPECT_EQ(format_wall_ms(*parse_wall("2026-11-23T19:51:05Z")), "2026-11-23T19:51:05.000Z");
}

TEST(WallTimeTest, UnderstandsZones) {
  EXPECT_EQ(parse_wall("2026-11-23T21:51:05+02:00"), parse_wall("2026-11-23T19:51:05Z"));
  EXPECT_EQ(parse_wall("2026-11-23T14:21:05-05:30"), parse_wall("2026-11-23T19:51:05Z"));
}

TEST(WallTimeTest, RefusesWhatIsNoTime) {
  for (const char* text : {"", "2026-11-23", "2026-11-23T19:51:05", "2026-11-23 19:51:05Z", "2026-13-01T00:00:00Z",
                           "2026-02-29T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T23:60:00Z",
                           "2026-11-23T23:59:60Z", "2026-11-23T19:51:05+24:00", "2026-11-23T19:51:05Z "}) {
    EXPECT_FALSE(parse_wall(text)) << text;
  }
}

// Their zone moves these into a year that cannot be written.
TEST(WallTimeTest, RefusesWhatItCouldNotWriteAgain) {
  EXPECT_TRUE(parse_wall("0000-01-01T00:00:00Z"));
  EXPECT_FALSE(parse_wall("0000-01-01T00:30:00+01:00"));
  EXPECT_TRUE(parse_wall("9999-12-31T23:59:59.999Z"));
  EXPECT_FALSE(parse_wall("9999-12-31T23:30:00-01:00"));
}

}  // namespace
}  // namespace quotawatch
