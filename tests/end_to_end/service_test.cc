// A run as a service: what systemd hears of it, on a socket of the test's.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>

#include <array>
#include <filesystem>
#include <string>

#include "base/environment.h"
#include "os/control/bound_socket.h"
#include "tests/end_to_end/fleet.h"
#include "tests/end_to_end/program.h"

namespace quotawatch::testing_support {
namespace {

using os::testing_support::eventually;
using os::testing_support::Variable;
using os::testing_support::write_script;

class ServiceTest : public testing::Test {
 protected:
  ServiceTest() { fleet_.show("main", "calm\n"); }

  // Empty if nothing has been said.
  std::string hear() const {
    std::array<char, 512> buffer{};
    const ssize_t count = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    return count < 0 ? "" : std::string(buffer.data(), static_cast<std::size_t>(count));
  }
  // True once something was said that begins so.
  bool hears(const std::string& begin, RunningProgram& program) {
    return eventually(
        [&] {
          const std::string heard = hear();
          return !heard.empty() && heard.starts_with(begin);
        },
        &program.loop());
  }

  Fleet fleet_;
  os::BoundSocket socket_{fleet_.path("notify"), SOCK_DGRAM};
  Variable notify_{"NOTIFY_SOCKET", socket_.path().c_str()};
  Variable watchdog_{"WATCHDOG_USEC", "400000"};
};

TEST_F(ServiceTest, ItsManagerHearsWhenItIsReadyLivesReloadsAndStops) {
  RunningProgram program(fleet_.run_arguments());
  EXPECT_TRUE(hears("READY=1\nSTATUS=watches 3 sessions", program));
  EXPECT_TRUE(hears("WATCHDOG=1", program));
  program.signal(SIGHUP);
  EXPECT_TRUE(hears("RELOADING=1\nMONOTONIC_USEC=", program));
  EXPECT_TRUE(hears("READY=1", program));
  EXPECT_TRUE(hears("WATCHDOG=1", program));
  program.signal(SIGTERM);
  EXPECT_TRUE(hears("STOPPING=1", program));
  EXPECT_TRUE(program.wait_for_end(os::testing_support::long_time));
}

// The loop turns all the time, but the poll does not end: tmux does not answer, and may take its time.
TEST_F(ServiceTest, AMonitorWhosePollDoesNotEndGivesNoSignOfLife) {
  std::filesystem::create_directory(fleet_.path("bin"));
  const std::string asked = fleet_.path("asked");  // once, at the start, for sessions that do not exist
  write_script(fleet_.path("bin/tmux"), "[ ! -e '" + asked + "' ] || exec sleep 600\n: > '" + asked + "'; exit 1\n");
  const Variable path("PATH", (fleet_.path("bin") + ":" + environment_variable("PATH")).c_str());
  fleet_.config()["tmux"]["timeout"] = "10m";
  RunningProgram program(fleet_.run_arguments());
  EXPECT_TRUE(hears("READY=1", program));
  const auto a_second = [&](RunningProgram& running) { running.loop().run_until([] { return false; }, one_second); };
  a_second(program);
  while (!hear().empty()) continue;
  a_second(program);
  EXPECT_EQ(hear(), "");
}

TEST_F(ServiceTest, TheHookKnowsNothingOfTheManager) {
  fleet_.set_hook("env > '" + fleet_.path("environment") + "'");
  fleet_.show("main", dated_banner);
  const auto result = run_quotawatch(fleet_.run_arguments({"--once"}));
  EXPECT_EQ(result.exit_status, 0) << result.error_output;
  const std::string environment = os::testing_support::read_file(fleet_.path("environment"));
  EXPECT_TRUE(has(environment, "QUOTAWATCH_TO=b"));
  EXPECT_EQ(environment.find("NOTIFY_SOCKET"), std::string::npos);
  EXPECT_EQ(environment.find("WATCHDOG_"), std::string::npos);
}

}  // namespace
}  // namespace quotawatch::testing_support
