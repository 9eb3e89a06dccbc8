// Output files of commands: in a shared folder they never write through what others have put there,
// and pipes and open descriptors keep working.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/end_to_end/program.h"
#include "tests/os/support.h"

namespace quotawatch::testing_support {
namespace {

namespace fs = std::filesystem;
using os::testing_support::file_exists;
using os::testing_support::ProgramResult;
using os::testing_support::read_file;
using os::testing_support::run_program;
using os::testing_support::TemporaryFolder;
using os::testing_support::write_file;

constexpr uid_t other_user = 65534;

// A command that writes a file; its path is the last argument.
struct Writer {
  const char* name;
  std::vector<std::string> arguments;
};

std::vector<Writer> writers() {
  return {{"page", {"replay", demo(), "--html"}},
          {"report", {"replay", demo(), "--junit"}},
          {"simulation", {"simulate", "--seed", "3", "--days", "0.1", "--html"}},
          {"recording", {"record", "--session", "none", "--for", "1ms", "--force", "-o"}}};
}

class OutputTest : public testing::Test {
 protected:
  OutputTest() {
    fs::create_directory(folder_ / "shared");
    write_file(victim_, "precious");
    fs::permissions(victim_, fs::perms{0644});
  }

  static ProgramResult write(const Writer& writer, const std::string& path) {
    auto arguments = writer.arguments;
    arguments.push_back(path);
    return run_quotawatch(arguments);
  }

  static bool give_away(const std::string& path) { return ::lchown(path.c_str(), other_user, other_user) == 0; }

  // In a folder like /tmp, and in one that is writable by all and not sticky.
  template <typename Action>
  void in_each_folder(Action action) {
    for (const unsigned mode : {01777U, 0777U}) {
      fs::permissions(folder_ / "shared", fs::perms{mode});
      for (const auto& writer : writers()) {
        SCOPED_TRACE(fmt::format("{} in a folder {:o}", writer.name, mode));
        action(writer);
        fs::remove(path_);
      }
    }
  }

  void expect_refused(const Writer& writer, const std::string& reason) {
    const auto result = write(writer, path_);
    EXPECT_EQ(result.exit_status, 2) << result.error_output;
    EXPECT_NE(result.error_output.find(reason), std::string::npos) << result.error_output;
    EXPECT_TRUE(read_file(victim_) == "precious");
  }

  void expect_private() {
    struct stat status {};
    ASSERT_EQ(::lstat(path_.c_str(), &status), 0);
    EXPECT_TRUE(S_ISREG(status.st_mode));
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    EXPECT_EQ(status.st_uid, ::geteuid());
    EXPECT_FALSE(file_exists(path_ + ".new"));
  }

  TemporaryFolder folder_;
  std::string path_ = folder_ / "shared/output";
  std::string victim_ = folder_ / "victim";
};

TEST_F(OutputTest, NewFilesArePrivate) {
  in_each_folder([&](const Writer& writer) {
    EXPECT_EQ(write(writer, path_).exit_status, 0);
    expect_private();
  });
}

TEST_F(OutputTest, ASecondNameOfAFileIsNotWrittenThrough) {
  in_each_folder([&](const Writer& writer) {
    fs::create_hard_link(victim_, path_);
    EXPECT_EQ(write(writer, path_).exit_status, 0);
    expect_private();
    EXPECT_TRUE(read_file(victim_) == "precious");
  });
}

TEST_F(OutputTest, AnotherUsersLinksAreNotFollowed) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give links away";
  in_each_folder([&](const Writer& writer) {
    for (const std::string& target : {victim_, folder_ / "made"}) {
      fs::create_symlink(target, path_);
      ASSERT_TRUE(give_away(path_));
      expect_refused(writer, fmt::format("the link \"{}\" belongs to the user", path_));
      EXPECT_FALSE(file_exists(folder_ / "made"));
      fs::remove(path_);
    }
  });
}

TEST_F(OutputTest, AnotherUsersFilesAreNotWritten) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  in_each_folder([&](const Writer& writer) {
    write_file(path_, "theirs");
    fs::permissions(path_, fs::perms{0666});
    ASSERT_TRUE(give_away(path_));
    expect_refused(writer, "belongs to the user");
    EXPECT_EQ(read_file(path_), "theirs");
  });
}

TEST_F(OutputTest, BlessedTranscriptsAreNotWrittenThroughLinksOfOthers) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give links away";
  const os::testing_support::Variable no_ci("CI", nullptr);
  const std::string transcript =
      "quotawatch-transcript 1\nstart 2026-11-23T12:00:00Z\n"
      "config {\"pool\":{\"dedicated\":[{\"name\":\"main\"}]},\"pack\":\"seed\"}\n"
      "until 1m\n\n@0s screen main 80x24\n|Too many requests\n";
  write_file(victim_, transcript);
  fs::create_symlink(victim_, path_);
  ASSERT_TRUE(give_away(path_));
  const auto result = run_quotawatch({"replay", "--bless", path_});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_EQ(read_file(victim_), transcript);
}

TEST_F(OutputTest, OpenDescriptorsAndPipesGetIt) {
  const auto shell = [&](const std::string& script) {
    return run_program({"sh", "-c", script, "sh", binary_path(), demo(), folder_.path()});
  };
  constexpr std::string_view xml = "<?xml version=\"1.0\"?>\n<testsuites>";
  auto result = shell("\"$1\" replay \"$2\" --junit /dev/stdout");
  EXPECT_EQ(result.exit_status, 0) << result.error_output;
  EXPECT_NE(result.output.find(xml), std::string::npos);
  EXPECT_TRUE(result.output.ends_with("passed, 0 failed\n")) << result.output;
  result = shell("\"$1\" replay \"$2\" --junit /dev/stdout > \"$3/both\"");
  EXPECT_TRUE(read_file(folder_ / "both").starts_with(xml));
  EXPECT_TRUE(read_file(folder_ / "both").ends_with("passed, 0 failed\n"));
  result = shell("\"$1\" replay \"$2\" --html /dev/stderr");
  EXPECT_NE(result.error_output.find("<!doctype html>"), std::string::npos) << result.error_output.substr(0, 200);
  result = shell("\"$1\" replay \"$2\" --junit /dev/fd/3 3> \"$3/three\"");
  EXPECT_TRUE(read_file(folder_ / "three").starts_with(xml));
  result = shell(
      "mkfifo \"$3/pipe\"; cat \"$3/pipe\" > \"$3/read\" & "
      "\"$1\" replay \"$2\" --junit \"$3/pipe\"; wait");
  EXPECT_TRUE(read_file(folder_ / "read").starts_with(xml));
  EXPECT_TRUE(fs::is_fifo(folder_ / "pipe"));
}

}  // namespace
}  // namespace quotawatch::testing_support
