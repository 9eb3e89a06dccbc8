#include "base/escapes.h"

#include <gtest/gtest.h>

namespace quotawatch {
namespace {

TEST(Escapes, OfColoursTitlesAndCharacterSetsAreDropped) {
  EXPECT_EQ(without_escapes("\x1b[38;5;246m⎿\x1b[39m a\x1b[0m"), "⎿ a");
  EXPECT_EQ(without_escapes("\x1b]0;title\x07 a \x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\"), " a link");
  EXPECT_EQ(without_escapes("\x1b(Ba"), "a");
}

TEST(Escapes, ThatAreNotCompleteStay) {
  for (const char* text : {"\x1b", "a\x1b", "\x1b[31", "\x1b]0;title", "\x1b]0;title\n\x07", "\x1bZa", "plain"}) {
    EXPECT_EQ(without_escapes(text), text);
  }
}

}  // namespace
}  // namespace quotawatch
