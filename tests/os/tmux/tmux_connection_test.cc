// The lasting connection to a real tmux: what it leaves behind, and what it survives.
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>

#include "tests/os/loop/onlooker.h"
#include "tmux_connection_scene.h"

namespace quotawatch {
namespace {

TEST_F(TmuxConnection, LeavesNoSessionBehind) {
  const std::string before = sessions();
  make_client();
  EXPECT_EQ(shown("a"), "hello\n\n");
  EXPECT_TRUE(client_->connected());
  EXPECT_NE(sessions().find("quotawatch-"), std::string::npos);
  client_.reset();
  EXPECT_TRUE(eventually([&] { return sessions() == before; }, &loop_)) << sessions();
}

// tmux can crash when clients leave in ways that it does not expect.
TEST_F(TmuxConnection, BrokenConnectionsDoNotCrashTheServer) {
  const std::string before = sessions();
  for (int i = 0; i < 30; ++i) {
    make_client();
    EXPECT_EQ(shown("a"), "hello\n\n");
    ASSERT_TRUE(client_->connected());
    const std::string client = server_.run({"list-clients", "-F", "#{client_pid}"});
    ::kill(std::stoi(client), SIGKILL);
    if (i % 2 == 0) client_.reset();
    ASSERT_TRUE(server_.running());
  }
  client_.reset();
  EXPECT_TRUE(eventually([&] { return sessions() == before; }, &loop_)) << sessions();
}

// With options that keep panes that should go, and that move clients to other sessions.
TEST_F(TmuxConnection, LeavesNoSessionBehindWhateverTheUsersOptions) {
  server_.run({"set-option", "-g", "remain-on-exit", "on"});
  server_.run({"set-option", "-g", "detach-on-destroy", "off"});
  const auto attached = [&] {
    return server_.run({"list-sessions", "-F", "#{session_name} #{session_last_attached}"});
  };
  const std::string before = attached();
  for (int i = 0; i < 3; ++i) {
    make_client();
    EXPECT_EQ(shown("a"), "hello\n\n");
    ASSERT_TRUE(client_->connected());
    if (i == 0) ::kill(std::stoi(server_.run({"list-clients", "-F", "#{client_pid}"})), SIGKILL);
    client_.reset();
  }
  EXPECT_TRUE(eventually([&] { return attached() == before; }, &loop_)) << attached();
}

// Before 3.7, control-mode clients that connect at the wrong moment crash tmux: none may be waiting
// when a hung server continues.
TEST_F(TmuxConnection, NoClientConnectsToAServerThatHangs) {
  for (int i = 0; i < 10; ++i) {
    make_client();
    if (i % 2 == 0) {
      EXPECT_EQ(shown("a"), "hello\n\n");
    }
    timeout_ = Milliseconds{50};
    server_.suspend();
    EXPECT_EQ(shown("a"), "timed out");
    EXPECT_EQ(shown("a"), "timed out");
    if (i % 3 == 0) make_client();
    server_.resume();
    timeout_ = Milliseconds{20'000};
    EXPECT_EQ(shown("a"), "hello\n\n");
    EXPECT_EQ(shown("a"), "hello\n\n");
    EXPECT_TRUE(client_->connected());
    ASSERT_TRUE(server_.running());
  }
  EXPECT_EQ(notes_, "");
}

TEST_F(TmuxConnection, ATmuxThatAConnectionCouldCrashGetsNoneByDefault) {
  const std::string version = server_.run({"display-message", "-p", "#{version}"});
  if (version >= "3.7") GTEST_SKIP() << "tmux " << version;
  make_client(Servers::that_survive_connections);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(shown("a"), "hello\n\n");
  EXPECT_FALSE(client_->connected());
}

// The user's hooks see a small session come and go, and nothing in their own sessions.
TEST_F(TmuxConnection, FiresNoHookOnUsersSessions) {
  const std::string log = folder_ / "hooks";
  for (const char* hook :
       {"after-capture-pane", "after-display-message", "after-list-sessions", "after-set-option", "after-run-shell",
        "after-set-environment", "client-attached", "client-session-changed", "client-resized", "session-created",
        "session-closed", "session-window-changed", "window-layout-changed", "window-resized", "pane-focus-in",
        "after-show-options", "after-select-pane"}) {
    const std::string whose = "#{hook} s#{hook_session} w#{hook_window} p#{hook_pane}";
    server_.run({"set-hook", "-g", hook, fmt::format("run-shell 'echo \"{} {}\" >> {}'", hook, whose, log)});
  }
  make_client();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(shown("a"), "hello\n\n");
  EXPECT_TRUE(client_->connected());
  client_.reset();
  EXPECT_TRUE(eventually([&] { return read_file(log).find("session-closed") != std::string::npos; }, &loop_));
  const std::string fired = read_file(log);
  for (const char* theirs : {"s$0", "w@0", "p%0", "resized"}) {
    EXPECT_EQ(fired.find(theirs), std::string::npos) << theirs << "\n" << fired;
  }
  // By the process used before there was a connection, and never after.
  EXPECT_EQ(fired.find("after-capture-pane after"), fired.rfind("after-capture-pane after")) << fired;
}

TEST_F(TmuxConnection, ARequestRedrawsNoTerminal) {
  server_.show("b", "there\n\n", 20, 2);
  server_.run({"set-option", "-g", "status-interval", "0"});
  Onlooker onlooker(server_.socket_name(), "a");
  EXPECT_NE(onlooker.drawn().find("hello"), std::string::npos);
  make_client();
  for (int i = 0; i < 2; ++i) EXPECT_EQ(shown("b"), "there\n\n");
  EXPECT_TRUE(client_->connected());
  onlooker.drawn();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(shown("b"), "there\n\n");
    EXPECT_EQ(shown("a").substr(0, 5), "hello");
  }
  EXPECT_EQ(onlooker.drawn().find("hello"), std::string::npos);
  server_.run({"set-option", "-t", "=b:", "@anything", "at all"});
  EXPECT_NE(onlooker.drawn().find("hello"), std::string::npos) << "what must not be done";
}

TEST_F(TmuxConnection, KeepsNoServerAliveThatWouldEnd) {
  server_.run({"set-option", "-g", "exit-empty", "on"});
  make_client();
  EXPECT_EQ(shown("a"), "hello\n\n");
  server_.run({"kill-session", "-t", "=a:"});
  EXPECT_TRUE(server_.running()) << "it has our session still";
  capture({"a"});
  EXPECT_TRUE(eventually([&] { return !server_.running(); }, &loop_));
  EXPECT_FALSE(capture({"a"}).server_up);
}

TEST_F(TmuxConnection, AServerWithoutSessionsGetsNoConnection) {
  server_.remove("a");
  make_client();
  EXPECT_EQ(capture({"a"}).panes.at(0).status, Status::absent);
  EXPECT_FALSE(client_->connected());
  EXPECT_EQ(capture({"a"}).panes.at(0).status, Status::absent);
  EXPECT_EQ(sessions(), "");
  server_.show("a", "back\n\n", 20, 2);
  EXPECT_EQ(shown("a"), "back\n\n");
  EXPECT_EQ(shown("a"), "back\n\n");
  EXPECT_TRUE(client_->connected());
  EXPECT_EQ(notes_, "");
}

TEST_F(TmuxConnection, SurvivesTheServersDeathAndReturn) {
  make_client();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(shown("a"), "hello\n\n");
    EXPECT_TRUE(client_->connected());
    server_.kill();
    const auto captured = capture({"a"});
    EXPECT_FALSE(captured.server_up);
    EXPECT_NE(captured.why.find("no server running on"), std::string::npos) << captured.why;
    server_.start();
    server_.show("a", "hello\n\n", 20, 2);
  }
  EXPECT_EQ(notes_, "");
}

TEST_F(TmuxConnection, SurvivesTheEndOfItsOwnSession) {
  make_client();
  EXPECT_EQ(shown("a"), "hello\n\n");
  const std::string names = sessions();
  const std::size_t begin = names.find("quotawatch-");
  server_.run({"kill-session", "-t", "=" + names.substr(begin, names.find('\n', begin) - begin)});
  EXPECT_EQ(shown("a"), "hello\n\n");
  EXPECT_EQ(shown("a"), "hello\n\n");
  EXPECT_TRUE(client_->connected());
}

// Several at once: the requested session numbers are gone, and others have come.
TEST_F(TmuxConnection, SessionsThatComeAndGoBetweenCaptures) {
  make_client();
  server_.show("b", "there\n\n", 20, 2);
  EXPECT_EQ(capture({"a", "b"}).panes.at(1).status, Status::screen);
  server_.remove("a");
  server_.remove("b");
  server_.show("b", "again\n\n", 20, 2);
  server_.show("c", "new\n\n\n", 30, 3);
  const auto captured = capture({"a", "b", "c"});
  EXPECT_EQ(captured.panes.at(0).status, Status::absent);
  EXPECT_EQ(*captured.panes.at(1).text, "again\n\n");
  EXPECT_EQ(*captured.panes.at(2).text, "new\n\n\n");
  EXPECT_EQ(captured.panes.at(2).columns, 30);
}

TEST_F(TmuxConnection, APaneThatIsResizedHasItsNewSize) {
  make_client();
  EXPECT_EQ(shown("a"), "hello\n\n");
  server_.run({"resize-window", "-t", "=a:", "-x", "30", "-y", "3"});
  const auto pane = capture({"a"}).panes.at(0);
  EXPECT_EQ(pane.columns, 30);
  EXPECT_EQ(pane.rows, 3);
  EXPECT_EQ(*pane.text, "hello\n\n\n");
}

TEST_F(TmuxConnection, ASessionThatIsRenamedIsItsNewName) {
  make_client();
  EXPECT_EQ(shown("a"), "hello\n\n");
  server_.run({"rename-session", "-t", "=a:", "b"});
  const auto captured = capture({"a", "b"});
  EXPECT_EQ(captured.panes.at(0).status, Status::absent);
  EXPECT_EQ(*captured.panes.at(1).text, "hello\n\n");
}

// A tmux that does not know control mode, or not all of it.
TEST_F(TmuxConnection, FallsBackToAProcessWhereTmuxAllowsNoConnection) {
  write_script(folder_ / "tmux", fmt::format("case \" $* \" in *' -C '*) echo 'unknown option -- f' >&2; exit 1;; "
                                             "esac\nPATH='{}' exec tmux \"$@\"",
                                             std::getenv("PATH")));
  const std::string path = folder_.path() + ":" + std::getenv("PATH");
  const Variable variable("PATH", path.c_str());
  make_client();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(shown("a"), "hello\n\n");
  EXPECT_FALSE(client_->connected());
  EXPECT_NE(notes_.find("unknown option -- f"), std::string::npos) << notes_;
  EXPECT_EQ(std::count(notes_.begin(), notes_.end(), '\n'), 1) << notes_;
}

}  // namespace
}  // namespace quotawatch
