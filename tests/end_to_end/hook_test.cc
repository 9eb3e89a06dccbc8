// `quotawatch hook`, as Claude Code's hook StopFailure runs it: heard by a monitor that runs, and never in the way.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "os/control/socket_address.h"
#include "os/loop/file_descriptor.h"
#include "tests/end_to_end/fleet.h"
#include "tests/end_to_end/program.h"

namespace quotawatch::testing_support {
namespace {

using os::testing_support::run_program;
using os::testing_support::Variable;
using os::testing_support::write_file;

// A refusal in words that no rule knows.
std::string strange_refusal() {
  std::string rule;
  for (int i = 0; i < 100; ++i) rule += "─";
  return "❯ go on\n  ⎿  No more for today, come back after dinner\n\n✻ Cooked for 3s\n\n" + rule + "\n❯\u00a0\n" +
         rule + "\n  ⏵⏵ bypass permissions on (shift+tab to cycle)\n";
}

std::string stop_failure(const std::string& error) {
  return nlohmann::json{{"session_id", "a70db2c2-72fb-4342-a87f-c595a12642a7"},
                        {"transcript_path", "/nowhere/x.jsonl"},
                        {"cwd", "/nowhere"},
                        {"hook_event_name", "StopFailure"},
                        {"error", error},
                        {"last_assistant_message", "my secret"}}
      .dump();
}

class HookTest : public testing::Test {
 protected:
  HookTest() {
    fleet_.config()["pack"] = "auto";
    fleet_.config()["pool"] = {{"dedicated", {{{"name", "main"}}}}};
    fleet_.config()["witness"] = {"claude-code"};
    fleet_.write_config();
  }

  // Runs it as a hook in the session's pane.
  void run_hook_in(const std::string& session, const std::string& input) {
    const auto id = fleet_.tmux().run({"display-message", "-p", "-t", "=" + session + ":", "#{pane_id}"});
    const Variable pane("TMUX_PANE", id.substr(0, id.find('\n')).c_str());
    const Variable server("TMUX", ("/tmp/tmux-1000/" + fleet_.tmux().socket_name() + ",312,0").c_str());
    expect_silent(run_quotawatch(arguments(), input));
  }
  std::vector<std::string> arguments() const { return {"hook", "--config", fleet_.config_path()}; }

  static void expect_silent(const os::testing_support::ProgramResult& result) {
    EXPECT_TRUE(result.ended);
    EXPECT_EQ(result.exit_status, 0);
    EXPECT_EQ(result.output + result.error_output, "");
  }

  Fleet fleet_;
};

TEST_F(HookTest, ARefusalInUnknownWordsSwitchesAfterTwoLooks) {
  fleet_.show("main", strange_refusal());
  RunningProgram monitor(fleet_.run_arguments());
  ASSERT_TRUE(monitor.wait_for("verdict")) << monitor.messages();
  run_hook_in("main", stop_failure("server_error"));
  run_hook_in("main", stop_failure("rate_limit"));
  EXPECT_TRUE(monitor.wait_for("switch_done")) << monitor.messages();
  EXPECT_EQ(decisions_of(monitor.journal()).front(), "suspect -> main");
  std::string all;
  for (const auto& line : monitor.journal()) all += line.dump();
  EXPECT_TRUE(has(all, R"("rule":"witness")"));
  EXPECT_EQ(all.find("secret"), std::string::npos);
}

TEST_F(HookTest, WhatIsNoHooksWordChangesNothing) {
  fleet_.show("main", strange_refusal());
  RunningProgram monitor(fleet_.run_arguments());
  ASSERT_TRUE(monitor.wait_for("verdict")) << monitor.messages();
  for (const std::string& input : {std::string(), std::string("{"), std::string("\xff\0\x1b]0;x\a", 8),
                                   stop_failure("server_error"), stop_failure("\u001b[2J")}) {
    run_hook_in("main", input);
  }
  const os::SocketAddress address(fleet_.state_path() + ".hook");
  const os::FileDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM, 0));
  for (const std::string& text : {std::string("{"), std::string(5000, '['), std::string("\xff\0", 2), std::string()}) {
    EXPECT_GE(::sendto(socket.get(), text.data(), text.size(), 0, address.get(), os::SocketAddress::size), 0);
  }
  monitor.loop().run_until([] { return false; }, one_second);
  EXPECT_TRUE(decisions_of(monitor.journal()).empty());
  EXPECT_EQ(monitor.messages().find("\x1b"), std::string::npos);
}

TEST_F(HookTest, EndsAtOnceWhateverItMeets) {
  const auto ends_silently = [&](const std::string& what, const std::string& input) {
    SCOPED_TRACE(what);
    expect_silent(run_quotawatch(arguments(), input));
  };
  ends_silently("no monitor", stop_failure("rate_limit"));
  ends_silently("much", stop_failure("rate_limit") + std::string(20'000'000, 'x'));
  ends_silently("deep", std::string(10'000'000, '['));
  {
    const Variable home("HOME", nullptr);
    const Variable pane("TMUX_PANE", nullptr);
    ends_silently("no HOME", stop_failure("rate_limit"));
  }
  write_file(fleet_.config_path(), "{");
  ends_silently("a bad config", stop_failure("rate_limit"));
  std::filesystem::remove(fleet_.config_path());
  ends_silently("no config", stop_failure("rate_limit"));
  ASSERT_EQ(::mkfifo(fleet_.config_path().c_str(), 0600), 0);
  ends_silently("a pipe for a config", stop_failure("rate_limit"));
  const auto begin = std::chrono::steady_clock::now();
  const std::string silent = fleet_.path("silent");
  ASSERT_EQ(::mkfifo(silent.c_str(), 0600), 0);
  expect_silent(run_program({"sh", "-c", "exec \"$0\" hook 0<>\"$1\"", binary_path(), silent}));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{10})
      << "who writes nothing is not waited for";
  expect_silent(run_program({"sh", "-c", "exec <&- \"$0\" hook", binary_path()}));
}

TEST_F(HookTest, AMonitorThatDoesNotListenIsNotWaitedFor) {
  const os::SocketAddress address(fleet_.state_path() + ".hook");
  const os::FileDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM, 0));
  ASSERT_EQ(::bind(socket.get(), address.get(), os::SocketAddress::size), 0);
  for (int i = 0; i < 30; ++i) expect_silent(run_quotawatch(arguments(), stop_failure("rate_limit")));
}

// Promised are 5 ms; the shell that starts it is measured with it, and the machine may be busy.
TEST_F(HookTest, IsQuick) {
  RunningProgram monitor(fleet_.run_arguments());
  ASSERT_TRUE(monitor.wait_for_message("watch"));
  const auto quickest = [&](std::vector<std::string> command, const std::string& input) {
    auto least = std::chrono::steady_clock::duration::max();
    for (int i = 0; i < 30; ++i) {
      const auto begin = std::chrono::steady_clock::now();
      run_program(command, input);
      least = std::min(least, std::chrono::steady_clock::now() - begin);
    }
    return least;
  };
  const auto hook = quickest({binary_path(), "hook", "--config", fleet_.config_path()}, stop_failure("rate_limit"));
  const auto nothing = quickest({"true"}, "");
  EXPECT_LT(hook - nothing, std::chrono::milliseconds{10});
}

}  // namespace
}  // namespace quotawatch::testing_support
