// Output files and recordings: private, complete, and never written through what others have put
// there. Only root can create another user's files.
#include "os/files/output_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "os/files/recording_file.h"
#include "quotawatch/input_error.h"
#include "tests/os/support.h"

namespace quotawatch::os {
namespace {

using namespace testing_support;
namespace fs = std::filesystem;

constexpr uid_t other_user = 65534;

mode_t permissions_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
  return status.st_mode & 07777U;
}

uid_t owner_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
  return status.st_uid;
}

bool give_away(const std::string& path) { return ::lchown(path.c_str(), other_user, other_user) == 0; }

void make_link(const std::string& target, const std::string& path) { fs::create_symlink(target, path); }

template <typename Action>
std::string refusal(Action action) {
  try {
    action();
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

class OutputFileTest : public testing::Test {
 protected:
  void SetUp() override { ::umask(0); }
  void TearDown() override { ::umask(umask_); }

  static std::string write(const std::string& path) {
    return refusal([&] { write_output(path, "page"); });
  }

  TemporaryFolder folder_;
  std::string path_ = folder_ / "page.html";
  mode_t umask_ = ::umask(0);
};

TEST_F(OutputFileTest, IsForItsOwnerAloneWhateverTheUmask) {
  EXPECT_EQ(write(path_), "");
  EXPECT_EQ(read_file(path_), "page");
  EXPECT_EQ(permissions_of(path_), 0600U);
  EXPECT_FALSE(file_exists(path_ + ".new"));
}

TEST_F(OutputFileTest, OneOfOursKeepsItsPermissions) {
  write_file(path_, "old and longer");
  fs::permissions(path_, fs::perms{0640});
  EXPECT_EQ(write(path_), "");
  EXPECT_EQ(read_file(path_), "page");
  EXPECT_EQ(permissions_of(path_), 0640U);
}

TEST_F(OutputFileTest, OurOwnLinksAreFollowedAndStay) {
  fs::create_directory(folder_ / "elsewhere");
  make_link("elsewhere/real.html", path_);
  EXPECT_EQ(write(path_), "");
  EXPECT_EQ(fs::read_symlink(path_), "elsewhere/real.html");
  EXPECT_EQ(read_file(folder_ / "elsewhere/real.html"), "page");
}

TEST_F(OutputFileTest, WhatCannotBeWrittenLeavesWhatWasThere) {
  EXPECT_EQ(write(folder_ / "no/such/folder"),
            (folder_ / "no/such/folder") + ": cannot be written: No such file or directory");
  EXPECT_EQ(write(folder_.path()), folder_.path() + ": cannot be written: Is a directory");
  write_file(path_, "old");
  fs::create_directory(path_ + ".new");
  EXPECT_NE(write(path_).find("cannot remove \"" + path_ + ".new\""), std::string::npos);
  EXPECT_EQ(read_file(path_), "old");
}

TEST_F(OutputFileTest, TheRestOfACrashIsNeverWrittenThrough) {
  write_file(folder_ / "victim", "precious");
  make_link(folder_ / "victim", path_ + ".new");
  EXPECT_EQ(write(path_), "");
  EXPECT_EQ(read_file(path_), "page");
  EXPECT_FALSE(fs::is_symlink(path_));
  EXPECT_EQ(read_file(folder_ / "victim"), "precious");
}

TEST_F(OutputFileTest, OurPipesAreWrittenTo) {
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  std::string got;
  std::thread reader([&] {
    const FileDescriptor pipe(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    std::array<char, 16> bytes{};
    while (const ssize_t count = ::read(pipe.get(), bytes.data(), bytes.size())) {
      if (count < 0) break;
      got.append(bytes.data(), static_cast<std::size_t>(count));
    }
  });
  const auto problem = write(path_);
  reader.join();
  EXPECT_EQ(problem, "");
  EXPECT_EQ(got, "page");
  EXPECT_TRUE(fs::is_fifo(path_));
  EXPECT_EQ(write("/dev/null"), "");
}

// Like /dev/stdout, which shares its file position with everything that is printed.
TEST_F(OutputFileTest, OurDescriptorsAreWrittenWhereTheyStand) {
  const FileDescriptor file(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  ASSERT_EQ(write_all(file.get(), "before ").error, 0);
  for (const char* folder : {"/dev/fd/", "/proc/self/fd/"}) {
    EXPECT_EQ(write(folder + std::to_string(file.get())), "");
  }
  ASSERT_EQ(write_all(file.get(), " after").error, 0);
  EXPECT_EQ(read_file(path_), "before pagepage after");
  EXPECT_NE(write("/dev/fd/999"), "");
}

TEST_F(OutputFileTest, ARecordingIsNoPipe) {
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  for (const std::string& path : {path_, std::string("/dev/stdout"), std::string("/dev/null")}) {
    EXPECT_NE(refusal([&] { RecordingFile(path, "text", true); }).find("is no file on a disk"), std::string::npos);
  }
}

// Folders where others can create files: like /tmp, and without the sticky bit.
class SharedOutputTest : public OutputFileTest, public testing::WithParamInterface<unsigned> {
 protected:
  void SetUp() override {
    OutputFileTest::SetUp();
    fs::create_directory(folder_ / "shared");
    fs::permissions(folder_ / "shared", fs::perms{GetParam()});
    write_file(victim_, "precious");
    fs::permissions(victim_, fs::perms{0600});
  }

  // Neither writer has opened for writing, truncated or replaced a file that is not ours.
  void expect_refused(const std::string& reason) {
    const auto by_page = write(path_);
    EXPECT_NE(by_page.find(reason), std::string::npos) << by_page;
    const auto by_recording = refusal([&] { RecordingFile(path_, "text", true); });
    EXPECT_NE(by_recording.find(reason), std::string::npos) << by_recording;
    EXPECT_EQ(read_file(victim_), "precious");
    EXPECT_FALSE(file_exists(path_ + ".new"));
  }

  std::string path_ = folder_ / "shared/page.html";
  std::string victim_ = folder_ / "victim";
};

INSTANTIATE_TEST_SUITE_P(Folders, SharedOutputTest, testing::Values(01777U, 0777U));

TEST_P(SharedOutputTest, OurOwnFilesAreFine) {
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(write(path_), "");
    EXPECT_EQ(read_file(path_), "page");
    EXPECT_EQ(permissions_of(path_), 0600U);
  }
  EXPECT_EQ(refusal([&] { RecordingFile(path_, "text", true); }), "");
  EXPECT_EQ(read_file(path_), "text");
}

TEST_P(SharedOutputTest, ASecondNameOfAFileIsNotWrittenThrough) {
  fs::permissions(victim_, fs::perms{0666});
  fs::create_hard_link(victim_, path_);
  EXPECT_EQ(write(path_), "");
  EXPECT_EQ(read_file(path_), "page");
  EXPECT_EQ(permissions_of(path_), 0600U) << "the other name's permissions are not kept";
  EXPECT_EQ(read_file(victim_), "precious");
}

// Another user may have given a link of ours a second name.
TEST_P(SharedOutputTest, ASecondNameOfALinkIsNotFollowed) {
  make_link(victim_, folder_ / "link");
  ASSERT_EQ(::link((folder_ / "link").c_str(), path_.c_str()), 0);
  expect_refused("has a second name");
}

TEST_P(SharedOutputTest, AnotherUsersLinksAreNotFollowed) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  for (const std::string& target : {victim_, folder_ / "made"}) {
    make_link(target, path_);
    ASSERT_TRUE(give_away(path_));
    expect_refused("the link \"" + path_ + "\" belongs to the user");
    EXPECT_FALSE(file_exists(folder_ / "made"));
    fs::remove(path_);
  }
  make_link(folder_.path(), folder_ / "shared/folder");
  ASSERT_TRUE(give_away(folder_ / "shared/folder"));
  path_ = folder_ / "shared/folder/victim";
  expect_refused("the link \"" + (folder_ / "shared/folder") + "\" belongs to the user");
}

TEST_P(SharedOutputTest, AnotherUsersFilesAreNotWritten) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  write_file(path_, "theirs");
  fs::permissions(path_, fs::perms{0666});
  ASSERT_TRUE(give_away(path_));
  expect_refused("belongs to the user");
  EXPECT_EQ(read_file(path_), "theirs");
  EXPECT_EQ(permissions_of(path_), 0666U);
}

TEST_P(SharedOutputTest, AnotherUsersPipesAreNotWrittenTo) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  ASSERT_EQ(::mkfifo(path_.c_str(), 0666), 0);
  ASSERT_TRUE(give_away(path_));
  EXPECT_NE(write(path_).find("belongs to the user"), std::string::npos);
}

// A file with the name of the temporary file.
TEST_P(SharedOutputTest, WhatIsPlantedBesideItIsNotWrittenThrough) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  const std::string fresh = path_ + ".new";
  const std::vector<std::function<void()>> plants{
      [&] { make_link(victim_, fresh); },
      [&] { fs::create_hard_link(victim_, fresh); },
      [&] { write_file(fresh, "theirs"); },
      [&] { ASSERT_EQ(::mkfifo(fresh.c_str(), 0666), 0); },
  };
  for (const auto& plant : plants) {
    plant();
    if (fs::hard_link_count(fs::is_symlink(fresh) ? victim_ : fresh) == 1) give_away(fresh);
    EXPECT_EQ(write(path_), "");
    EXPECT_EQ(read_file(path_), "page");
    EXPECT_EQ(permissions_of(path_), 0600U);
    EXPECT_EQ(owner_of(path_), ::geteuid());
    EXPECT_EQ(read_file(victim_), "precious");
    fs::remove(path_);
  }
}

}  // namespace
}  // namespace quotawatch::os
