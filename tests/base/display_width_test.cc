// How wide a terminal shows a text.
#include "base/display_width.h"

#include <gtest/gtest.h>

#include <string>

namespace quotawatch {
namespace {

TEST(DisplayWidth, IsWhatATerminalShows) {
  EXPECT_EQ(display_width(""), 0U);
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("é…─🖐"), 4U);
  EXPECT_EQ(display_width("e\u0301"), 1U) << "a combining mark takes none";
  EXPECT_EQ(display_width("中文"), 4U);
  EXPECT_EQ(display_width("🙂"), 2U);
  EXPECT_EQ(display_width("⚠\ufe0f"), 2U) << "a selector makes a sign an emoji";
  EXPECT_EQ(display_width("\u0378"), 2U) << "an unknown character may be wide";
}

// ASCII is counted eight bytes at a time.
TEST(DisplayWidth, IsTheSameWhereverACharacterStands) {
  for (std::size_t before = 0; before < 20; ++before) {
    const std::string text = std::string(before, 'x') + "文" + std::string(20 - before, 'y');
    EXPECT_EQ(display_width(text), 22U) << before;
  }
}

TEST(FittingBytes, EndsBeforeTheCharacterThatIsTooWide) {
  EXPECT_EQ(fitting_bytes("abc", 5), 3U);
  EXPECT_EQ(fitting_bytes("abc", 2), 2U);
  EXPECT_EQ(fitting_bytes("中文", 3), 3U);
  EXPECT_EQ(fitting_bytes("e\u0301x", 1), 3U) << "a mark stays with its letter";
  EXPECT_EQ(fitting_bytes("x", 0), 0U);
}

}  // namespace
}  // namespace quotawatch
