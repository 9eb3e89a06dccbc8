// `quotawatch status` with monitors that run, hang, were killed or have ended; and hostile clients
// of its socket, which cannot affect a run.
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "os/control/socket_address.h"
#include "quotawatch/time.h"
#include "tests/end_to_end/fleet.h"
#include "tests/end_to_end/program.h"

namespace quotawatch::testing_support {
namespace {

using os::testing_support::eventually;
using os::testing_support::file_exists;
using os::testing_support::read_file;
using os::testing_support::write_file;

class StatusTest : public testing::Test {
 protected:
  StatusTest() {
    for (const char* session : {"ccl-auto-1", "main"}) fleet_.show(session, dated_banner);
  }

  os::testing_support::ProgramResult status(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"status", "--config", fleet_.write_config()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_quotawatch(std::move(arguments));
  }

  nlohmann::json status_json() {
    const auto result = status({"--json"});
    EXPECT_TRUE(result.exit_status == 0 || result.exit_status == 1) << result.error_output;
    return nlohmann::json::parse(result.output);
  }

  // A run that has switched from a to b.
  std::unique_ptr<RunningProgram> run_to_the_switch() {
    auto program = std::make_unique<RunningProgram>(fleet_.run_arguments());
    EXPECT_TRUE(program->wait_for("switch_done")) << program->messages();
    return program;
  }

  std::string socket() const { return fleet_.state_path() + ".socket"; }

  Fleet fleet_;
};

// Root queries as the owner of the config, who trusts no other user.
TEST_F(StatusTest, RootMayAskAUsersMonitor) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can act as another user";
  constexpr uid_t other_user = 65534;
  const auto run = fleet_.run_arguments();
  const std::string folder = std::filesystem::path(fleet_.config_path()).parent_path();
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    ASSERT_EQ(::lchown(entry.path().c_str(), other_user, other_user), 0);
  }
  ASSERT_EQ(::chown(folder.c_str(), other_user, other_user), 0);
  const auto number = std::to_string(other_user);
  std::vector<std::string> command{"setpriv", "--reuid", number, "--regid", number, "--clear-groups", binary_path()};
  command.insert(command.end(), run.begin(), run.end());
  os::EventLoop loop;
  auto monitor = std::make_unique<os::ChildProcess>(loop, os::ChildProcess::Command{command, {}, ""},
                                                    os::ChildProcess::Handlers{});
  ASSERT_TRUE(eventually([&] { return file_exists(socket()); }, &loop));

  const std::vector<std::string> ask{"status", "--json", "--config", fleet_.config_path()};
  auto result = run_quotawatch(ask);
  EXPECT_EQ(result.exit_status, 0) << result.error_output;
  EXPECT_EQ(nlohmann::json::parse(result.output)["source"], "monitor");
  // It has no tmux server, so there is nothing to record; but the answer is the monitor's own.
  result = run_quotawatch({"record", "--from-run", "--config", fleet_.config_path(), "-o", "-"});
  EXPECT_NE(result.error_output.find("the monitor: recording: nothing is recorded yet"), std::string::npos)
      << result.error_output;

  monitor.reset();
  ASSERT_TRUE(eventually([&] { return run_quotawatch(ask).exit_status == 1; }));
  EXPECT_EQ(nlohmann::json::parse(run_quotawatch(ask).output)["source"], "state");
  std::filesystem::permissions(folder, std::filesystem::perms{0777});
  result = run_quotawatch(ask);
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_NE(result.error_output.find("can be written by everybody"), std::string::npos) << result.error_output;
}

TEST_F(StatusTest, ShowsARunningMonitorAfterASwitch) {
  const auto program = run_to_the_switch();
  const auto shown = status();
  EXPECT_EQ(shown.exit_status, 0);
  EXPECT_EQ(shown.error_output, "");
  EXPECT_TRUE(has(shown.output, "monitor      runs for "));
  EXPECT_TRUE(has(shown.output, "accounts     a  limited until "));
  EXPECT_TRUE(has(shown.output, "\n             b  active\n"));
  EXPECT_TRUE(has(shown.output, "\ncooldown     9m"));
  EXPECT_TRUE(has(shown.output, "\nlast switch  a -> b at "));
  EXPECT_TRUE(has(shown.output, "\nmain        exhausted "));
  EXPECT_TRUE(has(shown.output, "\nno session   ccl-auto-2\n"));
  EXPECT_EQ(shown.output.find('\x1b'), std::string::npos) << "no colour but on a terminal";

  const auto json = status_json();
  EXPECT_EQ(json["source"], "monitor");
  EXPECT_EQ(json["active_account"], "b");
  EXPECT_EQ(json["accounts"][0]["limited_until"], fleet_.requests()[0]["reset_at"]);
  EXPECT_EQ(json["monitor"]["dry_run"], false);
  EXPECT_EQ(json["last_switch"]["id"], fleet_.requests()[0]["id"]);
  EXPECT_EQ(json["sessions"][0]["verdict"], "exhausted");
  EXPECT_EQ(json["sessions"][0]["rule"], "hit-your-limit");
  EXPECT_EQ(json["tmux"]["up"], true);
  // Two clocks, each read in whole milliseconds.
  const auto wall = [](const nlohmann::json& time) { return *parse_wall(time.get_ref<const std::string&>()); };
  const auto cooldown = wall(json["cooldown_until"]) - wall(json["last_switch"]["done_at"]);
  EXPECT_NEAR(static_cast<double>(cooldown.count()), 600'000, 20);
}

TEST_F(StatusTest, ShowsASwitchThatIsUnderWay) {
  fleet_.set_hook("sleep 100");
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("skip")) << program.messages();
  ASSERT_TRUE(eventually([this] { return fleet_.requests().size() == 1; }, &program.loop()));
  const auto json = status_json();
  EXPECT_EQ(json["in_flight"]["id"], fleet_.requests()[0]["id"]);
  EXPECT_FALSE(json.contains("last_switch"));
}

TEST_F(StatusTest, AfterTheEndShowsWhatIsSaved) {
  auto program = run_to_the_switch();
  struct stat made {};
  ASSERT_EQ(::lstat(socket().c_str(), &made), 0);
  EXPECT_EQ(made.st_mode, S_IFSOCK | 0600U);
  program->signal(SIGTERM);
  ASSERT_TRUE(program->wait_for_end());
  EXPECT_FALSE(file_exists(socket()));
  const auto shown = status();
  EXPECT_EQ(shown.exit_status, 1);
  EXPECT_TRUE(
      shown.output.starts_with("monitor      none runs\n"
                               "             all below is from the saved state\n"));
  EXPECT_TRUE(has(shown.output, "\n             b  active\n"));
  EXPECT_TRUE(has(shown.output, "\ncooldown     9m"));
  EXPECT_TRUE(has(shown.output, "\n2 of 3 sessions showed a limit when last seen:\n"));
  const auto json = status_json();
  EXPECT_EQ(json["source"], "state");
  EXPECT_EQ(json["monitor"], (nlohmann::json{{"running", false}, {"answers", false}}));
  EXPECT_EQ(json["last_switch"]["to"], "b");
}

TEST_F(StatusTest, AKilledMonitorsSocketIsNoMonitorAndIsReplaced) {
  auto program = run_to_the_switch();
  program->signal(SIGKILL);
  ASSERT_TRUE(program->wait_for_end());
  ASSERT_TRUE(file_exists(socket()));
  EXPECT_EQ(status().exit_status, 1);
  EXPECT_EQ(status_json()["monitor"]["running"], false);
  const RunningProgram again(fleet_.run_arguments());
  EXPECT_TRUE(eventually([this] { return status().exit_status == 0; }));
}

TEST_F(StatusTest, AMonitorThatHangsIsSaidToHang) {
  const auto program = run_to_the_switch();
  const int process = status_json()["monitor"]["process"];
  program->signal(SIGSTOP);
  const auto shown = status();
  EXPECT_EQ(shown.exit_status, 1);
  EXPECT_TRUE(
      shown.output.starts_with("monitor      process " + std::to_string(process) + " runs and does not answer\n"))
      << shown.output;
  EXPECT_TRUE(has(shown.output, "\nlast switch  a -> b at "));
  program->signal(SIGCONT);
  EXPECT_TRUE(eventually([this] { return status().exit_status == 0; }));
}

TEST_F(StatusTest, BadInputIsRefused) {
  EXPECT_EQ(run_quotawatch({"status", "--config", fleet_.path("none.json")}).exit_status, 2);
  EXPECT_EQ(run_quotawatch({"status", "--config", ""}).exit_status, 2);
  EXPECT_EQ(status({"--interval", "1s"}).exit_status, 2) << "without --watch it says nothing";
  EXPECT_EQ(status({"--watch", "--interval", "soon"}).exit_status, 2);
  EXPECT_EQ(status({"--watch", "--interval", "99ms"}).exit_status, 2);
  write_file(fleet_.state_path(), "{");
  const auto damaged = status();
  EXPECT_EQ(damaged.exit_status, 2);
  EXPECT_TRUE(has(damaged.error_output, "the saved state is damaged"));
  EXPECT_EQ(damaged.output, "");
}

TEST_F(StatusTest, ADamagedStateIsSaidAndTheOneBeforeItShown) {
  run_to_the_switch()->signal(SIGTERM);
  write_file(fleet_.state_path(), "{");
  const auto shown = status();
  EXPECT_EQ(shown.exit_status, 1);
  EXPECT_TRUE(has(shown.output, "\nnote         the state "));
  EXPECT_EQ(read_file(fleet_.state_path()), "{") << "looking changes nothing";
}

TEST_F(StatusTest, WithoutAConfigItTakesTheOneInTheFolder) {
  std::filesystem::create_directory(fleet_.path("empty"));
  const auto in = [](const std::string& folder) {
    return os::testing_support::run_program({"sh", "-c", "cd \"$1\" && exec \"$2\" status", "sh", folder,
                                             std::filesystem::absolute(binary_path()).string()});
  };
  const auto none = in(fleet_.path("empty"));
  EXPECT_EQ(none.exit_status, 2);
  EXPECT_TRUE(has(none.error_output, "give --config FILE"));
  write_file(fleet_.path("empty/quotawatch.json"), fleet_.config().dump());
  EXPECT_EQ(in(fleet_.path("empty")).exit_status, 1);
}

TEST_F(StatusTest, ARunThatCarriesNothingOutSaysSo) {
  fleet_.config().erase("switch");
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for("switch")) << program.messages();
  EXPECT_EQ(status_json()["monitor"]["dry_run"], true);
  EXPECT_TRUE(has(status().output, "carries no switch out"));
}

// It does not hold the state's lock: another monitor may.
TEST_F(StatusTest, ADryRunMakesNoSocket) {
  RunningProgram program(fleet_.run_arguments({"--dry-run"}));
  ASSERT_TRUE(program.wait_for("switch")) << program.messages();
  EXPECT_FALSE(file_exists(socket()));
  EXPECT_EQ(status().exit_status, 1);
}

TEST_F(StatusTest, ARunThatCanMakeNoSocketGoesOn) {
  write_file(socket(), "in the way");
  const auto program = run_to_the_switch();
  EXPECT_TRUE(has(program->messages(), "is no socket; move it away"));
  EXPECT_TRUE(has(program->messages(), "`quotawatch status` will not see this run"));
  EXPECT_EQ(read_file(socket()), "in the way");
  EXPECT_EQ(status().exit_status, 1);
}

// A client that sends `text`, if any, and then neither reads nor closes.
os::FileDescriptor bother(const std::string& path, std::string_view text) {
  os::FileDescriptor client(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0));
  const os::SocketAddress address(path);
  ::connect(client.get(), address.get(), os::SocketAddress::size);
  static_cast<void>(::send(client.get(), text.data(), text.size(), MSG_NOSIGNAL));
  return client;
}

TEST_F(StatusTest, HostileClientsHoldNothingUp) {
  const auto program = run_to_the_switch();
  ASSERT_TRUE(program->wait_for("skip"));
  const auto skips = [&] {
    std::size_t count = 0;
    for (const auto& line : program->journal()) count += line["event"] == "skip" ? 1U : 0U;
    return count;
  };
  const std::string megabyte(1'000'000, 'x');
  std::vector<os::FileDescriptor> clients;
  for (int round = 0; round < 20; ++round) {
    for (const std::string_view text :
         {std::string_view(), std::string_view("{\"ask\": \"status\""), std::string_view("{\"ask\": \"status\"}\n"),
          std::string_view("\0\xff\x1b[2J%n\n", 9), std::string_view(megabyte)}) {
      clients.push_back(bother(socket(), text));
    }
  }
  EXPECT_TRUE(program->wait_for("skip", skips() + 10)) << "it goes on polling";
  clients.clear();
  EXPECT_TRUE(eventually([this] { return status().exit_status == 0; }));
  program->signal(SIGTERM);
  const auto end = program->wait_for_end();
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_status, 0);
}

TEST_F(StatusTest, WatchGoesOnUntilItIsEnded) {
  const auto program = run_to_the_switch();
  const auto watch_to_the_end = [&](std::size_t objects) {
    RunningProgram watch({"status", "--config", fleet_.config_path(), "--json", "--watch", "--interval", "100ms"});
    EXPECT_TRUE(eventually([&] { return watch.journal().size() >= objects; }, &watch.loop()));
    watch.signal(SIGINT);
    const auto end = watch.wait_for_end();
    return end ? end->exit_status : -1;
  };
  EXPECT_EQ(watch_to_the_end(3), 0);
  program->signal(SIGTERM);
  ASSERT_TRUE(program->wait_for_end());
  EXPECT_EQ(watch_to_the_end(2), 1) << "the exit code says what was seen last";
}

// `status --watch` in a window of the private tmux server, in which it is typed.
class LiveStatusTest : public StatusTest {
 protected:
  // `variables`: "NO_COLOR=1".
  void watch(const std::string& variables = "") {
    fleet_.tmux().run(
        {"new-session", "-d", "-s", "view", "-x", "80", "-y", "24",
         fmt::format("env {} '{}' status --config '{}' --watch --interval 100ms; echo ended with $?; "
                     "exec sleep 600",
                     variables, std::filesystem::absolute(binary_path()).string(), fleet_.config_path())});
  }
  void type(const std::string& key) { fleet_.tmux().run({"send-keys", "-t", "=view:", key}); }
  std::string screen() { return fleet_.tmux().run({"capture-pane", "-p", "-t", "=view:"}); }
  std::string coloured() { return fleet_.tmux().run({"capture-pane", "-p", "-e", "-t", "=view:"}); }
  testing::AssertionResult shows(const std::string& part) {
    return eventually([&] { return screen().find(part) != std::string::npos; }) ? testing::AssertionSuccess()
                                                                                : has(screen(), part);
  }
};

TEST_F(LiveStatusTest, KeysLookPauseAskAndLeave) {
  fleet_.config()["journal"] = {{"path", "journal.jsonl"}};
  fleet_.config()["resume"] = {{"how", "type"}, {"text", "go on"}};
  RunningProgram program(fleet_.run_arguments());
  ASSERT_TRUE(program.wait_for_message("switch_done")) << program.messages();
  watch();
  EXPECT_TRUE(shows("monitor      runs for "));
  EXPECT_TRUE(shows("\nmain        exhausted "));
  EXPECT_TRUE(shows("  switch_done "));
  EXPECT_TRUE(has(coloured(), "\x1b[32m")) << "the palette's green";
  type("?");
  EXPECT_TRUE(shows("this help"));
  type("?");
  type("p");
  EXPECT_TRUE(shows("paused until it is ended"));
  EXPECT_EQ(status_json()["monitor"]["paused"], true);
  type("p");
  EXPECT_TRUE(shows("the pause has ended"));
  EXPECT_FALSE(status_json()["monitor"].contains("paused"));
  type("r");
  EXPECT_TRUE(shows("Ask ccl-auto-1 to go on? y: yes"));
  type("n");
  EXPECT_TRUE(shows("nothing was asked"));
  type("Down");
  type("r");
  EXPECT_TRUE(shows("Ask main to go on? y: yes"));
  type("y");
  EXPECT_TRUE(shows("\"main\" is asked to go on"));
  type("q");
  EXPECT_TRUE(shows("ended with 0\n"));
  EXPECT_FALSE(has(screen(), "SESSION")) << "the terminal is given back";
}

TEST_F(LiveStatusTest, FollowsTheSizeOfItsTerminalAndLeavesOnCtrlC) {
  const auto program = run_to_the_switch();
  watch("NO_COLOR=1");
  EXPECT_TRUE(shows("q quit"));
  EXPECT_FALSE(has(coloured(), "\x1b[32m"));
  fleet_.tmux().run({"resize-window", "-t", "=view:", "-x", "100", "-y", "40"});
  EXPECT_TRUE(eventually([this] {
    const std::string all = screen();
    const auto lines = split_lines(all);
    return lines.size() >= 40 && lines[39].find("q quit") != std::string::npos;
  })) << screen();
  type("C-c");
  EXPECT_TRUE(shows("ended with 0\n"));
}

TEST_F(LiveStatusTest, ATerminalThatCanDoNothingGetsTextAlone) {
  const auto program = run_to_the_switch();
  watch("TERM=dumb");
  EXPECT_TRUE(shows("monitor      runs for "));
  EXPECT_FALSE(has(coloured(), "\x1b["));
  type("C-c");
  EXPECT_TRUE(shows("ended with 0\n"));
}

}  // namespace
}  // namespace quotawatch::testing_support
