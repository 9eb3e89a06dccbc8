// TmuxProcess against fake tmux programs: whatever they answer, a capture ends in time, reports
// what is wrong, and leaves nothing behind.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>

#include "os/loop/child_process.h"
#include "os/tmux/tmux_process.h"
#include "tests/os/support.h"

namespace quotawatch {
namespace {

using namespace os::testing_support;
using Status = PaneCapture::Status;

// Makes a script read its commands and extract their nonce.
constexpr std::string_view read_nonce = "nonce=$(sed -n \"1s/.* '\\([0-9a-f]\\{32\\}\\) 0 .*/\\1/p\")\n";

class TmuxAnswers : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(eventually([] { return has_no_children(); }));
  }

  // From now on this script is tmux.
  void pretend(const std::string& script) { write_script(folder_ / "tmux", std::string(read_nonce) + script); }

  TmuxCapture capture(Milliseconds timeout = Milliseconds{20'000}) {
    const std::string path = folder_.path() + ":" + std::getenv("PATH");
    const Variable variable("PATH", path.c_str());
    os::TmuxProcess client(loop_, "socket");
    auto capture = client.capture({"a", "b", "c"}, timeout);
    EXPECT_TRUE(eventually([] { return has_no_children(); }, &loop_));
    EXPECT_EQ(capture.panes.size(), 3);
    return capture;
  }

  void expect_down(const std::string& script, const std::string& why) {
    pretend(script);
    const auto answer = capture();
    EXPECT_FALSE(answer.server_up) << script;
    EXPECT_EQ(answer.why, why);
    for (const auto& pane : answer.panes) {
      EXPECT_EQ(pane.status, Status::failed);
      EXPECT_EQ(pane.why, why);
    }
  }

  TemporaryFolder folder_;
  os::EventLoop loop_;
};

TEST_F(TmuxAnswers, TheScriptsCanPlayTmux) {
  pretend(
      "printf '%s 0 $1 80 24 %%1 0 a\\none\\n' $nonce; printf '%s 1     \\n' $nonce\n"
      "printf '%s 2 $3 80 24 %%1 0 c\\nthree\\n' $nonce; printf '%s 3 \\n' $nonce; exit "
      "1");
  const auto answer = capture();
  ASSERT_TRUE(answer.server_up) << answer.why;
  EXPECT_EQ(*answer.panes[0].text, "one\n");
  EXPECT_EQ(answer.panes[1].status, Status::absent);
  EXPECT_EQ(*answer.panes[2].text, "three\n");
}

TEST_F(TmuxAnswers, NoneOfATmuxThatOthersCouldChange) {
  pretend("echo >" + folder_ / "was-run");
  std::filesystem::permissions(folder_.path(), std::filesystem::perms{0777});
  const auto answer = capture();
  EXPECT_FALSE(answer.server_up);
  EXPECT_EQ(answer.why, fmt::format("PATH: tmux: \"{0}/tmux\": others could change what stands "
                                    "there: the folder \"{0}\" can be written by everybody; "
                                    "`chmod go-w {0}` ends that",
                                    folder_.path()));
  EXPECT_FALSE(file_exists(folder_ / "was-run"));
}

TEST_F(TmuxAnswers, ThatCameWhileWeWereStoppedCameInTime) {
  pretend(
      "sleep 1; printf '%s 0 $1 80 24 %%1 0 a\\none\\n' $nonce\n"
      "printf '%s 1     \\n%s 2     \\n%s 3 \\n' $nonce $nonce $nonce");
  get_stopped(Milliseconds{50}, Milliseconds{1600});
  const auto answer = capture(Milliseconds{700});
  ASSERT_TRUE(answer.server_up) << answer.why;
  EXPECT_EQ(*answer.panes[0].text, "one\n");
}

TEST_F(TmuxAnswers, GetsItsArgumentsAndNoShell) {
  pretend("for argument; do echo \"[$argument]\" >>" + folder_ / "arguments" + "; done");
  capture();
  EXPECT_EQ(read_file(folder_ / "arguments"), "[-N]\n[-u]\n[-L]\n[socket]\n[source-file]\n[-]\n");
}

TEST_F(TmuxAnswers, NothingAtAll) {
  expect_down("exit 0", "tmux ended without an answer (exit status 0)");
  expect_down("exit 1", "tmux ended without an answer (exit status 1)");
  expect_down("kill -9 $$", "tmux ended without an answer (killed by signal 9)");
  expect_down("echo >&2; exit 1", "tmux ended without an answer (exit status 1)");
}

TEST_F(TmuxAnswers, AReason) {
  expect_down("echo 'no server running' >&2; echo more >&2; exit 1", "no server running");
  expect_down("printf 'no newline' >&2; exit 1", "no newline");
  expect_down("printf 'caf\\351' >&2; exit 1", "caf\xef\xbf\xbd");
  expect_down("yes x | tr -d '\\n' | head -c 1000000 >&2; exit 1", std::string(200, 'x'));
}

TEST_F(TmuxAnswers, Garbage) {
  expect_down("head -c 100000 /dev/urandom", "tmux ended without an answer (exit status 0)");
  expect_down("printf '\\377\\376\\n\\0\\n%s' $nonce", "tmux ended without an answer (exit status 0)");
}

TEST_F(TmuxAnswers, OutputWithoutItsLastMarker) {
  expect_down(
      "printf '%s 0 $1 80 24 %%1 0 a\\none\\n' $nonce; printf '%s 1 $2 80 24 "
      "%%1 0 "
      "b\\ntwo\\n' $nonce\n"
      "printf '%s 2 $3 80 24 %%1 0 c\\nthree\\n' $nonce; exit 1",
      "tmux ended without an answer (exit status 1)");
}

TEST_F(TmuxAnswers, OutputWithoutOneOfItsMarkers) {
  pretend(
      "printf '%s 0 $1 80 24 %%1 0 a\\none\\n' $nonce; printf 'two\\n'\n"
      "printf '%s 2 $3 80 24 %%1 0 c\\nthree\\n' $nonce; printf '%s 3 \\n' $nonce");
  const auto answer = capture();
  ASSERT_TRUE(answer.server_up) << answer.why;
  EXPECT_EQ(answer.panes[0].status, Status::failed);
  EXPECT_EQ(answer.panes[1].status, Status::failed);
  EXPECT_EQ(*answer.panes[2].text, "three\n");
}

TEST_F(TmuxAnswers, CutUtf8FailsItsPaneAlone) {
  pretend(
      "printf '%s 0 $1 80 24 %%1 0 a\\ncaf\\303\\n' $nonce; printf '%s 1 $2 80 24 "
      "%%1 0 "
      "b\\ntwo\\n' $nonce\n"
      "printf '%s 2 $3 80 24 %%1 0 c\\nthree\\n' $nonce; printf '%s 3 \\n' $nonce");
  const auto answer = capture();
  ASSERT_TRUE(answer.server_up) << answer.why;
  EXPECT_EQ(answer.panes[0].status, Status::failed);
  EXPECT_EQ(answer.panes[0].why, "not valid UTF-8");
  EXPECT_EQ(*answer.panes[1].text, "two\n");
}

TEST_F(TmuxAnswers, EndlessOutput) {
  expect_down("yes 'never the end of it'", "tmux says too much: more than any number of panes can hold");
  pretend("yes 'never the end of it' >&2");
  EXPECT_EQ(capture(Milliseconds{300}).why, "timed out");
}

TEST_F(TmuxAnswers, NoAnswerInTime) {
  for (const std::string script : {"exec sleep 600", "trap '' TERM; sleep 600; sleep 600"}) {
    pretend(script);
    const auto start = std::chrono::steady_clock::now();
    const auto answer = capture(Milliseconds{100});
    EXPECT_FALSE(answer.server_up);
    EXPECT_EQ(answer.why, "timed out");
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{5});
  }
}

TEST_F(TmuxAnswers, AnAnswerWhosePipeAnotherProcessHoldsOpen) {
  pretend("sleep 600 & echo $! >" + folder_ / "process" +
          "; for i in 0 1 2; do printf '%s %s    \\n' $nonce $i; done; printf '%s 3 \\n' $nonce");
  const auto answer = capture();
  EXPECT_TRUE(answer.server_up) << answer.why;
  ::kill(std::stoi(read_file(folder_ / "process")), SIGKILL);
}

TEST_F(TmuxAnswers, CommandsThatAreNotRead) {
  write_script(folder_ / "tmux", "exec <&-; exit 3");
  const std::string path = folder_.path() + ":" + std::getenv("PATH");
  const Variable variable("PATH", path.c_str());
  os::TmuxProcess client(loop_, "socket");
  const auto capture = client.capture(std::vector<std::string>(2000, "session"), std::chrono::seconds{20});
  EXPECT_EQ(capture.why, "tmux ended without an answer (exit status 3)");
}

TEST_F(TmuxAnswers, NoTmux) {
  const Variable variable("PATH", folder_.path().c_str());
  os::TmuxProcess client(loop_, "socket");
  const auto capture = client.capture({"a"}, std::chrono::seconds{20});
  EXPECT_FALSE(capture.server_up);
  EXPECT_EQ(capture.why, "cannot start tmux: No such file or directory");
}

}  // namespace
}  // namespace quotawatch
