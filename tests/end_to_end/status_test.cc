// `quotawatch status` with monitors that run, hang, were killed or have ended; and hostile clients
// of its socket, which cannot affect a run.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
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

constexpr Milliseconds long_enough{10'000};

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
  ASSERT_TRUE(program->wait_for_end(long_enough));
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
  ASSERT_TRUE(program->wait_for_end(long_enough));
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
  const auto end = program->wait_for_end(long_enough);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_status, 0);
}

TEST_F(StatusTest, WatchGoesOnUntilItIsEnded) {
  const auto program = run_to_the_switch();
  const auto watch_to_the_end = [&](std::size_t objects) {
    RunningProgram watch({"status", "--config", fleet_.config_path(), "--json", "--watch", "--interval", "100ms"});
    EXPECT_TRUE(eventually([&] { return watch.journal().size() >= objects; }, &watch.loop()));
    watch.signal(SIGINT);
    const auto end = watch.wait_for_end(long_enough);
    return end ? end->exit_status : -1;
  };
  EXPECT_EQ(watch_to_the_end(3), 0);
  program->signal(SIGTERM);
  ASSERT_TRUE(program->wait_for_end(long_enough));
  EXPECT_EQ(watch_to_the_end(2), 1) << "the exit code says what was seen last";
}

// `status --watch` on a terminal of eight rows, ended by Ctrl-C after three redraws.
struct TerminalResult {
  std::string output;
  int exit_status = -1;
};
TerminalResult watch_on_terminal(const std::string& config) {
  int terminal = -1;
  const winsize size{8, 70, 0, 0};
  const std::string program = binary_path();
  const pid_t child = ::forkpty(&terminal, nullptr, nullptr, &size);
  if (child == 0) {
    ::execl(program.c_str(), "quotawatch", "status", "--config", config.c_str(), "--watch", "--interval", "100ms",
            nullptr);
    ::_exit(127);
  }
  const os::FileDescriptor owned(terminal);
  TerminalResult result;
  std::array<char, 4096> buffer;
  bool ended = false;
  for (pollfd wanted{terminal, POLLIN, 0}; ::poll(&wanted, 1, 10'000) > 0;) {
    const ssize_t count = ::read(terminal, buffer.data(), buffer.size());
    if (count <= 0) break;  // the other side is closed
    result.output.append(buffer.data(), static_cast<std::size_t>(count));
    const std::string_view home = "\x1b[H";
    std::size_t drawn = 0;
    for (auto at = result.output.find(home); at != std::string::npos; at = result.output.find(home, at + 1)) {
      ++drawn;
    }
    if (drawn >= 3 && !std::exchange(ended, true)) {
      EXPECT_EQ(::write(terminal, "\x03", 1), 1);
    }
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  result.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return result;
}

TEST_F(StatusTest, WatchRedrawsInPlaceAndGivesTheTerminalBack) {
  const auto program = run_to_the_switch();
  const auto seen = watch_on_terminal(fleet_.config_path());
  EXPECT_EQ(seen.exit_status, 0);
  EXPECT_TRUE(seen.output.starts_with("\x1b[?1049h\x1b[?25l\x1b[H"));
  EXPECT_TRUE(seen.output.ends_with("\x1b[?25h\x1b[?1049l"));
  EXPECT_TRUE(has(seen.output, "\x1b[32mruns\x1b[0m"));
  // One redraw: as many lines as the terminal has rows, and the rest counted.
  const auto first = seen.output.find("\x1b[H");
  const auto drawing = seen.output.substr(first, seen.output.find("\x1b[H", first + 1) - first);
  EXPECT_EQ(split_lines(drawing).size(), 8U);
  EXPECT_TRUE(drawing.ends_with("\n… 9 more\x1b[K\x1b[J")) << drawing;
}

TEST_F(StatusTest, ATerminalThatWantsNoColourGetsNone) {
  const auto program = run_to_the_switch();
  const os::testing_support::Variable no_colour("NO_COLOR", "1");
  EXPECT_TRUE(has(watch_on_terminal(fleet_.config_path()).output, "monitor      runs for "));
}

}  // namespace
}  // namespace quotawatch::testing_support
