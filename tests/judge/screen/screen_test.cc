// Plain screens: rows, regions and the block.
#include "quotawatch/screen.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.h"
#include "quotawatch/verdict.h"

namespace quotawatch {
namespace {

using Rows = std::vector<std::string_view>;

TEST(TakeBlock, IsTheLastLinesThatAreNotBlank) {
  const std::string text = "a\n\nb\n  \nc\nd\n\n";
  EXPECT_EQ(take_block(text, 1).lines, Rows{"d"});
  EXPECT_EQ(take_block(text, 2).lines, (Rows{"c", "d"}));
  EXPECT_EQ(take_block(text, 3).lines, (Rows{"b", "c", "d"}));
  EXPECT_EQ(take_block(text, 4).lines, (Rows{"a", "b", "c", "d"}));
  EXPECT_EQ(take_block(text, 5).lines, (Rows{"a", "b", "c", "d"}));
  EXPECT_EQ(take_block(text, 3).text, "b\nc\nd");
}

TEST(TakeBlock, KeepsLinesAsTheyAre) {
  EXPECT_EQ(take_block("  a \t\n", 3).text, "  a \t");
  EXPECT_EQ(take_block("\na", 3).text, "a");
  EXPECT_EQ(take_block("", 3).text, "");
  EXPECT_EQ(take_block("\n", 3).lines, Rows{});
}

TEST(TakeBlock, GivesViewsIntoTheText) {
  const std::string text = "a\n\nb\n";
  const Block block = take_block(text, 3);
  EXPECT_EQ(block.lines.at(0).data(), text.data());
  EXPECT_EQ(block.lines.at(1).data(), text.data() + 3);
}

TEST(ReadPlainScreen, GivesTheRegionOfEveryRow) {
  const std::string text = "old\n\nolder\na\n \nb\nc\n\n";
  const Screen screen = read_plain_screen(text, 3);
  EXPECT_EQ(screen.rows, (Rows{"old", "", "older", "a", " ", "b", "c", ""}));
  std::string regions;
  for (const auto region : screen.regions) regions += region_name(region).substr(0, 2);
  EXPECT_EQ(regions, "hiblhiblblblblbl");
}

TEST(ReadPlainScreen, NamesItsRegions) {
  EXPECT_EQ(region_name(RegionKind::history), "history");
  EXPECT_EQ(region_name(RegionKind::block), "block");
  EXPECT_EQ(region_name(RegionKind::blank), "blank");
}

TEST(ReadPlainScreen, OfNothingHasNoRows) {
  EXPECT_TRUE(read_plain_screen("", 3).rows.empty());
  EXPECT_EQ(read_plain_screen("\n", 3).regions, std::vector<RegionKind>{RegionKind::blank});
}

RC_GTEST_PROP(TakeBlockProperty, IsTheEndOfAllLinesThatAreNotBlank, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab \t\n\n\n")));
  const auto count = *rc::gen::inRange<std::size_t>(1, 6);
  Rows wanted;
  for (const auto line : split_lines(text)) {
    if (!trim(line).empty()) wanted.push_back(line);
  }
  if (wanted.size() > count) wanted.erase(wanted.begin(), wanted.end() - static_cast<std::ptrdiff_t>(count));
  RC_ASSERT(take_block(text, count).lines == wanted);
  RC_ASSERT(take_block(text, count).text == fmt::format("{}", fmt::join(wanted, "\n")));
}

TEST(VerdictNames, AreReadBack) {
  for (const char* name : {"exhausted", "throttled", "warning", "server_error", "auth", "clear", "unknown"}) {
    const auto verdict = find_verdict(name);
    ASSERT_TRUE(verdict) << name;
    EXPECT_EQ(verdict_name(*verdict), name);
  }
  EXPECT_FALSE(find_verdict("Exhausted"));
  EXPECT_FALSE(find_verdict(""));
}

TEST(FingerprintTest, IsReadBackFromItsHexDigits) {
  const auto fingerprint = Fingerprint::of("some text");
  EXPECT_EQ(fingerprint.hex().size(), 32U);
  EXPECT_EQ(Fingerprint::from_hex(fingerprint.hex()), fingerprint);
  EXPECT_NE(Fingerprint::of("some text."), fingerprint);
  EXPECT_EQ((Fingerprint{1, 0xa}.hex()), "0000000000000001000000000000000a");
}

TEST(FingerprintTest, IsTheSameOnEveryMachine) {
  EXPECT_EQ(Fingerprint::of("").hex(), "99aa06d3014798d86001c324468d497f");
}

TEST(FingerprintTest, OfNothingIsStillAFingerprint) {
  EXPECT_TRUE(Fingerprint{}.empty());
  EXPECT_FALSE(Fingerprint::of("").empty());
}

TEST(FingerprintTest, RefusesWhatIsNot32HexDigits) {
  const std::string digits(32, '0');
  EXPECT_TRUE(Fingerprint::from_hex(digits));
  for (const auto& text :
       {std::string(), digits.substr(1), digits + "0", "g" + digits.substr(1), digits.substr(1) + " ",
        "-" + digits.substr(1), "0x" + digits.substr(2), digits.substr(0, 16) + "-" + digits.substr(17)}) {
    EXPECT_FALSE(Fingerprint::from_hex(text)) << text;
  }
}

}  // namespace
}  // namespace quotawatch
