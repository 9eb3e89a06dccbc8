// The monitor's control socket: private, replaced when stale, removed at the end, and not to be
// blocked or flooded by clients.
#include "os/control/private_socket.h"

#include <thread>

#include "private_socket_scene.h"

namespace quotawatch::os {
namespace {

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

TEST_F(PrivateSocketTest, AnInvalidRequestGetsAnErrorReply) {
  const auto socket = make();
  EXPECT_EQ(error_for(R"({"ask": "gossip"})"), "the request:1: ask: unknown request");
  EXPECT_EQ(error_for(R"({"ask": 3})"), "the request:1: ask: should be a text in quotes, not 3");
  EXPECT_EQ(error_for("{}"), "the request: the key \"ask\" is missing");
  EXPECT_EQ(error_for(R"({"ask": "echo"})"), "the request:1: the key \"text\" is missing");
  EXPECT_EQ(error_for(R"({"ask": "echo", "tekst": ""})"), "the request:1: tekst: unknown key; did you mean \"text\"?");
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
  expect_own_user_only(path_, [&] { return make(); });
}

TEST_F(PrivateSocketTest, IsGoneAtTheEnd) {
  make();
  EXPECT_FALSE(file_exists(path_));
  EXPECT_EQ(ask(R"({"ask": "echo"})").outcome, Outcome::not_running);
}

TEST_F(PrivateSocketTest, WhatHasTakenItsPlaceStays) {
  auto socket = make();
  std::filesystem::remove(path_);
  write_file(path_, "another file");
  socket.reset();
  EXPECT_EQ(testing_support::read_file(path_), "another file");
}

TEST_F(PrivateSocketTest, ADeadMonitorsSocketIsReplaced) {
  leave_socket(path_);
  EXPECT_EQ(ask(R"({"ask": "echo"})").outcome, Outcome::not_running);
  const auto socket = make();
  EXPECT_EQ(ask(R"({"ask": "echo", "text": "alive"})").text, "alive");
}

TEST_F(PrivateSocketTest, AFileThatIsNoSocketIsRefused) {
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

  // Clients follow no link either, even to a socket that would answer.
  std::filesystem::create_symlink(path_, folder_ / "link");
  path_ = folder_ / "link";
  EXPECT_EQ(ask(R"({"ask": "echo", "text": "here"})").outcome, Outcome::failed);
}

// At the maximum length of an address, and one byte beyond it.
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
  EXPECT_EQ(ask("{}").outcome, Outcome::not_running);
}

TEST_F(PrivateSocketTest, AFolderThatIsNotThereIsRefused) {
  path_ = folder_ / "no/such/folder/state.json.socket";
  EXPECT_THROW(make(), InputError);
  EXPECT_EQ(ask("{}").outcome, Outcome::not_running);
}

TEST_F(PrivateSocketTest, AnIncompleteRequestGetsNoReply) {
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

TEST_F(PrivateSocketTest, AClientWithoutARequestIsDropped) {
  const auto socket = make();
  Client idle(path_);
  idle.send("{");
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(eventually([&] { return idle.is_over(); }, &loop_));
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds{1900});
  EXPECT_EQ(idle.received(), "");
}

// The request came in time; that the monitor was stopped is not the client's fault.
TEST_F(PrivateSocketTest, ARequestSentWhileTheMonitorWasStoppedIsAnswered) {
  const auto socket = make();
  Client client(path_);
  ASSERT_TRUE(client.connected());
  client.send(R"({"ask": "echo", )");
  for (int i = 0; i < 3; ++i) loop_.turn();
  client.send("\"text\": \"hello\"}\n");
  std::this_thread::sleep_for(PrivateSocket::patience * 3 / 2);
  EXPECT_TRUE(eventually([&] { return client.is_over(); }, &loop_));
  EXPECT_EQ(client.received(), "5\nhello");
}

TEST_F(PrivateSocketTest, AClientThatDoesNotReadIsDropped) {
  const auto socket = make();
  Client deaf(path_);
  deaf.send("{\"ask\": \"much\"}\n");
  EXPECT_TRUE(eventually([&] { return asked_ == 1; }, &loop_));
  loop_.run_until([] { return false; }, seconds{5});
  EXPECT_TRUE(deaf.is_over()) << "it was dropped before it read";
  EXPECT_LT(deaf.received().size(), much_.size());
}

TEST_F(PrivateSocketTest, ManyClientsDoNotKeepOthersOutForLong) {
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

}  // namespace
}  // namespace quotawatch::os
