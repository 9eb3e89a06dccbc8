// Reading whole files and streams, with the reason and the line of an error.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <thread>
#include <utility>

#include "base/file_reader.h"
#include "base/text.h"
#include "tests/support.h"

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

// A named pipe that is open for writing, with or without data in it.
class Pipe {
 public:
  explicit Pipe(std::string path) : path_(std::move(path)) { EXPECT_EQ(::mkfifo(path_.c_str(), 0600), 0); }
  ~Pipe() { end(); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  void write(std::string_view text) {
    if (descriptor_ < 0) descriptor_ = ::open(path_.c_str(), O_RDWR | O_CLOEXEC);
    EXPECT_EQ(::write(descriptor_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void end() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  int descriptor_ = -1;
};

TEST(ReadFile, RefusesAPipeWithoutAWriter) {
  const tests::TemporaryFolder folder;
  const Pipe pipe(folder.path() + "/pipe");
  EXPECT_TRUE(fails([&] { read_file(pipe.path(), 10); }, 0, "is a pipe that nobody writes to"));
}

TEST(ReadFile, TakesWhatComesDownAPipe) {
  const tests::TemporaryFolder folder;
  Pipe pipe(folder.path() + "/pipe");
  pipe.write("one ");
  FileReader reader(pipe.path());
  EXPECT_EQ(reader.next(), "one ");
  std::thread writer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
    pipe.write("two");
    pipe.end();
  });
  EXPECT_EQ(reader.rest(10), "two");
  writer.join();
}

// Like `<(command)` in a shell, even if the command prints nothing.
TEST(ReadFile, TakesWhatComesDownAPipeWithoutAName) {
  for (const std::string_view text : {"", "some text"}) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    ASSERT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    ::close(ends[1]);
    EXPECT_EQ(read_file("/dev/fd/" + std::to_string(ends[0]), 10), text);
    ::close(ends[0]);
  }
}

TEST(ReadFile, ReadsDevicesAsLongAsTheyHaveSomething) {
  EXPECT_EQ(read_file("/dev/null", 10), "");
  EXPECT_TRUE(fails([&] { read_file("/dev/zero", 4096); }, 1, "larger than 4 KiB"));
}

TEST(NextLine, GivesEachWithItsNumber) {
  const tests::TemporaryFolder folder;
  const std::string long_line(200'000, 'x');
  FileReader reader(folder.write("file", "one\n\n" + long_line + "\r\nlast"));
  std::vector<std::string> lines;
  for (std::string line; reader.next_line(line, 1U << 20);) {
    lines.push_back(line);
    EXPECT_EQ(reader.line_number(), lines.size());
  }
  EXPECT_EQ(lines, (std::vector<std::string>{"one", "", long_line + "\r", "last"}));
  FileReader empty(folder.write("empty", ""));
  std::string line;
  EXPECT_FALSE(empty.next_line(line, 10));
}

TEST(NextLine, RefusesOneThatIsLongerThanItsLimit) {
  const tests::TemporaryFolder folder;
  FileReader reader(folder.write("file", "one\n" + std::string((1U << 20) + 1, 'x') + "\n"));
  std::string line;
  EXPECT_TRUE(reader.next_line(line, 1U << 20));
  EXPECT_TRUE(fails([&] { reader.next_line(line, 1U << 20); }, 2, "longer than 1 MiB"));
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
