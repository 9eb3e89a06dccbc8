// ask_monitor(): never waits longer than its timeout, and accepts only complete replies from
// trusted sockets and processes.
#include "os/control/monitor_query.h"

#include <signal.h>
#include <sys/wait.h>

#include <thread>

#include "private_socket_scene.h"

namespace quotawatch::os {
namespace {

TEST_F(PrivateSocketTest, AMonitorThatDoesNotReplyTimesOut) {
  const auto socket = make();  // its loop does not turn
  const auto start = std::chrono::steady_clock::now();
  const auto reply = ask_monitor(path_, R"({"ask": "echo"})", std::chrono::milliseconds{200});
  EXPECT_EQ(reply.outcome, Outcome::silent);
  EXPECT_EQ(reply.process, ::getpid()) << "but it is known who it is";
  // The loop counts in whole milliseconds.
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds{199});

  // Also not if the listen backlog is full.
  std::vector<std::future<MonitorReply>> replies;
  for (int i = 0; i < 30; ++i) {
    replies.push_back(std::async(std::launch::async, [this] {
      return ask_monitor(path_, R"({"ask": "echo"})", std::chrono::milliseconds{300});
    }));
  }
  for (auto& answer : replies) EXPECT_EQ(answer.get().outcome, Outcome::silent);
}

// A listener at `path` that sends these bytes to its first client and closes.
class Impostor {
 public:
  Impostor(const std::string& path, std::string words) : words_(std::move(words)) {
    const SocketAddress address(path);
    EXPECT_EQ(::bind(socket_.get(), address.get(), SocketAddress::size), 0);
    EXPECT_EQ(::listen(socket_.get(), 1), 0);
    said_ = std::async(std::launch::async, [this] {
      const FileDescriptor accepted(::accept(socket_.get(), nullptr, nullptr));
      static_cast<void>(::send(accepted.get(), words_.data(), words_.size(), MSG_NOSIGNAL));
    });
  }

 private:
  FileDescriptor socket_ = make_socket();
  std::string words_;
  std::future<void> said_;
};

// The client is stopped for longer than its timeout; the reply arrives meanwhile.
TEST_F(PrivateSocketTest, AnAnswerThatCameWhileWeWereStoppedCameInTime) {
  const FileDescriptor listening = make_socket();
  const SocketAddress address(path_);
  ASSERT_EQ(::bind(listening.get(), address.get(), SocketAddress::size), 0);
  ASSERT_EQ(::listen(listening.get(), 1), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto reply = ask_monitor(path_, "{}", std::chrono::milliseconds{300});
    ::_exit(reply.outcome == Outcome::answered && reply.text == "four" ? 0 : 1);
  }
  const FileDescriptor accepted(::accept(listening.get(), nullptr, nullptr));
  std::array<char, 16> request{};
  EXPECT_GT(::recv(accepted.get(), request.data(), request.size(), 0), 0);
  ::kill(child, SIGSTOP);
  EXPECT_EQ(::send(accepted.get(), "4\nfour", 6, MSG_NOSIGNAL), 6);
  std::this_thread::sleep_for(std::chrono::milliseconds{600});
  ::kill(child, SIGCONT);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST_F(PrivateSocketTest, AnIncompleteReplyIsRefused) {
  for (const char* words :
       {"", "12", "5\nfour", "\n", "x\n", "-1\nx", "3x\nabc", "99999999999999\n", "999999999999\n", "no line at all"}) {
    const Impostor impostor(path_, words);
    EXPECT_EQ(ask("{}").outcome, Outcome::failed) << words;
    std::filesystem::remove(path_);
  }
  const Impostor impostor(path_, "4\nfour and more");
  EXPECT_EQ(ask("{}").text, "four");
}

// Runs `action` as another user in a child; returns its exit status.
int as_nobody(const std::function<int()>& action) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setresuid(nobody_user, nobody_user, nobody_user) != 0) ::_exit(99);
    ::_exit(action());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

class OtherUserTest : public PrivateSocketTest {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can act as another user";
    ASSERT_EQ(::chmod(folder_.path().c_str(), 0777), 0);
  }
};

TEST_F(OtherUserTest, MayNotEvenConnect) {
  const auto socket = make();
  const int status = as_nobody([this] { return Client(path_).connected() ? 1 : 0; });
  EXPECT_EQ(status, 0);
}

TEST_F(OtherUserTest, IsSentAwayWhereTheModeWasLoosened) {
  const auto socket = make();
  ASSERT_EQ(::chmod(path_.c_str(), 0666), 0);
  auto status = std::async(std::launch::async, [this] {
    return as_nobody([this] {
      Client client(path_);
      client.send("{\"ask\": \"echo\", \"text\": \"secret\"}\n");
      while (!client.is_over()) ::usleep(1000);
      return client.connected() && client.received().empty() ? 0 : 1;
    });
  });
  while (status.wait_for(std::chrono::milliseconds{1}) != std::future_status::ready) loop_.turn();
  EXPECT_EQ(status.get(), 0);
  EXPECT_EQ(asked_, 0);
}

TEST_F(OtherUserTest, ItsSocketIsNotBelieved) {
  const auto socket = make();
  ASSERT_EQ(::chown(path_.c_str(), nobody_user, nobody_user), 0);
  const auto reply = ask(R"({"ask": "echo", "text": "trust me"})");
  EXPECT_EQ(reply.outcome, Outcome::failed);
  EXPECT_EQ(reply.why, "its socket belongs to another user (65534)");
}

TEST_F(OtherUserTest, NorIsItsProcessBehindASocketOfOurs) {
  // Bound by us, so that we own the socket, but another user listens on it.
  const FileDescriptor socket = make_socket();
  const SocketAddress address(path_);
  ASSERT_EQ(::bind(socket.get(), address.get(), SocketAddress::size), 0);
  ASSERT_EQ(as_nobody([&] { return ::listen(socket.get(), 4); }), 0);
  const auto reply = ask(R"({"ask": "echo", "text": "trust me"})");
  EXPECT_EQ(reply.outcome, Outcome::failed);
  EXPECT_EQ(reply.why, "the process that listens is another user's");
}

}  // namespace
}  // namespace quotawatch::os
