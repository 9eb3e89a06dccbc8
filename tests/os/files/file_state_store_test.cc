// FileStateStore and MemoryStateStore against the same contract; and the file's generations, lock
// and permissions.
#include "os/files/file_state_store.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "quotawatch/input_error.h"
#include "sim/harness/memory_state_store.h"
#include "tests/contracts/state_store_contract.h"
#include "tests/os/support.h"

namespace quotawatch {
namespace {

using namespace os::testing_support;
using contracts::make_state;
using os::FileStateStore;
using Access = FileStateStore::Access;

class FileStateStoreWorld {
 public:
  StateStore& store() { return *store_; }
  void restart() {
    store_.reset();
    open();
  }
  // A folder blocks the name of the new file; a file mode would not stop root.
  void break_saving() { std::filesystem::create_directory(folder_ / "state.json.new"); }
  void mend_saving() { std::filesystem::remove(folder_ / "state.json.new"); }

 private:
  void open() {
    store_.emplace(folder_ / "state.json", Access::read_write, [](std::string_view note) { ADD_FAILURE() << note; });
  }

  TemporaryFolder folder_;
  std::optional<FileStateStore> store_{std::in_place, folder_ / "state.json", Access::read_write,
                                       [](std::string_view note) { ADD_FAILURE() << note; }};
};

class MemoryStateStoreWorld {
 public:
  StateStore& store() { return store_; }
  void restart() {}
  void break_saving() { store_.fail_with("the disk is full"); }
  void mend_saving() { store_.fail_with(std::nullopt); }

 private:
  sim::MemoryStateStore store_;
};

}  // namespace

namespace contracts {
INSTANTIATE_TYPED_TEST_SUITE_P(FileStateStore, StateStoreContract, FileStateStoreWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(MemoryStateStore, StateStoreContract, MemoryStateStoreWorld);
}  // namespace contracts

namespace {

class FileStateStoreTest : public testing::Test {
 protected:
  FileStateStore open(Access access = Access::read_write) {
    return {path_, access, [this](std::string_view note) { notes_.emplace_back(note); }};
  }

  static void save(FileStateStore& store, std::uint64_t number) {
    ASSERT_EQ(store.save(make_state(number)), std::nullopt);
  }

  static mode_t mode(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777U;
  }

  std::size_t files() const {
    const std::filesystem::directory_iterator entries(folder_.path());
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
  }

  TemporaryFolder folder_;
  std::string path_ = folder_ / "state.json";
  std::vector<std::string> notes_;
};

TEST_F(FileStateStoreTest, KeepsThePresentGenerationAndTheOneBefore) {
  auto store = open();
  for (std::uint64_t number = 1; number <= 4; ++number) {
    save(store, number);
    EXPECT_EQ(read_file(path_), to_json(make_state(number)));
    if (number > 1) {
      EXPECT_EQ(read_file(path_ + ".previous"), to_json(make_state(number - 1)));
    }
    EXPECT_EQ(files(), number > 1 ? 3 : 2);  // and the lock
  }
}

TEST_F(FileStateStoreTest, IsForItsOwnerAlone) {
  const mode_t before = ::umask(0);
  auto store = open();
  save(store, 1);
  save(store, 2);
  ::umask(before);
  for (const std::string end : {"", ".previous", ".lock"}) EXPECT_EQ(mode(path_ + end), 0600U);
}

TEST_F(FileStateStoreTest, RemovesWhatACrashLeftOver) {
  write_file(path_ + ".new", "half of a sta");
  write_file(path_ + ".previous.new", "half of a sta");
  auto store = open();
  EXPECT_FALSE(store.load());
  save(store, 1);
  save(store, 2);
  EXPECT_EQ(files(), 3);
}

TEST_F(FileStateStoreTest, WritesThroughNoLink) {
  write_file(folder_ / "victim", "precious");
  std::filesystem::create_symlink(folder_ / "victim", path_ + ".new");
  std::filesystem::create_symlink(folder_ / "victim", path_ + ".previous.new");
  auto store = open();
  save(store, 1);
  save(store, 2);
  EXPECT_EQ(read_file(folder_ / "victim"), "precious");
  EXPECT_EQ(store.load()->switches_asked, 2);
}

TEST_F(FileStateStoreTest, AStateThatIsALinkStaysOne) {
  std::filesystem::create_directory(folder_ / "elsewhere");
  std::filesystem::create_symlink(folder_ / "elsewhere/real.json", path_);
  {
    auto store = open();
    EXPECT_FALSE(store.load());
    save(store, 1);
    save(store, 2);
  }
  EXPECT_TRUE(std::filesystem::is_symlink(path_));
  EXPECT_EQ(read_file(folder_ / "elsewhere/real.json"), to_json(make_state(2)));
  EXPECT_EQ(open().load()->switches_asked, 2);
}

// A crash between the two renames of a save leaves one file with two names.
TEST_F(FileStateStoreTest, GoesOnAfterACrashInTheMiddleOfASave) {
  {
    auto store = open();
    save(store, 1);
    save(store, 2);
  }
  std::filesystem::remove(path_ + ".previous");
  std::filesystem::create_hard_link(path_, path_ + ".previous");
  auto store = open();
  EXPECT_EQ(store.load()->switches_asked, 2);
  save(store, 3);
  EXPECT_EQ(read_file(path_ + ".previous"), to_json(make_state(2)));
  EXPECT_EQ(files(), 3);
  EXPECT_TRUE(notes_.empty());
}

TEST_F(FileStateStoreTest, IsWholeWheneverItsWriterIsKilled) {
  for (int round = 0; round < 20; ++round) {
    int ready[2];
    ASSERT_EQ(::pipe(ready), 0);
    const pid_t writer = ::fork();
    if (writer == 0) {
      auto store = open();
      for (std::uint64_t number = 1;; ++number) {
        if (store.save(make_state(number))) ::_exit(1);
        if (number >= 2 && ::write(ready[1], "x", 1) != 1) ::_exit(1);
      }
    }
    char byte = 0;
    // Later in each round, to hit different moments of a save.
    for (int saves = 0; saves <= round; ++saves) ASSERT_EQ(::read(ready[0], &byte, 1), 1);
    ::kill(writer, SIGKILL);
    ::waitpid(writer, nullptr, 0);
    ::close(ready[0]);
    ::close(ready[1]);
    auto store = open();
    const auto state = store.load();
    ASSERT_TRUE(state);
    EXPECT_EQ(to_json(*state), to_json(make_state(state->switches_asked)));
    EXPECT_TRUE(notes_.empty());
  }
}

TEST_F(FileStateStoreTest, AFailedSaveSaysWhyAndKeepsWhatWas) {
  auto store = open();
  save(store, 1);
  save(store, 2);
  // A file size limit stands in for a disk that becomes full in the middle of the file.
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{100, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto problem = store.save(make_state(3));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(problem, "cannot write \"" + path_ + ".new\": File too large");
  EXPECT_EQ(read_file(path_), to_json(make_state(2)));
  EXPECT_EQ(read_file(path_ + ".previous"), to_json(make_state(1)));
  EXPECT_EQ(files(), 3);
  save(store, 4);
}

TEST_F(FileStateStoreTest, AFolderThatCannotBeWrittenIsAReason) {
  auto store = open();
  save(store, 1);
  std::filesystem::permissions(folder_.path(), std::filesystem::perms{0555});
  const bool root = ::geteuid() == 0;
  if (root) {
    ASSERT_EQ(::seteuid(65534), 0);
  }
  const auto problem = store.save(make_state(2));
  if (root) {
    ASSERT_EQ(::seteuid(0), 0);
  }
  std::filesystem::permissions(folder_.path(), std::filesystem::perms{0700});
  ASSERT_TRUE(problem);
  EXPECT_EQ(*problem, "cannot make \"" + path_ + ".new\": Permission denied");
  EXPECT_EQ(store.load()->switches_asked, 1);
}

TEST_F(FileStateStoreTest, SaysAtOnceThatItCannotSave) {
  const auto refusal = [](const FileStateStore& store) -> std::string {
    try {
      store.require_savable();
      return "";
    } catch (const InputError& error) {
      return error.what();
    }
  };
  const auto said_of = [&](const std::string& what) {
    return path_ + ": the state cannot be saved here: " + what +
           "; give state.path a folder in which this user, and nobody else, can make files";
  };
  const auto store = open();
  EXPECT_EQ(refusal(store), "");
  EXPECT_FALSE(file_exists(path_)) << "trying leaves nothing";
  EXPECT_FALSE(file_exists(path_ + ".new"));

  std::filesystem::create_directory(path_ + ".new");
  EXPECT_EQ(refusal(store), said_of("cannot remove \"" + path_ + ".new\": Is a directory"));
  std::filesystem::remove(path_ + ".new");
  std::filesystem::create_directory(path_ + ".previous");
  EXPECT_EQ(refusal(store), said_of("\"" + path_ + ".previous\" is a folder"));
}

TEST_F(FileStateStoreTest, SaysAtOnceThatAFileIsNeverToBeChanged) {
  auto store = open();
  ASSERT_EQ(store.save(make_state(1)), std::nullopt);
  const os::FileDescriptor file(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
  int flags = FS_IMMUTABLE_FL;
  if (::ioctl(file.get(), FS_IOC_SETFLAGS, &flags) != 0) GTEST_SKIP() << "not on this disk";
  try {
    store.require_savable();
    ADD_FAILURE() << "nothing is said";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("is marked as never to be changed (`chattr -ia`"), std::string::npos)
        << error.what();
  }
  flags = 0;
  EXPECT_EQ(::ioctl(file.get(), FS_IOC_SETFLAGS, &flags), 0);
  store.require_savable();
}

TEST_F(FileStateStoreTest, AFolderThatIsGoneIsAReason) {
  auto store = open();
  save(store, 1);
  std::filesystem::remove_all(folder_.path());
  EXPECT_EQ(store.save(make_state(2)), "cannot make \"" + path_ + ".new\": No such file or directory");
  std::filesystem::create_directory(folder_.path());
}

TEST_F(FileStateStoreTest, ASecondStoreNamesTheOwnerOfTheLock) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t holder = ::fork();
  if (holder == 0) {
    const auto store = open();
    if (::write(ready[1], "x", 1) != 1) ::_exit(1);
    for (;;) ::pause();
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  try {
    open();
    ADD_FAILURE() << "two have the state";
  } catch (const InputError& error) {
    EXPECT_EQ(error.file(), path_);
    EXPECT_EQ(error.line(), 0);
    EXPECT_EQ(error.problem(),
              "process " + std::to_string(holder) + " is using this state; end it first, or set another state.path");
  }
  const auto reader = open(Access::read_only);
  ::kill(holder, SIGKILL);  // which also releases the lock
  ::waitpid(holder, nullptr, 0);
  auto store = open();
  save(store, 1);
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(FileStateStoreTest, ItsLockEndsWithItAndNotSooner) {
  {
    auto first = open();
    EXPECT_THROW(open(), InputError);
    save(first, 1);
    EXPECT_THROW(open(), InputError);
    auto moved = std::make_unique<FileStateStore>(std::move(first));
    EXPECT_THROW(open(), InputError);
  }
  EXPECT_NO_THROW(open());
}

TEST_F(FileStateStoreTest, ALockThatCannotBeMadeIsAnError) {
  path_ = folder_ / "no/such/folder/state.json";
  try {
    open();
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.file(), path_ + ".lock");
    EXPECT_EQ(error.problem(), "cannot be opened: No such file or directory");
  }
}

TEST_F(FileStateStoreTest, ADryRunReadsAndLeavesEverythingAsItIs) {
  {
    auto store = open();
    save(store, 1);
  }
  std::filesystem::remove(path_ + ".lock");
  auto store = open(Access::read_only);
  EXPECT_EQ(store.load()->switches_asked, 1);
  EXPECT_EQ(store.save(make_state(2)), std::nullopt);
  EXPECT_EQ(store.load()->switches_asked, 1);
  EXPECT_EQ(files(), 1);
}

TEST_F(FileStateStoreTest, LeaksNoDescriptor) {
  auto store = open();
  const std::size_t before = open_descriptors();
  for (std::uint64_t number = 1; number <= 20; ++number) {
    save(store, number);
    EXPECT_TRUE(store.load());
  }
  EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace quotawatch
