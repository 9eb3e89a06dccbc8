#include "os/files/line_journal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <nlohmann/json.hpp>

#include "os/loop/event_loop.h"
#include "quotawatch/input_error.h"
#include "tests/os/support.h"

namespace quotawatch {
namespace {

using namespace os::testing_support;
using os::FileDescriptor;
using os::LineJournal;

Event make_event(std::string why = "") {
  Event event;
  event.kind = EventKind::clear;
  event.why = std::move(why);
  return event;
}

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    reader.reset(ends[0]);
    writer.reset(ends[1]);
  }

  // Reads everything in it.
  std::string drain() const {
    std::string text(1'000'000, '\0');
    ::fcntl(reader.get(), F_SETFL, O_NONBLOCK);
    const ssize_t count = ::read(reader.get(), text.data(), text.size());
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    return text;
  }

  FileDescriptor reader, writer;
};

class LineJournalTest : public testing::Test {
 protected:
  os::Log reporter() {
    return [this](std::string_view message) { reports_.emplace_back(message); };
  }

  // Counts the lines that are JSON objects; `broken` counts the others.
  static std::size_t count_lines(const std::string& text, std::size_t& broken) {
    std::size_t good = 0;
    broken = 0;
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      const bool object = nlohmann::json::accept(text.substr(begin, end - begin));
      object ? ++good : ++broken;
      begin = end + 1;
    }
    return good;
  }

  os::EventLoop ignores_broken_pipes_;
  TemporaryFolder folder_;
  std::vector<std::string> reports_;
};

TEST_F(LineJournalTest, WritesALineForEachEvent) {
  const std::string path = folder_ / "journal";
  {
    LineJournal journal(path, reporter());
    journal.write(make_event("one"));
    journal.write(make_event("two\nlines"));
  }
  LineJournal(path, reporter()).write(make_event("three"));
  EXPECT_EQ(read_file(path), to_json(make_event("one")) + "\n" + to_json(make_event("two\nlines")) + "\n" +
                                 to_json(make_event("three")) + "\n");
  EXPECT_TRUE(reports_.empty());
  struct stat status {};
  ::stat(path.c_str(), &status);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(LineJournalTest, AFileThatCannotBeOpenedIsAnError) {
  try {
    LineJournal(folder_ / "no/journal", reporter());
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.file(), folder_ / "no/journal");
    EXPECT_EQ(error.problem(), "the journal cannot be opened: No such file or directory");
  }
}

TEST_F(LineJournalTest, ReportsAReaderThatWentAwayOnce) {
  Pipe pipe;
  LineJournal journal(pipe.writer.get(), "on stdout", reporter());
  journal.write(make_event());
  pipe.reader.reset();
  for (int i = 0; i < 5; ++i) journal.write(make_event());
  EXPECT_EQ(reports_, (std::vector<std::string>{"cannot write the journal on stdout: Broken pipe; events "
                                                "are lost until it can be written again"}));
}

TEST_F(LineJournalTest, ReportsAFullDiskAndThatThereIsRoomAgain) {
  const FileDescriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  const FileDescriptor file(::open((folder_ / "journal").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  const FileDescriptor output(::fcntl(full.get(), F_DUPFD_CLOEXEC, 0));
  LineJournal journal(output.get(), "x", reporter());
  for (int round = 0; round < 2; ++round) {
    reports_.clear();
    ::dup3(full.get(), output.get(), O_CLOEXEC);
    for (int i = 0; i < 3; ++i) journal.write(make_event());
    ::dup3(file.get(), output.get(), O_CLOEXEC);
    for (int i = 0; i < 3; ++i) journal.write(make_event("good"));
    EXPECT_EQ(reports_,
              (std::vector<std::string>{"cannot write the journal x: No space left on device; events are lost "
                                        "until it can be written again",
                                        "the journal x is written again; 3 events were lost"}));
  }
  std::size_t broken = 0;
  EXPECT_EQ(count_lines(read_file(folder_ / "journal"), broken), 6);
  EXPECT_EQ(broken, 0);
}

TEST_F(LineJournalTest, ALineCutByAFullDiskSpoilsNoOther) {
  const std::string path = folder_ / "journal";
  LineJournal journal(path, reporter());
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{100, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  journal.write(make_event(std::string(200, 'x')));
  journal.write(make_event());
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  journal.write(make_event("good"));
  journal.write(make_event("good"));
  std::size_t broken = 0;
  EXPECT_EQ(count_lines(read_file(path), broken), 2);
  EXPECT_EQ(broken, 1);
  EXPECT_EQ(reports_.size(), 2);
}

TEST_F(LineJournalTest, ALineCutByACrashSpoilsNoOther) {
  const std::string path = folder_ / "journal";
  write_file(path, "{\"at\": \"2026-");
  LineJournal(path, reporter()).write(make_event("good"));
  LineJournal(path, reporter()).write(make_event("good"));
  std::size_t broken = 0;
  EXPECT_EQ(count_lines(read_file(path), broken), 2);
  EXPECT_EQ(broken, 1);
}

TEST_F(LineJournalTest, AReaderThatDoesNotReadHoldsNothingUp) {
  for (const std::size_t length : {std::size_t{200}, std::size_t{3000}, std::size_t{50'000}}) {
    reports_.clear();
    Pipe pipe;
    LineJournal journal(pipe.writer.get(), "x", reporter());
    const auto start = std::chrono::steady_clock::now();
    int written = 0;
    while (reports_.empty()) {
      journal.write(make_event(std::string(length, 'x')));
      ++written;
      ASSERT_LT(written, 1000);
    }
    for (int i = 0; i < 1000; ++i) journal.write(make_event());
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{1});
    EXPECT_EQ(reports_[0],
              "cannot write the journal x: its reader does not read; events are lost until it can "
              "be written again");
    std::string text = pipe.drain();
    journal.write(make_event("good"));
    ASSERT_EQ(reports_.size(), 2);
    EXPECT_EQ(reports_[1], "the journal x is written again; 1001 events were lost");
    text += pipe.drain();
    std::size_t broken = 0;
    EXPECT_EQ(count_lines(text, broken), static_cast<std::size_t>(written));
    EXPECT_LE(broken, 1);
  }
}

TEST_F(LineJournalTest, AReaderThatIsSlowGetsEverything) {
  Pipe pipe;
  LineJournal journal(pipe.writer.get(), "x", reporter());
  std::string text;
  for (int i = 0; i < 50; ++i) {
    journal.write(make_event(std::string(5000, 'x')));
    text += pipe.drain();
  }
  std::size_t broken = 0;
  EXPECT_EQ(count_lines(text, broken), 50);
  EXPECT_EQ(broken, 0);
  EXPECT_TRUE(reports_.empty());
}

TEST(StandardDescriptors, AreFilledWhereTheyAreClosed) {
  const int copy = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10);
  ASSERT_GE(copy, 10);
  ::close(STDIN_FILENO);
  os::reserve_standard_descriptors();
  const FileDescriptor file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  EXPECT_GT(file.get(), STDERR_FILENO);
  const std::size_t before = open_descriptors();
  os::reserve_standard_descriptors();
  EXPECT_EQ(open_descriptors(), before);
  ::dup2(copy, STDIN_FILENO);
  ::close(copy);
}

}  // namespace
}  // namespace quotawatch
