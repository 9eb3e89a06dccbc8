// State and journal in folders where others can create files: those files are never followed, read
// or written. Only root can create another user's files.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "os/files/file_state_store.h"
#include "os/files/line_journal.h"
#include "quotawatch/input_error.h"
#include "tests/contracts/state_store_contract.h"
#include "tests/os/support.h"

namespace quotawatch {
namespace {

using namespace os::testing_support;
namespace fs = std::filesystem;
using contracts::make_state;
using os::FileStateStore;
using os::LineJournal;

constexpr uid_t other_user = 65534;

class SharedFolderTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::permissions(folder_.path(), fs::perms{0755});
    fs::create_directory(folder_ / "shared");
    fs::permissions(folder_ / "shared", fs::perms{01777});
  }

  FileStateStore open_state(FileStateStore::Access access = FileStateStore::Access::read_write) {
    return {path_, access, [](std::string_view note) { ADD_FAILURE() << note; }};
  }

  void save_twice() {
    auto store = open_state();
    for (std::uint64_t number = 1; number <= 2; ++number) {
      ASSERT_EQ(store.save(make_state(number)), std::nullopt);
    }
  }

  void open_journal() {
    const LineJournal journal(path_, [](std::string_view message) { ADD_FAILURE() << message; });
  }

  template <typename Action>
  static std::string refusal(Action action) {
    try {
      action();
      return "";
    } catch (const InputError& error) {
      return error.what();
    }
  }

  static bool give_away(const std::string& path) { return ::lchown(path.c_str(), other_user, other_user) == 0; }

  TemporaryFolder folder_;
  std::string path_ = folder_ / "shared/file";
  std::string victim_ = folder_ / "victim";
};

// Others can create the file that a save needs, and only they can remove it: reported at the start,
// not at the first switch.
TEST_F(SharedFolderTest, WhatStandsInTheWayOfASaveIsSaidAtOnce) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can act as another user";
  write_file(path_ + ".new", "");
  const auto refusal_of_nobody = [&](const std::string& what) {
    const pid_t child = ::fork();
    if (child == 0) {
      if (::setresgid(other_user, other_user, other_user) != 0) ::_exit(99);
      if (::setresuid(other_user, other_user, other_user) != 0) ::_exit(99);
      const auto said = refusal([&] { open_state().require_savable(); });
      ::_exit(said.find(what) != std::string::npos ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return status == 0;
  };
  EXPECT_TRUE(refusal_of_nobody("the state cannot be saved here: cannot remove \"" + path_ +
                                ".new\": Operation not permitted; give state.path a folder"));
  fs::remove(path_ + ".new");
  EXPECT_FALSE(refusal_of_nobody("cannot be saved"));
  fs::remove(path_ + ".lock");
  write_file(path_, "{}");
  EXPECT_TRUE(refusal_of_nobody("\"" + path_ + "\" belongs to root, who alone may replace it"));
  fs::remove(path_);
  fs::remove(path_ + ".lock");
  write_file(path_ + ".lock", "");
  EXPECT_TRUE(refusal_of_nobody(path_ + ".lock: cannot be opened: Permission denied"));
}

TEST_F(SharedFolderTest, OurOwnFilesAreFine) {
  save_twice();
  EXPECT_EQ(open_state().load()->switches_asked, 2U);
  fs::remove(path_);
  open_journal();
  open_journal();
}

TEST_F(SharedFolderTest, AFolderThatIsNotStickyIsRefused) {
  fs::permissions(folder_ / "shared", fs::perms{0777});
  for (const auto access : {FileStateStore::Access::read_write, FileStateStore::Access::read_only}) {
    EXPECT_NE(refusal([&] { open_state(access); }).find("can be written by everybody"), std::string::npos);
  }
  EXPECT_NE(refusal([&] { open_journal(); }).find("can be written by everybody"), std::string::npos);
  EXPECT_TRUE(fs::is_empty(folder_ / "shared"));
}

TEST_F(SharedFolderTest, AFileOfTheStateThatOthersCanWriteIsRefused) {
  for (const char* ending : {"", ".previous", ".lock"}) {
    save_twice();
    fs::permissions(path_ + ending, fs::perms{0666});
    EXPECT_NE(refusal([&] { open_state(); }).find(path_ + ending + "\" can be written by everybody"), std::string::npos)
        << ending;
    fs::permissions(path_ + ending, fs::perms{0600});
  }
}

// A file of ours to which another user gave a second name, to have it truncated or written to.
TEST_F(SharedFolderTest, ASecondNameOfAFileIsNotWrittenThrough) {
  write_file(victim_, "precious");
  fs::create_hard_link(victim_, path_);
  EXPECT_NE(refusal([&] { open_journal(); }).find("has a second name"), std::string::npos);
  fs::remove(path_);
  fs::create_hard_link(victim_, path_ + ".lock");
  EXPECT_NE(refusal([&] { open_state(); }).find("has a second name"), std::string::npos);
  EXPECT_EQ(read_file(victim_), "precious");
}

TEST_F(SharedFolderTest, AnotherUsersLinksAreNotFollowed) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  for (const char* ending : {"", ".previous", ".lock"}) {
    write_file(victim_, to_json(make_state(1)));
    fs::create_symlink(victim_, path_ + ending);
    ASSERT_TRUE(give_away(path_ + ending));
    const std::string expected = "the link \"" + path_ + ending + "\" belongs to the user";
    EXPECT_NE(refusal([&] { open_state(); }).find(expected), std::string::npos) << ending;
    fs::remove(path_ + ending);
    EXPECT_EQ(read_file(victim_), to_json(make_state(1)));
  }
  fs::create_symlink(victim_, path_);
  ASSERT_TRUE(give_away(path_));
  EXPECT_NE(refusal([&] { open_journal(); }).find("the link"), std::string::npos);
  EXPECT_EQ(read_file(victim_), to_json(make_state(1)));
}

TEST_F(SharedFolderTest, AnotherUsersFilesAreNotUsed) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  for (const char* ending : {"", ".previous", ".lock"}) {
    write_file(path_ + ending, to_json(make_state(1)));
    ASSERT_TRUE(give_away(path_ + ending));
    const std::string expected = "the file \"" + path_ + ending + "\" belongs to the user";
    EXPECT_NE(refusal([&] { open_state(); }).find(expected), std::string::npos) << ending;
    fs::remove(path_ + ending);
  }
  write_file(path_, "");
  ASSERT_TRUE(give_away(path_));
  EXPECT_NE(refusal([&] { open_journal(); }).find("belongs to the user"), std::string::npos);
}

// The other user creates the file after the store has checked.
TEST_F(SharedFolderTest, WhatComesAfterTheLookIsNotUsedEither) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  auto store = open_state();
  write_file(path_, to_json(make_state(1)));
  ASSERT_TRUE(give_away(path_));
  EXPECT_NE(refusal([&] { store.load(); }).find("belongs to the user"), std::string::npos);
  fs::remove(path_);
  write_file(victim_, to_json(make_state(1)));
  fs::create_symlink(victim_, path_);
  EXPECT_NE(refusal([&] { store.load(); }).find("symbolic link"), std::string::npos);
}

TEST_F(SharedFolderTest, AJournalIsNotOpenedAgainInAnotherUsersFile) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  std::vector<std::string> reports;
  LineJournal journal(path_, [&](std::string_view message) { reports.emplace_back(message); });
  fs::rename(path_, folder_ / "moved");
  write_file(path_, "");
  ASSERT_TRUE(give_away(path_));
  journal.reopen();
  journal.write({});
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_NE(reports[0].find("belongs to the user"), std::string::npos) << reports[0];
  EXPECT_EQ(read_file(path_), "");
  EXPECT_NE(read_file(folder_ / "moved"), "");
}

}  // namespace
}  // namespace quotawatch
