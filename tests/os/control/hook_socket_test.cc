// The socket for hooks: private, never waited on by who sends, and not to be flooded.
#include "os/control/hook_socket.h"

#include <chrono>
#include <vector>

#include "private_socket_scene.h"

namespace quotawatch::os {
namespace {

class HookSocketTest : public testing::Test {
 protected:
  std::unique_ptr<HookSocket> make() {
    return std::make_unique<HookSocket>(loop_, path_, [this](std::string_view text) { heard_.emplace_back(text); });
  }
  bool hears(std::size_t count) {
    return eventually([&] { return heard_.size() == count; }, &loop_);
  }

  TemporaryFolder folder_;
  EventLoop loop_;
  std::string path_ = folder_ / "state.json.hook";
  std::vector<std::string> heard_;
};

TEST_F(HookSocketTest, HearsEachMessageAsItWasSent) {
  const auto socket = make();
  const std::string longest(HookSocket::longest_message, 'x');
  for (const std::string& message : {std::string("one"), std::string("t\0o", 3), longest}) {
    EXPECT_TRUE(send_to_monitor(path_, message));
  }
  EXPECT_TRUE(hears(3));
  EXPECT_EQ(heard_, (std::vector<std::string>{"one", std::string("t\0o", 3), longest}));
}

TEST_F(HookSocketTest, AMessageThatIsTooLongIsDropped) {
  const auto socket = make();
  send_to_monitor(path_, std::string(HookSocket::longest_message + 1, 'x'));
  EXPECT_TRUE(send_to_monitor(path_, "short"));
  EXPECT_TRUE(hears(1));
  EXPECT_EQ(heard_.front(), "short");
}

TEST_F(HookSocketTest, OnlyItsUserMayUseItWhateverTheUmask) {
  expect_own_user_only(path_, [&] { return make(); });
  EXPECT_FALSE(file_exists(path_)) << "gone at the end";
}

TEST_F(HookSocketTest, ADeadMonitorsSocketIsReplacedAndAnotherFileIsNot) {
  leave_socket(path_);
  EXPECT_FALSE(send_to_monitor(path_, "nobody listens"));
  make();
  write_file(path_, "mine");
  EXPECT_THROW(make(), InputError);
  EXPECT_EQ(testing_support::read_file(path_), "mine");
  EXPECT_FALSE(send_to_monitor(path_, "this is no socket"));
  EXPECT_FALSE(send_to_monitor(folder_ / "none", "there is none"));
}

TEST_F(HookSocketTest, NobodyIsWaitedForWhoeverFloodsIt) {
  const auto socket = make();
  int sent = 0;
  const auto begin = std::chrono::steady_clock::now();
  while (sent < 100'000 && send_to_monitor(path_, std::string(4096, 'x'))) ++sent;
  EXPECT_LT(sent, 100'000) << "it is full";
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds{5});
  loop_.turn();
  EXPECT_LE(heard_.size(), static_cast<std::size_t>(HookSocket::most_at_once));
  EXPECT_TRUE(hears(static_cast<std::size_t>(sent)));
  EXPECT_TRUE(send_to_monitor(path_, "there is room again"));
}

TEST_F(HookSocketTest, LeavesNothingOpen) {
  const std::size_t open_before = testing_support::open_descriptors();
  {
    EventLoop loop;
    HookSocket socket(loop, path_, [](std::string_view /*text*/) {});
    send_to_monitor(path_, "unread");
  }
  EXPECT_EQ(testing_support::open_descriptors(), open_before);
}

}  // namespace
}  // namespace quotawatch::os
