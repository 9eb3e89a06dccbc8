// What a service manager hears of a run, on a socket as systemd has one.
#include "os/host/service_manager.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "os/control/bound_socket.h"
#include "os/loop/file_descriptor.h"
#include "tests/os/support.h"

namespace quotawatch::os {
namespace {

using testing_support::eventually;
using testing_support::TemporaryFolder;
using testing_support::Variable;

class ServiceManagerTest : public testing::Test {
 protected:
  std::string hear() const { return hear(socket_.get()); }
  static std::string hear(int socket) {
    std::array<char, 512> buffer{};
    const ssize_t count = ::recv(socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
    return count < 0 ? "" : std::string(buffer.data(), static_cast<std::size_t>(count));
  }
  // The next message that is not empty, if there is one soon.
  std::string hear_soon() {
    std::string heard;
    eventually([&] { return !(heard = hear()).empty(); }, &loop_);
    return heard;
  }
  ServiceManager make() {
    return {loop_, [this](std::string_view line) { log_.emplace_back(line); }};
  }

  TemporaryFolder folder_;
  EventLoop loop_;
  BoundSocket socket_{folder_ / "notify", SOCK_DGRAM};
  Variable notify_{"NOTIFY_SOCKET", socket_.path().c_str()};
  Variable watchdog_{"WATCHDOG_USEC", "40000"};
  Variable process_{"WATCHDOG_PID", std::to_string(::getpid()).c_str()};
  std::vector<std::string> log_;
};

TEST_F(ServiceManagerTest, HearsOfTheBeginAReloadAndTheEnd) {
  auto manager = make();
  manager.say_ready("watches 3 sessions");
  EXPECT_EQ(hear(), "READY=1\nSTATUS=watches 3 sessions");
  manager.say_reloading();
  const std::string reloading = hear();
  ASSERT_TRUE(reloading.starts_with("RELOADING=1\nMONOTONIC_USEC=")) << reloading;
  EXPECT_GT(std::stoll(reloading.substr(reloading.rfind('=') + 1)), 0);
  manager.say_stopping();
  EXPECT_EQ(hear(), "STOPPING=1");
  EXPECT_TRUE(log_.empty());
}

TEST_F(ServiceManagerTest, HearsSignsOfLifeWhileAllIsWell) {
  bool well = true;
  auto manager = make();
  EXPECT_EQ(manager.expected_within(), Milliseconds{40});
  manager.give_signs_of_life([&] { return well; });
  EXPECT_EQ(hear_soon(), "WATCHDOG=1");
  EXPECT_EQ(hear_soon(), "WATCHDOG=1");
  well = false;
  while (!hear().empty()) continue;
  loop_.run_until([] { return false; }, Milliseconds{100});
  EXPECT_EQ(hear(), "");
}

TEST_F(ServiceManagerTest, ALoopThatDoesNotTurnGivesNone) {
  auto manager = make();
  manager.give_signs_of_life([] { return true; });
  ::usleep(100'000);
  EXPECT_EQ(hear(), "");
}

TEST_F(ServiceManagerTest, NoSignIsGivenThatIsExpectedOfAnotherProcessOrNotUnderstood) {
  for (const char* time : {"", "soon", "12x", "-5", "0", "99999999999999999999"}) {
    const Variable notify("NOTIFY_SOCKET", socket_.path().c_str());
    const Variable watchdog("WATCHDOG_USEC", time);
    EXPECT_EQ(make().expected_within(), Milliseconds{0}) << time;
  }
  const Variable notify("NOTIFY_SOCKET", socket_.path().c_str());
  const Variable watchdog("WATCHDOG_USEC", "40000");
  const Variable process("WATCHDOG_PID", "1");
  EXPECT_EQ(make().expected_within(), Milliseconds{0});
}

TEST_F(ServiceManagerTest, HooksFindNoneOfItsVariables) {
  make();
  for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) {
    EXPECT_EQ(std::getenv(name), nullptr) << name;
  }
}

TEST_F(ServiceManagerTest, WhatIsGoneIsLoggedOnceAndNothingIsWaitedFor) {
  auto manager = make();
  socket_.remove();
  manager.say_ready("x");
  manager.say_stopping();
  ASSERT_EQ(log_.size(), 1U);
  EXPECT_NE(log_.front().find("cannot notify the service manager"), std::string::npos);
}

TEST_F(ServiceManagerTest, ANameWithoutAFileIsReached) {
  const std::string name = "@quotawatch-test-" + std::to_string(::getpid());
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  name.copy(address.sun_path + 1, name.size() - 1, 1);
  const FileDescriptor listener(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), size), 0);
  const Variable notify("NOTIFY_SOCKET", name.c_str());
  make().say_stopping();
  EXPECT_EQ(hear(listener.get()), "STOPPING=1");
  EXPECT_TRUE(log_.empty());
}

TEST(NoServiceManagerTest, HearsNothing) {
  const Variable notify("NOTIFY_SOCKET", nullptr);
  const Variable watchdog("WATCHDOG_USEC", "40000");
  EventLoop loop;
  std::vector<std::string> log;
  ServiceManager manager(loop, [&](std::string_view line) { log.emplace_back(line); });
  manager.say_ready("x");
  EXPECT_EQ(manager.expected_within(), Milliseconds{0});
  EXPECT_TRUE(log.empty());
}

}  // namespace
}  // namespace quotawatch::os
