// TmuxClient against real tmux, on a private server, and against the contract: over one lasting
// connection, and with one process per capture.
#include "os/tmux/tmux_client.h"

#include <fmt/format.h>

#include <thread>

#include "os/host/system_clock.h"
#include "os/loop/child_process.h"
#include "os/loop/timer.h"
#include "sim/harness/fake_tmux.h"
#include "tests/contracts/tmux_contract.h"
#include "tmux_server.h"

namespace quotawatch {
namespace {

using namespace os::testing_support;
using Status = PaneCapture::Status;

constexpr Milliseconds timeout{10'000};

void ignore_note(std::string_view /*message*/) {}

template <bool keep_connection>
class TmuxClientWorld {
 public:
  TmuxClientWorld() { server_.start(); }

  Tmux& tmux() { return client_; }
  void show(const std::string& session, const std::string& text, int columns, int rows) {
    server_.show(session, text, columns, rows);
  }
  void show_further(const std::string& session, const std::string& text) { server_.show_further(session, text); }
  void link(const std::string& session, const std::string& other) { server_.link(session, other); }
  void end_program(const std::string& session) { server_.end_program(session); }
  void remove(const std::string& session) { server_.remove(session); }
  void stop_server() { server_.stop(); }
  void start_server() { server_.start(); }

 private:
  TmuxServer server_;
  os::EventLoop loop_;
  os::TmuxClient client_{loop_, {server_.socket_name(), timeout, keep_connection}, ignore_note};
};

class FakeTmuxWorld {
 public:
  Tmux& tmux() { return tmux_; }
  void show(const std::string& session, const std::string& text, int columns, int rows) {
    tmux_.show(session, text, columns, rows);
  }
  void show_further(const std::string& session, const std::string& text) { tmux_.show(session + ":1.0", text, 30, 4); }
  void link(const std::string& session, const std::string& other) { tmux_.link(session, other); }
  void end_program(const std::string& session) { tmux_.end_program(session); }
  void remove(const std::string& session) { tmux_.remove(session); }
  void stop_server() { tmux_.set_server_up(false); }
  void start_server() { tmux_.set_server_up(true); }

 private:
  sim::FakeTmux tmux_;
};

}  // namespace

namespace contracts {
INSTANTIATE_TYPED_TEST_SUITE_P(TmuxConnection, TmuxContract, TmuxClientWorld<true>);
INSTANTIATE_TYPED_TEST_SUITE_P(TmuxProcess, TmuxContract, TmuxClientWorld<false>);
INSTANTIATE_TYPED_TEST_SUITE_P(FakeTmux, TmuxContract, FakeTmuxWorld);
}  // namespace contracts

namespace {

// The parameter: whether to use a lasting connection.
class TmuxClientTest : public testing::TestWithParam<bool> {
 protected:
  void configure(const std::string& socket_name, Milliseconds its_timeout) {
    client_.configure({socket_name, its_timeout, GetParam()});
  }

  PaneCapture capture_one(const std::string& session) { return client_.capture({session}).panes.at(0); }

  void expect_down(const std::string& why) {
    const auto capture = client_.capture({"a", "b"});
    EXPECT_FALSE(capture.server_up);
    EXPECT_FALSE(capture.interrupted);
    EXPECT_NE(capture.why.find(why), std::string::npos) << capture.why;
    ASSERT_EQ(capture.panes.size(), 2);
    EXPECT_EQ(capture.panes[0].status, Status::failed);
    EXPECT_EQ(capture.panes[1].status, Status::failed);
  }

  TmuxServer server_;
  os::EventLoop loop_;
  os::TmuxClient client_{loop_, {server_.socket_name(), timeout, GetParam()}, ignore_note};
};

INSTANTIATE_TEST_SUITE_P(Connection, TmuxClientTest, testing::Bool());

// The programs are started by tmux itself, so they are in the foreground of their panes.
TEST_P(TmuxClientTest, SaysWhichProgramRunsAndSinceWhen) {
  server_.start();
  server_.show("main", "hello\n\n\n\n", 30, 4);
  const PaneCapture first = capture_one("main");
  EXPECT_EQ(first.program, "sleep");
  EXPECT_FALSE(first.at_shell);
  EXPECT_FALSE(first.in_mode);
  EXPECT_FALSE(first.client_used) << "no client is attached";
  EXPECT_EQ(first.window_pane, "0.0");
  EXPECT_GT(first.first_process, 0);
  ASSERT_TRUE(first.program_started);
  const WallTime now = os::read_system_clock().wall;
  EXPECT_LE(*first.program_started, now + Milliseconds{100});
  EXPECT_GT(*first.program_started, now - Milliseconds{60'000});
  EXPECT_EQ(capture_one("main").program_started, first.program_started);

  server_.respawn("main", {"sh"});
  ASSERT_TRUE(eventually([&] { return capture_one("main").at_shell; }));
  const PaneCapture shell = capture_one("main");
  EXPECT_EQ(shell.program, "sh");
  EXPECT_EQ(shell.pane, first.pane);
  EXPECT_GE(*shell.program_started, *first.program_started);

  server_.run({"copy-mode", "-t", shell.pane});
  EXPECT_TRUE(capture_one("main").in_mode);
}

// The system says since when a program runs to 10 ms, and so it would be another start each time that it is
// worked out again.
TEST_P(TmuxClientTest, ACaptureOfOneSessionLeavesTheStartsOfOthersAsTheyAre) {
  server_.start();
  server_.show("main", "hello\n\n\n\n", 30, 4);
  server_.show("other", "hello\n\n\n\n", 30, 4);
  const auto started = capture_one("main").program_started;
  ASSERT_TRUE(started);
  for (int i = 0; i < 20; ++i) {
    std::this_thread::sleep_for(Milliseconds{3});
    capture_one("other");
    ASSERT_EQ(capture_one("main").program_started, started);
  }
}

TEST_P(TmuxClientTest, StartsNoServer) {
  expect_down("No such file or directory");
  EXPECT_FALSE(file_exists(server_.socket_path()));
}

TEST_P(TmuxClientTest, ReportsAServerThatLeftItsSocketBehind) {
  server_.start();
  server_.kill();
  ASSERT_TRUE(file_exists(server_.socket_path()));
  expect_down("no server running on " + server_.socket_path());
  expect_down("no server running on " + server_.socket_path());
}

TEST_P(TmuxClientTest, GivesUpOnAServerThatHangsAndFindsItAgain) {
  server_.start();
  server_.show("a", "hello\n\n", 20, 2);
  configure(server_.socket_name(), Milliseconds{60});
  server_.suspend();
  const auto start = std::chrono::steady_clock::now();
  expect_down("timed out");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{3});
  // A connection is kept: disconnecting clients can crash tmux.
  EXPECT_TRUE(GetParam() || eventually([] { return has_no_children(); }, &loop_));
  server_.resume();
  configure(server_.socket_name(), timeout);
  EXPECT_EQ(*capture_one("a").text, "hello\n\n");
}

TEST_P(TmuxClientTest, AsksTheServerItIsConfiguredFor) {
  server_.start();
  server_.show("a", "hello\n\n", 20, 2);
  configure(server_.socket_name() + "-other", timeout);
  expect_down("No such file or directory");
  const Variable inside("TMUX", (server_.socket_path() + ",1,0").c_str());
  expect_down("No such file or directory");
  configure(server_.socket_name(), timeout);
  EXPECT_EQ(capture_one("a").status, Status::screen);
}

TEST_P(TmuxClientTest, AStopEndsTheWaitForTmux) {
  server_.start();
  server_.suspend();
  os::Timer timer(loop_);
  timer.start_once(Milliseconds{20}, [this] { loop_.request_stop(); });
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(client_.capture({"a"}).interrupted);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{1});
  const auto capture = client_.capture({"a", "b"});
  EXPECT_TRUE(capture.interrupted);
  EXPECT_EQ(capture.panes.size(), 2);
  server_.resume();
}

// Other events are handled while tmux is slow.
TEST_P(TmuxClientTest, TurnsTheLoopWhileItWaits) {
  server_.start();
  configure(server_.socket_name(), Milliseconds{100});
  server_.suspend();
  int ticks = 0;
  os::Timer timer(loop_);
  timer.start_repeating(Milliseconds{5}, [&] { ++ticks; });
  expect_down("timed out");
  EXPECT_GE(ticks, 5);
  server_.resume();
}

TEST_P(TmuxClientTest, FindsSessionsWithHostileNames) {
  server_.start();
  const std::vector<std::string> names{
      "a b",   " a ",     "a.b",  ".a",  "a:c", "it's",  "a\"b",     "\"", "'",      "$(date)", "$HOME",  "a$b",
      "${x}",  "$0",      "$999", "=",   "=a",  "==",    "$",        "$1", "$$",     "@0",      "=x",     "%0",
      "#{x}",  "#(date)", "##",   "#",   ";",   "a;b",   "a ;",      "\\", "a\\",    "a\\b",    "c\\\\d", "~",
      "~root", "%if",     "%1",   "%%",  "@1",  "-",     "-t",       "--", "{a}",    "{last}",  "}",      "!",
      "+",     "*",       "a*",   "?",   "[a]", "$[a]*", "&",        "|",  "`date`", "é",       "漢字",   "🙂 x",
      "^",     "a,b",     "<a>",  "(a)", "0",   "a/b",   "/dev/null"};
  for (const auto& name : names) server_.show(name, "I am <" + name + ">\n\n", 30, 2);
  const auto capture = client_.capture(names);
  ASSERT_TRUE(capture.server_up) << capture.why;
  for (std::size_t i = 0; i < names.size(); ++i) {
    ASSERT_EQ(capture.panes[i].status, Status::screen) << names[i] << capture.panes[i].why;
    EXPECT_EQ(*capture.panes[i].text, "I am <" + names[i] + ">\n\n");
  }
}

// Without another session whose number or name tmux could confuse with it.
TEST_P(TmuxClientTest, FindsASessionOfAnOddNameThatIsAlone) {
  server_.start();
  for (const std::string name : {"$", "$1", "$0", "-", "@0", "%1", "=x", "a b", "é漢"}) {
    server_.show(name, "I am " + name + "\n\n", 30, 2);
    const auto capture = capture_one(name);
    ASSERT_EQ(capture.status, Status::screen) << name << capture.why;
    EXPECT_EQ(*capture.text, "I am " + name + "\n\n");
    server_.remove(name);
    EXPECT_EQ(capture_one(name).status, Status::absent) << name;
  }
}

// The names depend on the version: a_b_c or a.b:c.
TEST_P(TmuxClientTest, FindsSessionsByTheNamesThatTmuxGaveThem) {
  server_.start();
  for (const std::string name : {"a.b:c", "x\\y", "$HOME"}) server_.show(name, "hello\n\n", 20, 2);
  const std::string list = server_.run({"list-sessions", "-F", "#{session_name}"});
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin < list.size(); begin = list.find('\n', begin) + 1) {
    names.push_back(list.substr(begin, list.find('\n', begin) - begin));
  }
  ASSERT_EQ(names.size(), 3);
  for (const auto& name : names) EXPECT_EQ(capture_one(name).status, Status::screen) << name;
}

// tmux also finds a session by its number, and by the name of a client attached to it.
TEST_P(TmuxClientTest, TakesNoSessionForOneOfAnotherName) {
  server_.start();
  server_.show("main", "secret\n\n", 20, 2);
  const os::ChildProcess client(
      loop_, {{"sh", "-c", "sleep 600 | tmux -L \"$0\" -C attach -t =main", server_.socket_name()}, {}, ""}, {});
  std::string name;
  ASSERT_TRUE(eventually(
      [&] {
        return !(name = server_.run({"list-clients", "-F", "#{client_name}"})).empty();
      },
      &loop_));
  name.pop_back();
  for (const std::string& other : {name, std::string("$0"), std::string("$1"), std::string("main:0"),
                                   std::string("=main"), std::string("mai"), std::string("m*")}) {
    EXPECT_EQ(capture_one(other).status, Status::absent) << other;
  }
  EXPECT_EQ(capture_one("main").status, Status::screen);
}

TEST_P(TmuxClientTest, ChangesNothing) {
  server_.start();
  server_.show("a", "hello\n\n", 20, 2);
  server_.show("b", "there\n\n", 20, 2);
  const auto look = [this] {
    // Leaves out the connection's own session.
    const char* others = "#{?#{m:quotawatch-*,#{session_name}},0,1}";
    return server_.run({"list-panes", "-a", "-f", others, "-F",
                        "#{session_name} #{session_attached} #{session_activity} "
                        "#{window_activity} #{window_flags} #{window_width} #{window_height} "
                        "#{pane_mode} #{pane_pid} #{pane_active} #{session_last_attached}"}) +
           server_.run({"show-options", "-g"}) + server_.run({"list-buffers"}) +
           server_.run({"list-clients", "-f", others});
  };
  const std::string before = look();
  for (int i = 0; i < 5; ++i) client_.capture({"a", "b", "none"});
  EXPECT_EQ(look(), before);
}

TEST_P(TmuxClientTest, LeaksNothingOverManyCaptures) {
  server_.start();
  server_.show("a", "hello\n\n", 20, 2);
  client_.capture({"a"});
  loop_.turn();
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 200; ++i) {
    ASSERT_EQ(capture_one(i % 2 == 0 ? "a" : "none").status, i % 2 == 0 ? Status::screen : Status::absent);
  }
  loop_.turn();
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_EQ(has_no_children(), !GetParam());
}

}  // namespace
}  // namespace quotawatch
