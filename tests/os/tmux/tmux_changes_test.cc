// What a client of a real tmux tells unasked, and how it looks at what it told of.
#include <fmt/format.h>

#include "os/host/system_clock.h"
#include "tmux_connection_scene.h"

namespace quotawatch {
namespace {

using TmuxChanges = TmuxConnection;

TEST_F(TmuxChanges, TellsWhoDrewWithinTwoSeconds) {
  make_client();
  client_->watch_changes();
  client_->capture({"a", "b"});
  const auto told = [&] { return loop_.take_notification(); };
  EXPECT_EQ(loop_.run_until(told, Milliseconds{1000}), os::EventLoop::Ended::deadline);
  EXPECT_TRUE(client_->take_changed().empty());
  server_.run({"send-keys", "-t", "=a:", "x"});  // echoed by the terminal: nobody drew it
  server_.show("b", "come\n\n", 20, 2);
  EXPECT_EQ(loop_.run_until(told, Milliseconds{2000}), os::EventLoop::Ended::condition);
  EXPECT_EQ(client_->take_changed(), std::vector<std::string>{"b"});
  EXPECT_EQ(*client_->capture({"b"}).panes.at(0).text, "come\n\n");
  server_.show("a", "other\n\n", 20, 2);  // in a terminal of its own
  EXPECT_EQ(loop_.run_until(told, Milliseconds{5000}), os::EventLoop::Ended::condition);
  EXPECT_EQ(client_->take_changed(), std::vector<std::string>{"a"});
}

TEST_F(TmuxChanges, TellsWhoDrewWithoutAConnectionToo) {
  client_ = std::make_unique<os::TmuxClient>(
      loop_, os::TmuxClient::Server{server_.socket_name(), Milliseconds{20'000}, false},
      [](std::string_view) {});
  client_->watch_changes();
  client_->capture({"a"});
  server_.show("a", "other\n\n", 20, 2);
  EXPECT_EQ(loop_.run_until([&] { return loop_.take_notification(); }, Milliseconds{5000}),
            os::EventLoop::Ended::condition);
  EXPECT_EQ(client_->take_changed(), std::vector<std::string>{"a"});
}

// What a capture of all sessions makes needless to tell is told the next time again.
TEST_F(TmuxChanges, APaneThatAPollSawFirstIsWatchedAsBefore) {
  make_client();
  client_->watch_changes();
  for (int i = 0; i < 2; ++i) {
    client_->capture({"a", "b"});
    server_.show("a", i == 0 ? "other\n\n" : "third\n\n", 20, 2);  // in a terminal of its own
    EXPECT_EQ(loop_.run_until([&] { return loop_.take_notification(); }, Milliseconds{5000}),
              os::EventLoop::Ended::condition);
  }
  EXPECT_EQ(client_->take_changed(), std::vector<std::string>{"a"});
}

// A few of those that were asked for before are asked for in another way.
TEST_F(TmuxChanges, AFewOfManyAreWhatTheyAreNow) {
  server_.show("b", "there\n\n", 20, 2);
  make_client();
  const auto b = [&] {
    const auto pane = client_->capture({"b"}).panes.at(0);
    return pane.text ? fmt::format("{}x{} {}", pane.columns, pane.rows, *pane.text) : "absent";
  };
  for (int i = 0; i < 2; ++i) client_->capture({"a", "b", "c"});
  EXPECT_TRUE(client_->connected());
  EXPECT_EQ(b(), "20x2 there\n\n");
  server_.run({"resize-window", "-t", "=b:", "-x", "30", "-y", "3"});
  EXPECT_EQ(b(), "30x3 there\n\n\n");
  server_.run({"rename-session", "-t", "=b:", "c"});
  EXPECT_EQ(b(), "absent");
  server_.run({"rename-session", "-t", "=a:", "b"});
  EXPECT_EQ(b(), "20x2 hello\n\n") << "another session of that name";
  server_.run({"kill-session", "-t", "=b:"});
  EXPECT_EQ(b(), "absent");
  EXPECT_EQ(client_->capture({"c"}).panes.at(0).columns, 30);
  EXPECT_TRUE(client_->connected());
  EXPECT_EQ(notes_, "");
}

// Looking costs something; what was not told at once is told a little later.
TEST_F(TmuxChanges, AFleetThatChangesAllTheTimeIsToldOfMoreSeldom) {
  make_client();
  client_->watch_changes();
  client_->capture({"a", "b"});
  const auto start = os::read_system_clock().steady;
  for (int i = 0; i < 21; ++i) {
    server_.show("b", "come\n\n", 20, 2);
    std::vector<std::string> changed;
    EXPECT_TRUE(eventually([&] { return !(changed = client_->take_changed()).empty(); }, &loop_));
    EXPECT_EQ(changed, std::vector<std::string>{"b"});
    server_.remove("b");
    client_->capture({"a", "b"});
  }
  EXPECT_GE(os::read_system_clock().steady - start, Milliseconds{2900});
}

}  // namespace
}  // namespace quotawatch
