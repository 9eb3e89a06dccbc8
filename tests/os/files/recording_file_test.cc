// Files that can be read at any moment: where data is written, and what a kill leaves behind.
#include "os/files/recording_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "quotawatch/input_error.h"
#include "tests/os/support.h"
#include "transcript/transcript.h"

namespace quotawatch::os {
namespace {

using testing_support::read_file;
using testing_support::TemporaryFolder;
using testing_support::write_file;

constexpr std::string_view header = "quotawatch-transcript 1\nstart 2026-11-23T12:00:00Z\n\n";

TEST(RecordingFile, IsPrivateAndGrowsByEvents) {
  const TemporaryFolder folder;
  const std::string path = folder / "a.transcript";
  RecordingFile file(path, "one\n", false);
  EXPECT_EQ(file.append("two\n"), std::nullopt);
  EXPECT_EQ(file.overwrite(1, "NE"), std::nullopt);
  EXPECT_EQ(file.append("three\n"), std::nullopt);
  EXPECT_EQ(read_file(path), "oNE\ntwo\nthree\n");
  EXPECT_EQ(file.size(), read_file(path).size());
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(status.st_nlink, 1U);
}

TEST(RecordingFile, ReplacesOnlyWhereThatIsAsked) {
  const TemporaryFolder folder;
  const std::string path = folder / "a.transcript";
  write_file(path, "old");
  EXPECT_THROW(RecordingFile(path, "new", false), InputError);
  EXPECT_EQ(read_file(path), "old");
  EXPECT_FALSE(testing_support::file_exists(path + ".new"));
  RecordingFile(path, "new", true);
  EXPECT_EQ(read_file(path), "new");
  EXPECT_THROW(RecordingFile(folder / "no/such/folder", "new", false), InputError);
}

// Wide rows of letters of two to four bytes, and names that must not be cut.
std::string event(int seed) {
  std::string text = "@" + std::to_string(seed) + "s screen \"two words\" 400x60\n";
  for (int row = 0; row < 40; ++row) {
    text += "|";
    for (int i = 0; i < (row * 7 + seed) % 90; ++i) {
      static const std::array<const char*, 4> letters{"a", "é", "漢", "🎉"};
      text += letters[static_cast<std::size_t>(i * row + seed) % letters.size()];
    }
    text += "\n";
  }
  return text + "@" + std::to_string(seed) + "s gone main\n";
}

TEST(RecordingFile, ATextThatEndsAtAnyPageIsATranscript) {
  std::string file(header);
  int padded = 0;
  int cuts = 0;
  for (int i = 0; i < 300; ++i) {
    const std::string text = event(i);
    const std::string padding = padding_before(text, file.size());
    padded += padding.empty() ? 0 : 1;
    const std::size_t before = file.size();
    file += padding + text;
    for (std::size_t at = (before / 4096 + 1) * 4096; at < file.size(); at += 4096, ++cuts) {
      const auto cut = parse_transcript(std::string_view(file).substr(0, at), "cut");
      EXPECT_GE(cut.events.size(), static_cast<std::size_t>(2 * i));
    }
  }
  EXPECT_EQ(parse_transcript(file, "file").events.size(), 600U);
  EXPECT_GT(cuts, 100);
  EXPECT_GT(padded, 20) << "or nothing was tried";
}

TEST(RecordingFile, NothingIsPaddedThatIsNotCut) {
  EXPECT_EQ(padding_before("@1s gone main\n", 0), "");
  EXPECT_EQ(padding_before("@1s gone main\n", 4096 - 14), "");
  EXPECT_EQ(padding_before("@1s gone main\n", 4096 - 13), "#           \n");
  EXPECT_EQ(padding_before("@1s gone main\n", 4096 - 1), "\n");
}

}  // namespace
}  // namespace quotawatch::os
