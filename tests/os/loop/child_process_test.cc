#include "os/loop/child_process.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <array>
#include <memory>

#include "os/loop/timer.h"
#include "tests/os/support.h"

namespace quotawatch::os {
namespace {

using namespace testing_support;

class ChildProcessTest : public testing::Test {
 protected:
  // What a program did, as reported to its handlers.
  struct Heard {
    std::string output;
    std::string error_output;
    std::optional<ChildEnd> end;
  };

  ChildProcess::Handlers listen() {
    return {[this](std::string_view bytes) { heard_.output += bytes; },
            [this](std::string_view bytes) { heard_.error_output += bytes; },
            [this](const ChildEnd& end) { heard_.end = end; }};
  }

  std::unique_ptr<ChildProcess> start(std::vector<std::string> arguments, std::string input = "") {
    return std::make_unique<ChildProcess>(loop_, ChildProcess::Command{std::move(arguments), {}, std::move(input)},
                                          listen());
  }

  std::unique_ptr<ChildProcess> shell(const std::string& script, std::string input = "") {
    return start({"sh", "-c", script}, std::move(input));
  }

  bool wait_for_end() {
    return loop_.run_until([this] { return heard_.end.has_value(); }, long_time) == EventLoop::Ended::condition;
  }

  // Waits for a first line and reads it as a process number.
  int wait_for_process_number() {
    loop_.run_until([this] { return heard_.output.find('\n') != std::string::npos; }, long_time);
    return std::atoi(heard_.output.c_str());
  }

  EventLoop loop_;
  Heard heard_;
};

TEST_F(ChildProcessTest, HearsBothStreamsAndTheEnd) {
  const auto child = shell("echo out; echo error >&2; exit 3");
  EXPECT_EQ(child->failure(), "");
  EXPECT_FALSE(child->end());
  ASSERT_TRUE(wait_for_end());
  EXPECT_EQ(heard_.output, "out\n");
  EXPECT_EQ(heard_.error_output, "error\n");
  EXPECT_EQ(heard_.end->exit_status, 3);
  EXPECT_EQ(heard_.end->text(), "exit status 3");
  ASSERT_TRUE(child->end());
  EXPECT_FALSE(child->end()->good());
}

TEST_F(ChildProcessTest, SaysWhichSignalEndedIt) {
  const auto child = shell("kill -9 $$");
  ASSERT_TRUE(wait_for_end());
  EXPECT_EQ(heard_.end->signal, SIGKILL);
  EXPECT_EQ(heard_.end->text(), "killed by signal 9");
}

TEST_F(ChildProcessTest, ArgumentsAreNoShellText) {
  const auto child = start({"printf", "%s\n", "$(id) `id` ; | > * ~ \\ \" '", "-n"});
  ASSERT_TRUE(wait_for_end());
  EXPECT_EQ(heard_.output, "$(id) `id` ; | > * ~ \\ \" '\n-n\n");
}

TEST_F(ChildProcessTest, WritesMuchInputWhileItReadsMuchOutput) {
  std::string input;
  while (input.size() < 4'000'000) input += "a line of input, one of very many\n";
  const auto child = start({"cat"}, input);
  ASSERT_TRUE(wait_for_end());
  EXPECT_EQ(heard_.output, input);
  EXPECT_TRUE(heard_.end->good());
}

TEST_F(ChildProcessTest, UnreadInputIsFine) {
  const std::string input(4'000'000, 'x');
  for (const std::string script : {"exit 0", "exec <&-; echo closed", "head -c 10 >&-"}) {
    heard_ = {};
    const auto child = shell(script, input);
    ASSERT_TRUE(wait_for_end()) << script;
    EXPECT_EQ(heard_.end->signal, 0) << script;
  }
}

TEST_F(ChildProcessTest, ItsStreamsCanBeOpenedByName) {
  const auto child = shell("cat /dev/stdin; echo a >/dev/stdout; echo b >/dev/stderr", "input\n");
  ASSERT_TRUE(wait_for_end());
  EXPECT_EQ(heard_.output, "input\na\n");
  EXPECT_EQ(heard_.error_output, "b\n");
}

TEST_F(ChildProcessTest, AddsToTheEnvironment) {
  const Variable kept("QUOTAWATCH_TEST_KEPT", "kept");
  const Variable changed("QUOTAWATCH_TEST_CHANGED", "old");
  const ChildProcess child(loop_,
                           {{"sh", "-c", "env | grep QUOTAWATCH_TEST | sort"},
                            {{"QUOTAWATCH_TEST_CHANGED", "new = $x"}, {"QUOTAWATCH_TEST_NEW", ""}},
                            ""},
                           listen());
  ASSERT_TRUE(wait_for_end());
  EXPECT_EQ(heard_.output,
            "QUOTAWATCH_TEST_CHANGED=new = $x\nQUOTAWATCH_TEST_KEPT=kept\n"
            "QUOTAWATCH_TEST_NEW=\n");
}

TEST_F(ChildProcessTest, CannotStartWhatIsNotThere) {
  const TemporaryFolder folder;
  write_file(folder / "not-a-program", "hello");
  const std::array<std::pair<std::string, std::string>, 5> cases{{
      {"quotawatch-no-such-program", "No such file or directory"},
      {folder / "none", "No such file or directory"},
      {folder / "not-a-program", "Permission denied"},
      {folder.path(), "Permission denied"},
      {"", "No such file or directory"},
  }};
  const std::size_t before = open_descriptors();
  for (const auto& [program, reason] : cases) {
    const auto child = start({program});
    EXPECT_EQ(child->failure(), reason) << program;
    child->end_group();
    EXPECT_FALSE(child->end());
  }
  loop_.turn();
  EXPECT_FALSE(heard_.end);
  EXPECT_LE(open_descriptors(), before + 2);  // libuv keeps a pair for signals
  EXPECT_TRUE(has_no_children());
}

TEST_F(ChildProcessTest, HasASessionAndDefaultSignalsOfItsOwn) {
  const auto child = shell("ps -o pid= -o pgid= -o sid= -p $$; kill -PIPE $$; exit 5");
  ASSERT_TRUE(wait_for_end());
  int process = 0;
  int group = 0;
  int session = 0;
  ASSERT_EQ(std::sscanf(heard_.output.c_str(), "%d %d %d", &process, &group, &session), 3);
  EXPECT_EQ(process, group);
  EXPECT_EQ(process, session);
  EXPECT_EQ(heard_.end->signal, SIGPIPE);
}

TEST_F(ChildProcessTest, ReportsTheEndWhileAGrandchildHoldsThePipes) {
  const auto child = shell("sleep 600 & echo $!");
  ASSERT_TRUE(wait_for_end());
  const int grandchild = std::atoi(heard_.output.c_str());
  EXPECT_TRUE(process_runs(grandchild));
  ::kill(grandchild, SIGKILL);
}

TEST_F(ChildProcessTest, AllThatWasWrittenIsHeardBeforeTheEnd) {
  for (int i = 0; i < 30; ++i) {
    std::string grandchild;
    std::size_t length = 0;
    std::optional<std::size_t> length_at_end;
    const ChildProcess child(
        loop_, {{"sh", "-c", "head -c 60000 /dev/zero; sleep 600 & echo $! >&2"}, {}, ""},
        {[&](std::string_view bytes) { length += bytes.size(); }, [&](std::string_view bytes) { grandchild += bytes; },
         [&](const ChildEnd&) { length_at_end = length; }});
    ASSERT_EQ(loop_.run_until([&] { return length_at_end.has_value(); }, long_time), EventLoop::Ended::condition);
    EXPECT_EQ(length_at_end, 60000);
    ASSERT_GT(std::atoi(grandchild.c_str()), 1);
    ::kill(std::atoi(grandchild.c_str()), SIGKILL);
  }
}

// The loop may notice the end before it has read the pipe: here the second program writes and ends
// while the loop handles the end of the first.
TEST_F(ChildProcessTest, WhatWasWrittenAtTheLastMomentIsHeardBeforeTheEnd) {
  const TemporaryFolder folder;
  const auto gone = [&](const std::string& name) {
    const std::string number = read_file(folder / name);
    return number.ends_with('\n') && !process_runs(std::stoi(number));
  };
  std::string output;
  std::optional<std::string> output_at_end;
  const ChildProcess second(
      loop_,
      {{"sh", "-c", "cd \"$0\"; until [ -e go ]; do sleep 0.01; done; echo $$ >second; echo late", folder.path()},
       {},
       ""},
      {[&](std::string_view bytes) { output += bytes; }, nullptr, [&](const ChildEnd&) { output_at_end = output; }});
  const ChildProcess first(loop_, {{"sh", "-c", "echo $$ >\"$0\"/first; echo early", folder.path()}, {}, ""},
                           {[&](std::string_view) {
                              write_file(folder / "go", "");
                              EXPECT_TRUE(eventually([&] { return gone("second"); }));
                            },
                            nullptr, nullptr});
  ASSERT_TRUE(eventually([&] { return gone("first"); }));
  loop_.run_until([&] { return output_at_end.has_value(); }, long_time);
  EXPECT_EQ(output_at_end, "late\n");
}

TEST_F(ChildProcessTest, EndsItsWholeGroup) {
  const auto child = shell("sleep 600 & echo $!; wait");
  const int grandchild = wait_for_process_number();
  ASSERT_GT(grandchild, 0);
  child->end_group();
  ASSERT_TRUE(wait_for_end());
  EXPECT_EQ(heard_.end->signal, SIGTERM);
  EXPECT_TRUE(eventually([&] { return !process_runs(grandchild); }, &loop_));
  EXPECT_TRUE(eventually([&] { return child->group_gone(); }, &loop_));
}

TEST_F(ChildProcessTest, KillsWhatDoesNotEndWithinTheGrace) {
  const auto child = shell("trap '' TERM; sh -c 'echo $$; exec sleep 600' & wait; sleep 600");
  const int grandchild = wait_for_process_number();
  const auto start = std::chrono::steady_clock::now();
  child->end_group();
  ASSERT_TRUE(wait_for_end());
  EXPECT_EQ(heard_.end->signal, SIGKILL);
  EXPECT_GE(std::chrono::steady_clock::now() - start, ChildProcess::grace - Milliseconds{20});
  EXPECT_TRUE(child->group_gone());
  EXPECT_TRUE(eventually([&] { return !process_runs(grandchild); }));
}

TEST_F(ChildProcessTest, KillsWhatOutlivesItInItsGroup) {
  const auto child = shell("sh -c 'trap \"\" TERM; echo $$; exec sleep 600' & wait");
  const int grandchild = wait_for_process_number();
  child->end_group();
  ASSERT_TRUE(wait_for_end());
  EXPECT_TRUE(process_runs(grandchild));
  EXPECT_FALSE(child->group_gone());
  EXPECT_TRUE(eventually([&] { return child->group_gone(); }, &loop_));
  EXPECT_TRUE(eventually([&] { return !process_runs(grandchild); }));
}

TEST_F(ChildProcessTest, LetsItCleanUp) {
  const auto child = shell("trap 'echo cleaned; exit 7' TERM; echo ready; sleep 600 & wait");
  loop_.run_until([this] { return heard_.output == "ready\n"; }, long_time);
  child->end_group();
  ASSERT_TRUE(wait_for_end());
  EXPECT_EQ(heard_.output, "ready\ncleaned\n");
  EXPECT_EQ(heard_.end->exit_status, 7);
}

TEST_F(ChildProcessTest, LeavesAloneWhatStaysAfterAnEndOfItsOwn) {
  auto child = shell("sleep 600 & echo $!");
  ASSERT_TRUE(wait_for_end());
  const int grandchild = std::atoi(heard_.output.c_str());
  child->end_group();
  child.reset();
  loop_.run_until([] { return false; }, Milliseconds{30});
  EXPECT_TRUE(process_runs(grandchild));
  ::kill(grandchild, SIGKILL);
}

TEST_F(ChildProcessTest, CanBeDroppedAtEveryStage) {
  const std::string script = "trap '' TERM; echo $$; sleep 600 & wait; wait";
  shell(script).reset();  // just started
  auto child = shell(script);
  loop_.turn();
  child.reset();  // no output yet
  child = shell(script);
  const int process = wait_for_process_number();
  child.reset();  // running
  child = shell(script);
  child->end_group();
  child.reset();  // ending
  child = shell("exit 0");
  ASSERT_TRUE(wait_for_end());
  child.reset();  // ended
  start({"quotawatch-no-such-program"}).reset();
  EXPECT_TRUE(eventually([&] { return !process_runs(process); }));
  EXPECT_TRUE(eventually([] { return has_no_children(); }, &loop_));
}

TEST_F(ChildProcessTest, CanBeDroppedByItsOwnHandlers) {
  for (const bool at_the_end : {false, true}) {
    bool dropped = false;
    int calls_after = 0;
    std::unique_ptr<ChildProcess> child;
    const auto drop = [&] {
      if (dropped) ++calls_after;
      child.reset();
      dropped = true;
    };
    child = std::make_unique<ChildProcess>(
        loop_, ChildProcess::Command{{"sh", "-c", "head -c 500000 /dev/zero; echo error >&2; exit"}, {}, ""},
        ChildProcess::Handlers{[&](std::string_view) { at_the_end ? void() : drop(); },
                               [&](std::string_view) { at_the_end ? void() : drop(); },
                               [&](const ChildEnd&) { drop(); }});
    ASSERT_EQ(loop_.run_until([&] { return dropped; }, long_time), EventLoop::Ended::condition);
    EXPECT_TRUE(eventually([] { return has_no_children(); }, &loop_));
    EXPECT_EQ(calls_after, 0);
  }
}

TEST(ChildProcess, TheLoopReapsWhatWasDroppedBeforeItEnded) {
  {
    EventLoop loop;
    const ChildProcess child(loop, {{"sleep", "600"}, {}, ""}, {});
  }
  EXPECT_TRUE(has_no_children());
}

TEST_F(ChildProcessTest, LeaksNoDescriptorAndInheritsNone) {
  const auto list = [this] {
    heard_ = {};
    const auto child = start({"ls", "/proc/self/fd"});
    EXPECT_TRUE(wait_for_end());
    loop_.turn();
    return heard_.output;
  };
  const std::string inherited = list();
  const std::size_t before = open_descriptors();
  const auto running = start({"sleep", "600"});
  EXPECT_TRUE(eventually([&] { return open_descriptors() == before + 2; }, &loop_));
  for (int i = 0; i < 50; ++i) EXPECT_EQ(list(), inherited);
  EXPECT_EQ(open_descriptors(), before + 2);
}

}  // namespace
}  // namespace quotawatch::os
