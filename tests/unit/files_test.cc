// Files and streams read whole, with the reason and the line where they cannot be.
#include <gtest/gtest.h>

#include <sstream>

#include "base/text.h"
#include "support.h"

namespace quotawatch {
namespace {

using tests::fails;

TEST(ReadFile, GivesEveryByte) {
  const tests::TemporaryFolder folder;
  const std::string text("a\0b\r\n\xff", 6);
  EXPECT_EQ(read_file(folder.write("some", text), 100), text);
  EXPECT_EQ(read_file(folder.write("empty", ""), 100), "");
}

TEST(ReadFile, RefusesWhatIsLargerThanItsLimit) {
  const tests::TemporaryFolder folder;
  EXPECT_EQ(read_file(folder.write("full", std::string(4096, 'x')), 4096).size(), 4096U);
  const auto larger = folder.write("larger", "first\n" + std::string(4091, 'x'));
  EXPECT_TRUE(fails([&] { read_file(larger, 4096); }, 2, "larger than 4 KiB"));
}

TEST(ReadFile, GrowsToAnySize) {
  const tests::TemporaryFolder folder;
  for (const std::size_t size : {(1U << 16) - 1, 1U << 16, (1U << 16) + 1, 1U << 20}) {
    const std::string text(size, 'x');
    EXPECT_EQ(read_file(folder.write("file", text), 1U << 20), text);
  }
}

TEST(ReadFile, SaysWhyItCannot) {
  const tests::TemporaryFolder folder;
  EXPECT_TRUE(fails([&] { read_file(folder.path() + "/missing", 10); }, 0, "No such file"));
  EXPECT_TRUE(fails([&] { read_file(folder.path(), 10); }, 0, "cannot be read"));
}

TEST(ReadStream, ObeysTheSameLimit) {
  std::istringstream fits("12345");
  EXPECT_EQ(read_stream(fits, "stdin", 5), "12345");
  std::istringstream larger("123456");
  EXPECT_TRUE(fails([&] { read_stream(larger, "stdin", 5); }, 1, "larger than"));
}

TEST(CheckText, AcceptsText) {
  EXPECT_NO_THROW(check_text("", "file"));
  EXPECT_NO_THROW(check_text("é\x1b\r\n", "file"));
}

TEST(CheckText, NamesTheLineOfWhatIsNoText) {
  EXPECT_TRUE(fails([] { check_text(std::string("ab\nc\0", 5), "file"); }, 2, "NUL"));
  EXPECT_TRUE(fails([] { check_text("ab\n\n\xff", "file"); }, 3, "0xff"));
  EXPECT_TRUE(fails([] { check_text("ab\nc\xc3", "file"); }, 2, "0xc3"));
}

TEST(InputErrorTest, IsWrittenAsFileLineProblem) {
  EXPECT_STREQ(InputError("config.json", 3, "is wrong").what(), "config.json:3: is wrong");
  EXPECT_STREQ(InputError("config.json", 0, "is missing").what(), "config.json: is missing");
}

}  // namespace
}  // namespace quotawatch
