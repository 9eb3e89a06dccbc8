// Journals that are limited in size, and reopened after they were moved.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "os/files/line_journal.h"
#include "os/loop/event_loop.h"
#include "quotawatch/input_error.h"
#include "tests/os/support.h"

namespace quotawatch {
namespace {

using namespace os::testing_support;
namespace fs = std::filesystem;
using os::JournalLimits;
using os::LineJournal;

// An event whose line has `bytes` bytes including its newline.
Event event_of(std::size_t bytes, char filling) {
  Event event;
  event.kind = EventKind::clear;
  event.why = std::string(1, filling);
  event.why = std::string(bytes - to_json(event).size(), filling);
  return event;
}

class JournalRotationTest : public testing::Test {
 protected:
  LineJournal open(JournalLimits limits) {
    return {path_, [this](std::string_view message) { reports_.emplace_back(message); }, limits};
  }

  // The fillings of the lines in a file; "?" for an incomplete line, "-" for a missing file.
  std::string story(const std::string& ending = "") const {
    if (!file_exists(path_ + ending)) return "-";
    const std::string text = read_file(path_ + ending);
    std::string story = text.empty() || text.back() == '\n' ? "" : "?";
    for (const auto line : split_lines(text)) {
      const auto json = nlohmann::json::parse(line, nullptr, false);
      story += json.is_discarded() ? "?" : json["why"].get<std::string>().substr(0, 1);
    }
    return story;
  }

  std::size_t files() const {
    const fs::directory_iterator entries(folder_.path());
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
  }

  os::EventLoop ignores_broken_pipes_;
  TemporaryFolder folder_;
  std::string path_ = folder_ / "journal";
  std::vector<std::string> reports_;
};

TEST_F(JournalRotationTest, AFileIsFilledToTheLastByteAndNotBeyond) {
  auto journal = open({1000, 3});
  journal.write(event_of(500, 'a'));
  journal.write(event_of(500, 'b'));
  EXPECT_EQ(story(), "ab");
  EXPECT_EQ(fs::file_size(path_), 1000U);
  EXPECT_EQ(story(".1"), "-");
  journal.write(event_of(500, 'c'));
  journal.write(event_of(501, 'd'));
  EXPECT_EQ(story(".2"), "ab");
  EXPECT_EQ(story(".1"), "c");
  EXPECT_EQ(story(), "d");
  EXPECT_TRUE(reports_.empty());
}

TEST_F(JournalRotationTest, TheOldestBeyondWhatIsKeptGoes) {
  auto journal = open({1000, 2});
  for (const char filling : {'a', 'b', 'c', 'd', 'e'}) journal.write(event_of(900, filling));
  EXPECT_EQ(story(), "e");
  EXPECT_EQ(story(".1"), "d");
  EXPECT_EQ(story(".2"), "c");
  EXPECT_EQ(files(), 3U);
  journal.limit({1000, 1});
  journal.write(event_of(900, 'f'));
  EXPECT_EQ(story(), "f");
  EXPECT_EQ(story(".1"), "e");
  EXPECT_EQ(files(), 2U);
}

TEST_F(JournalRotationTest, ZeroIsWithoutEnd) {
  auto journal = open({0, 1});
  for (int i = 0; i < 100; ++i) journal.write(event_of(5000, 'a'));
  EXPECT_EQ(story(), std::string(100, 'a'));
  EXPECT_EQ(files(), 1U);
}

TEST_F(JournalRotationTest, ALineLargerThanAFileHasOneOfItsOwn) {
  auto journal = open({1000, 3});
  journal.write(event_of(5000, 'a'));
  journal.write(event_of(5000, 'b'));
  journal.write(event_of(100, 'c'));
  EXPECT_EQ(story(".3"), "-");  // no empty file was rotated
  EXPECT_EQ(story(".2"), "a");
  EXPECT_EQ(story(".1"), "b");
  EXPECT_EQ(story(), "c");
}

TEST_F(JournalRotationTest, EveryFileIsForItsOwnerAloneWhateverTheUmask) {
  const mode_t before = ::umask(0);
  auto journal = open({1000, 2});
  for (const char filling : {'a', 'b', 'c'}) journal.write(event_of(900, filling));
  ::umask(before);
  for (const char* ending : {"", ".1", ".2"}) {
    struct stat status {};
    ASSERT_EQ(::stat((path_ + ending).c_str(), &status), 0) << ending;
    EXPECT_EQ(status.st_mode & 07777U, 0600U) << ending;
  }
}

TEST_F(JournalRotationTest, WhatAnEarlierRunLeftCounts) {
  { open({1000, 2}).write(event_of(600, 'a')); }
  open({1000, 2}).write(event_of(600, 'b'));
  EXPECT_EQ(story(".1"), "a");
  EXPECT_EQ(story(), "b");
}

TEST_F(JournalRotationTest, ALineCutByACrashIsEndedInItsOwnFile) {
  write_file(path_, "{\"at\": \"2026-");
  auto journal = open({100, 2});
  journal.write(event_of(100, 'a'));
  EXPECT_EQ(read_file(path_ + ".1"), "{\"at\": \"2026-\n");
  EXPECT_EQ(story(), "a");
}

// A folder has the name: a file can neither be renamed to it nor opened there.
TEST_F(JournalRotationTest, AFailedRotationIsReportedOnceAndTheOldFileContinues) {
  auto journal = open({1000, 1});
  fs::create_directory(path_ + ".1");
  for (const char filling : {'a', 'b', 'c'}) journal.write(event_of(900, filling));
  EXPECT_EQ(story(), "abc");
  ASSERT_EQ(reports_.size(), 1U);
  EXPECT_EQ(reports_[0], "the journal \"" + path_ + "\" is full and cannot be renamed: cannot rename \"" + path_ +
                             "\": Is a directory; it keeps growing");
  fs::remove(path_ + ".1");
  journal.write(event_of(900, 'd'));
  EXPECT_EQ(story(".1"), "abc");
  EXPECT_EQ(story(), "d");
  EXPECT_EQ(reports_.size(), 1U);
}

TEST_F(JournalRotationTest, FailingAgainAndAgainLosesNoFullFile) {
  auto journal = open({1000, 3});
  for (const char filling : {'a', 'b', 'c', 'd'}) journal.write(event_of(900, filling));
  // No descriptor is left for the new file.
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{1, before.rlim_max};  // poll() needs one
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  for (const char filling : {'e', 'f', 'g'}) journal.write(event_of(900, filling));
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(story(), "defg");
  ASSERT_EQ(reports_.size(), 1U);
  EXPECT_NE(reports_[0].find("Too many open files"), std::string::npos) << reports_[0];
  journal.write(event_of(900, 'h'));
  EXPECT_EQ(story(), "h");
  EXPECT_EQ(story(".1"), "defg");
  EXPECT_EQ(story(".2"), "c");
  EXPECT_EQ(story(".3"), "b");
}

TEST_F(JournalRotationTest, AFileThatWasMovedAwayIsLeftAloneAndANewOneMade) {
  auto journal = open({});
  journal.write(event_of(200, 'a'));
  fs::rename(path_, folder_ / "moved");
  journal.write(event_of(200, 'b'));
  EXPECT_EQ(story(), "-");
  journal.reopen();
  journal.write(event_of(200, 'c'));
  EXPECT_EQ(story(), "c");
  path_ = folder_ / "moved";
  EXPECT_EQ(story(), "ab");
}

TEST_F(JournalRotationTest, OneThatIsFullAfterItWasMovedAwayIsNotRenamedAgain) {
  auto journal = open({1000, 2});
  journal.write(event_of(900, 'a'));
  fs::rename(path_, folder_ / "moved");
  write_file(path_, "");
  journal.write(event_of(900, 'b'));
  EXPECT_EQ(story(), "b");
  EXPECT_EQ(files(), 2U);
  path_ = folder_ / "moved";
  EXPECT_EQ(story(), "a");
}

TEST_F(JournalRotationTest, OpeningAgainWhereNothingHasChangedChangesNothing) {
  auto journal = open({});
  journal.write(event_of(200, 'a'));
  journal.reopen();
  journal.write(event_of(200, 'b'));
  EXPECT_EQ(story(), "ab");
  EXPECT_TRUE(reports_.empty());
}

TEST_F(JournalRotationTest, AFailedReopenContinuesInTheOldFile) {
  auto journal = open({});
  journal.write(event_of(200, 'a'));
  fs::rename(path_, folder_ / "moved");
  fs::create_directory(path_);
  journal.reopen();
  journal.write(event_of(200, 'b'));
  ASSERT_EQ(reports_.size(), 1U);
  EXPECT_EQ(reports_[0], path_ +
                             ": the journal cannot be opened: Is a directory; going on in the "
                             "file from before");
  path_ = folder_ / "moved";
  EXPECT_EQ(story(), "ab");
}

TEST_F(JournalRotationTest, WhatWasMovedThereHalfWrittenIsEndedFirst) {
  auto journal = open({});
  fs::rename(path_, folder_ / "moved");
  write_file(path_, "{\"at\": ");
  journal.reopen();
  journal.write(event_of(200, 'a'));
  EXPECT_EQ(story(), "?a");
}

TEST_F(JournalRotationTest, ALinkStaysOneAndFullFilesLieWhereItLeads) {
  fs::create_directory(folder_ / "elsewhere");
  fs::create_symlink("elsewhere/real", path_);
  auto journal = open({1000, 2});
  journal.write(event_of(900, 'a'));
  journal.write(event_of(900, 'b'));
  EXPECT_TRUE(fs::is_symlink(path_));
  EXPECT_EQ(story(), "b");
  EXPECT_EQ(story(".1"), "-");
  path_ = folder_ / "elsewhere/real";
  EXPECT_EQ(story(".1"), "a");
}

TEST_F(JournalRotationTest, DevicesAndPipesAreWrittenAsTheyAre) {
  path_ = "/dev/null";
  {
    auto journal = open({100, 1});
    for (int i = 0; i < 10; ++i) journal.write(event_of(200, 'a'));
    journal.reopen();
    EXPECT_FALSE(file_exists("/dev/null.1"));
  }
  path_ = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  os::FileDescriptor reader(::open(path_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  auto journal = open({100, 1});
  for (int i = 0; i < 3; ++i) journal.write(event_of(200, 'a'));
  journal.reopen();
  EXPECT_EQ(files(), 1U);
  std::string text(1000, '\0');
  EXPECT_EQ(::read(reader.get(), text.data(), text.size()), 600);
  reader.reset();
  journal.reopen();  // there is nothing to reopen
  EXPECT_TRUE(reports_.empty());
}

// A file opened by the caller (`--journal /dev/stdout >> file`) is not ours to rename.
TEST_F(JournalRotationTest, AFileThatWasOpenedForUsIsNotPutAside) {
  write_file(path_, "");
  const os::FileDescriptor file(::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  const std::string real = path_;
  path_ = "/dev/fd/" + std::to_string(file.get());
  auto journal = open({1000, 2});
  journal.write(event_of(900, 'a'));
  journal.write(event_of(900, 'b'));
  path_ = real;
  EXPECT_EQ(story(), "ab");
  EXPECT_EQ(files(), 1U);
}

TEST_F(JournalRotationTest, LeaksNoDescriptor) {
  auto journal = open({1000, 2});
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 20; ++i) {
    journal.write(event_of(900, 'a'));
    journal.reopen();
  }
  EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace quotawatch
