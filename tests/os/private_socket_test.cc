// The socket that `status` asks: private, replaced when stale, gone at the end, and
// not to be held up or filled by whoever asks.
#include "os/private_socket.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <functional>
#include <future>

#include "os/file_descriptor.h"
#include "os/monitor_query.h"
#include "os/socket_address.h"
#include "quotawatch/input_error.h"
#include "tests/os/support.h"

namespace quotawatch::os {
namespace {

using testing_support::eventually;
using testing_support::file_exists;
using testing_support::TemporaryFolder;
using testing_support::write_file;
using Outcome = MonitorReply::Outcome;
using std::chrono::seconds;

constexpr unsigned nobody_user = 65'534;

mode_t mode_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0);
  return status.st_mode;
}

FileDescriptor make_socket() { return FileDescriptor(::socket(AF_UNIX, SOCK_STREAM, 0)); }

// Leaves a socket as a monitor that was killed does.
void leave_socket(const std::string& path) {
  const SocketAddress address(path);
  ASSERT_EQ(::bind(make_socket().get(), address.get(), SocketAddress::size), 0);
}

// One that connects and then does what a test has it do.
class Client {
 public:
  explicit Client(const std::string& path) : socket_(make_socket()) {
    const SocketAddress address(path);
    connected_ = ::connect(socket_.get(), address.get(), SocketAddress::size) == 0;
    ::fcntl(socket_.get(), F_SETFL, O_NONBLOCK);
  }

  bool connected() const { return connected_; }

  // As much of `text` as is taken.
  void send(std::string_view text) const {
    static_cast<void>(::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL));
  }
  void end_sending() const { ::shutdown(socket_.get(), SHUT_WR); }

  // Takes what has come, and says whether the other side is done with us.
  bool is_over() {
    std::array<char, 4096> buffer;
    ssize_t count = 0;
    while ((count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0)) > 0) {
      received_.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return count == 0 || errno != EAGAIN;
  }
  const std::string& received() const { return received_; }

 private:
  FileDescriptor socket_;
  bool connected_ = false;
  std::string received_;
};

class PrivateSocketTest : public testing::Test {
 protected:
  std::unique_ptr<PrivateSocket> make() {
    auto socket = std::make_unique<PrivateSocket>(loop_, path_);
    socket->set_answer("echo", [this](const JsonValue& request) {
      ++asked_;
      return request.object({"ask", "text"}).require("text").string();
    });
    socket->set_answer("much", [this](const JsonValue& /*request*/) {
      ++asked_;
      return much_;
    });
    return socket;
  }

  // Asks from another thread while the loop turns here.
  MonitorReply ask(const std::string& request, Milliseconds timeout = seconds{10}) {
    auto reply =
        std::async(std::launch::async, [&] { return ask_monitor(path_, request, timeout); });
    while (reply.wait_for(std::chrono::milliseconds{1}) != std::future_status::ready) loop_.turn();
    return reply.get();
  }

  std::string error_for(const std::string& request) {
    const auto reply = ask(request);
    EXPECT_EQ(reply.outcome, Outcome::answered) << reply.why;
    return nlohmann::json::parse(reply.text).value("error", "no error");
  }

  TemporaryFolder folder_;
  EventLoop loop_;
  std::string path_ = folder_ / "state.json.socket";
  std::string much_ = std::string(20'000'000, 'x') + "end";
  int asked_ = 0;
};

TEST_F(PrivateSocketTest, AnswersByNameAndSaysWhoItIs) {
  const auto socket = make();
  const auto reply = ask(R"({"ask": "echo", "text": "hello"})");
  EXPECT_EQ(reply.outcome, Outcome::answered) << reply.why;
  EXPECT_EQ(reply.text, "hello");
  EXPECT_EQ(reply.process, ::getpid());
  EXPECT_EQ(ask(R"({"ask": "echo", "text": ""})").text, "");
}

TEST_F(PrivateSocketTest, ALargeReplyComesWhole) {
  const auto socket = make();
  EXPECT_EQ(ask(R"({"ask": "much"})").text, much_);
}

TEST_F(PrivateSocketTest, WhatIsWrongWithARequestIsTold) {
  const auto socket = make();
  EXPECT_EQ(error_for(R"({"ask": "gossip"})"), "the request:1: ask: nobody answers that here");
  EXPECT_EQ(error_for(R"({"ask": 3})"), "the request:1: ask: should be a text in quotes, not 3");
  EXPECT_EQ(error_for("{}"), "the request: the key \"ask\" is missing");
  EXPECT_EQ(error_for(R"({"ask": "echo"})"), "the request:1: the key \"text\" is missing");
  EXPECT_EQ(error_for(R"({"ask": "echo", "tekst": ""})"),
            "the request:1: tekst: unknown key; did you mean \"text\"?");
  EXPECT_NE(error_for("[]").find("should be an object"), std::string::npos);
  EXPECT_NE(error_for("\x1b]0;\xff").find("not valid JSON"), std::string::npos);
  EXPECT_NE(error_for(std::string(200, '[')).find("nested deeper"), std::string::npos);
}

TEST_F(PrivateSocketTest, ARequestMayBe4096BytesLong) {
  const auto socket = make();
  const auto request = [](std::size_t size) {
    const std::string begin = R"({"ask": "echo", "text": ")";
    return begin + std::string(size - begin.size() - 2, 'x') + "\"}";
  };
  EXPECT_EQ(ask(request(4096)).text.substr(0, 3), "xxx");
  EXPECT_EQ(error_for(request(4097)), "the request is longer than 4096 bytes");
}

TEST_F(PrivateSocketTest, OnlyItsUserMayUseItWhateverTheUmask) {
  for (const mode_t umask : {0000U, 0022U, 0777U}) {
    const mode_t before = ::umask(umask);
    const auto socket = make();
    EXPECT_EQ(::umask(before), umask) << "left as it was";
    EXPECT_EQ(mode_of(path_), S_IFSOCK | 0600U);
  }
}

TEST_F(PrivateSocketTest, IsGoneAtTheEnd) {
  make();
  EXPECT_FALSE(file_exists(path_));
  EXPECT_EQ(ask(R"({"ask": "echo"})").outcome, Outcome::nobody);
}

TEST_F(PrivateSocketTest, WhatHasTakenItsPlaceStays) {
  auto socket = make();
  std::filesystem::remove(path_);
  write_file(path_, "somebody's");
  socket.reset();
  EXPECT_EQ(testing_support::read_file(path_), "somebody's");
}

TEST_F(PrivateSocketTest, ADeadMonitorsSocketIsNobodyAndIsReplaced) {
  leave_socket(path_);
  EXPECT_EQ(ask(R"({"ask": "echo"})").outcome, Outcome::nobody);
  const auto socket = make();
  EXPECT_EQ(ask(R"({"ask": "echo", "text": "alive"})").text, "alive");
}

TEST_F(PrivateSocketTest, AFileOfAnotherKindIsSomebodys) {
  write_file(path_, "mine");
  EXPECT_THROW(make(), InputError);
  EXPECT_EQ(testing_support::read_file(path_), "mine");
  EXPECT_EQ(ask(R"({"ask": "echo"})").outcome, Outcome::failed);
}

TEST_F(PrivateSocketTest, ALinkIsNotFollowed) {
  const std::string victim = folder_ / "victim";
  write_file(victim, "precious");
  std::filesystem::create_symlink(victim, path_);
  auto socket = make();
  EXPECT_EQ(testing_support::read_file(victim), "precious");
  EXPECT_TRUE(S_ISSOCK(mode_of(path_))) << "the link is gone";
  EXPECT_EQ(ask(R"({"ask": "echo", "text": "here"})").text, "here");

  // Nor does whoever asks follow one, even to a socket that would answer.
  std::filesystem::create_symlink(path_, folder_ / "link");
  path_ = folder_ / "link";
  EXPECT_EQ(ask(R"({"ask": "echo", "text": "here"})").outcome, Outcome::failed);
}

// At the limit of what an address holds, and one byte beyond it.
TEST_F(PrivateSocketTest, APathOfAnyLengthWillDo) {
  const std::string deep = folder_ / std::string(70, 'd');
  std::filesystem::create_directory(deep);
  for (const std::size_t length : {106U, 107U, 108U, 109U, 150U}) {
    path_ = deep + "/";
    path_ += std::string(length - path_.size(), 'n');
    const auto socket = make();
    EXPECT_EQ(mode_of(path_), S_IFSOCK | 0600U) << length;
    EXPECT_EQ(ask(R"({"ask": "echo", "text": "far"})").text, "far") << length;
  }
  EXPECT_FALSE(file_exists(path_));
  path_ = deep + "/" + std::string(107, 'n');
  EXPECT_THROW(make(), InputError) << "its name alone is too long";
  EXPECT_EQ(ask("{}").outcome, Outcome::nobody);
}

TEST_F(PrivateSocketTest, AFolderThatIsNotThereIsRefused) {
  path_ = folder_ / "no/such/folder/state.json.socket";
  EXPECT_THROW(make(), InputError);
  EXPECT_EQ(ask("{}").outcome, Outcome::nobody);
}

TEST_F(PrivateSocketTest, HalfARequestIsNone) {
  const auto socket = make();
  Client half(path_);
  half.send(R"({"ask": "echo", "text")");
  half.end_sending();
  EXPECT_TRUE(eventually([&] { return half.is_over(); }, &loop_));
  EXPECT_EQ(half.received(), "");
  EXPECT_EQ(asked_, 0);
}

TEST_F(PrivateSocketTest, ARequestMayComeInPieces) {
  const auto socket = make();
  Client slow(path_);
  for (const char* piece : {"{\"ask\": \"ec", "ho\", \"text\"", ": \"slow\"}\nmore"}) {
    slow.send(piece);
    for (int i = 0; i < 20; ++i) loop_.turn();
  }
  EXPECT_TRUE(eventually([&] { return slow.is_over(); }, &loop_));
  EXPECT_EQ(slow.received(), "4\nslow");
}

TEST_F(PrivateSocketTest, AMegabyteWithoutAnEndIsRefused) {
  const auto socket = make();
  Client loud(path_);
  const std::string garbage(1'000'000, '\x1b');
  EXPECT_TRUE(eventually(
      [&] {
        loud.send(garbage);
        return loud.is_over();
      },
      &loop_));
  EXPECT_EQ(asked_, 0);
  EXPECT_EQ(ask(R"({"ask": "echo", "text": "still here"})").text, "still here");
}

TEST_F(PrivateSocketTest, OneThatAsksNothingIsDropped) {
  const auto socket = make();
  Client idle(path_);
  idle.send("{");
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(eventually([&] { return idle.is_over(); }, &loop_));
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds{1900});
  EXPECT_EQ(idle.received(), "");
}

TEST_F(PrivateSocketTest, OneThatDoesNotReadIsDropped) {
  const auto socket = make();
  Client deaf(path_);
  deaf.send("{\"ask\": \"much\"}\n");
  EXPECT_TRUE(eventually([&] { return asked_ == 1; }, &loop_));
  loop_.run_until([] { return false; }, seconds{5});
  EXPECT_TRUE(deaf.is_over()) << "it was dropped before it read";
  EXPECT_LT(deaf.received().size(), much_.size());
}

TEST_F(PrivateSocketTest, ManyAtOnceDoNotKeepOthersOutForLong) {
  const auto socket = make();
  std::vector<std::unique_ptr<Client>> clients;
  for (std::size_t i = 0; i < PrivateSocket::most_connections; ++i) {
    clients.push_back(std::make_unique<Client>(path_));
    ASSERT_TRUE(clients.back()->connected());
  }
  for (int i = 0; i < 50; ++i) loop_.turn();
  EXPECT_EQ(error_for(R"({"ask": "echo", "text": "?"})"), "too many are asking at once");
  clients.pop_back();
  for (int i = 0; i < 50; ++i) loop_.turn();
  EXPECT_EQ(ask(R"({"ask": "echo", "text": "room"})").text, "room");
  EXPECT_TRUE(eventually([&] { return clients.front()->is_over(); }, &loop_));
  EXPECT_EQ(ask(R"({"ask": "echo", "text": "again"})").text, "again");
}

TEST_F(PrivateSocketTest, EndsInTheMiddleOfEverything) {
  const std::size_t open_before = testing_support::open_descriptors();
  {
    EventLoop loop;
    auto socket = std::make_unique<PrivateSocket>(loop, path_);
    socket->set_answer("much", [this](const JsonValue& /*request*/) { return much_; });
    Client idle(path_);
    Client reading(path_);
    reading.send("{\"ask\": \"much\"}\n");
    for (int i = 0; i < 50; ++i) loop.turn();
    socket.reset();
    EXPECT_TRUE(eventually([&] { return idle.is_over() && reading.is_over(); }, &loop));
  }
  EXPECT_EQ(testing_support::open_descriptors(), open_before);
}

TEST_F(PrivateSocketTest, OneThatDoesNotAnswerIsNotWaitedForLong) {
  const auto socket = make();  // its loop does not turn
  const auto start = std::chrono::steady_clock::now();
  const auto reply = ask_monitor(path_, R"({"ask": "echo"})", std::chrono::milliseconds{200});
  EXPECT_EQ(reply.outcome, Outcome::silent);
  EXPECT_EQ(reply.process, ::getpid()) << "but it is known who it is";
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds{200});

  // Not even where so many wait that no more may.
  std::vector<std::future<MonitorReply>> replies;
  for (int i = 0; i < 30; ++i) {
    replies.push_back(std::async(std::launch::async, [this] {
      return ask_monitor(path_, R"({"ask": "echo"})", std::chrono::milliseconds{300});
    }));
  }
  for (auto& answer : replies) EXPECT_EQ(answer.get().outcome, Outcome::silent);
}

// What listens at `path` says these bytes to the first who asks and ends.
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

TEST_F(PrivateSocketTest, OnlyAWholeReplyIsOne) {
  for (const char* words : {"", "12", "5\nfour", "\n", "x\n", "-1\nx", "3x\nabc",
                            "99999999999999\n", "999999999999\n", "no line at all"}) {
    const Impostor impostor(path_, words);
    EXPECT_EQ(ask("{}").outcome, Outcome::failed) << words;
    std::filesystem::remove(path_);
  }
  const Impostor impostor(path_, "4\nfour and more");
  EXPECT_EQ(ask("{}").text, "four");
}

// Runs `action` as another user, in a child; its exit status.
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
    if (::geteuid() != 0) GTEST_SKIP() << "only root can be somebody else";
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
  // Bound by us, so that the socket is ours, but listened on by somebody else.
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
