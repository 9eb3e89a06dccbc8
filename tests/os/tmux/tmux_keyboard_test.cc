// TmuxKeyboard against real tmux, on a private server, and against the contract.
#include "os/tmux/tmux_keyboard.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <thread>
#include <utility>

#include "base/text.h"
#include "sim/harness/fake_keyboard.h"
#include "sim/harness/virtual_clock.h"
#include "tests/contracts/keyboard_contract.h"
#include "tmux_server.h"

namespace quotawatch {
namespace {

using namespace os::testing_support;

void say_nothing(std::string_view /*message*/) {}

class TmuxKeyboardWorld {
 public:
  TmuxKeyboardWorld() {
    std::filesystem::create_directory(folder_ / "sessions");
    server_.start();
  }

  Keyboard& keyboard() { return keyboard_; }

  std::string start(const std::string& session) {
    server_.show(session, "hello\n\n\n\n", 30, 4);
    write_file(file(session), "");
    server_.respawn(session, {"sh", "-c", "stty raw -echo; echo ready; exec cat >\"$1\"", "sh", file(session)});
    EXPECT_TRUE(eventually([&] { return server_.screen(session).find("ready") != std::string::npos; }));
    const std::string id = server_.run({"display-message", "-p", "-t", "=" + session + ":", "#{pane_id}"});
    return id.substr(0, id.find('\n'));
  }

  std::string received(const std::string& session) {
    std::string now = "?";
    // Nobody says when nothing more comes: many looks that are the same, also on a busy machine.
    constexpr int most_alike = 10;
    int alike = 0;
    eventually([&] {
      const std::string before = std::exchange(now, read_file(file(session), 10000));
      alike = before == now ? alike + 1 : 0;
      std::this_thread::sleep_for(std::chrono::milliseconds{50});
      return alike == most_alike;
    });
    std::ranges::replace(now, '\r', '\n');
    return now;
  }

  std::vector<std::string> program(const std::string& session) {
    return {"sh", "-c", "printf '%s\\n' \"$@\" >\"$0.new\"; mv \"$0.new\" \"$0.args\"; sleep 600", file(session)};
  }

  std::vector<std::string> restarted(const std::string& session) {
    const std::string made = file(session) + ".args";
    EXPECT_TRUE(eventually([&] { return std::filesystem::exists(made); }));
    std::vector<std::string> arguments;
    const std::string text = read_file(made, 10000);
    for (const auto line : split_lines(text)) arguments.emplace_back(line);
    return arguments;
  }

  // As Claude Code does, in its list of what runs.
  void say(const std::string& session, const std::string& conversation, bool busy) {
    const std::string process = server_.run({"display-message", "-p", "-t", "=" + session + ":", "#{pane_pid}"});
    write_file(folder_ / ("sessions/" + session + ".json"),
               fmt::format(R"({{"pid":{},"sessionId":"{}","status":"{}"}})", trim(process), conversation,
                           busy ? "busy" : "idle"));
  }

  void scroll(const std::string& session) { server_.run({"copy-mode", "-t", "=" + session + ":"}); }
  void end_program(const std::string& session) { server_.end_program(session); }

 private:
  std::string file(const std::string& session) const { return folder_ / session; }

  TemporaryFolder folder_;
  Variable config_folder_{"CLAUDE_CONFIG_DIR", folder_.path().c_str()};
  TmuxServer server_;
  os::EventLoop loop_;
  os::TmuxKeyboard keyboard_{loop_, {server_.socket_name(), Milliseconds{10'000}}, say_nothing};
};

class FakeKeyboardWorld {
 public:
  FakeKeyboardWorld() {
    keyboard_.listen([this](const Stroke& stroke, const PaneCapture& /*before*/) {
      if (stroke.kind == Stroke::Kind::restart) {
        const auto own = static_cast<std::ptrdiff_t>(program("").size());
        restarted_[stroke.pane].assign(stroke.arguments.begin() + own, stroke.arguments.end());
      } else {
        received_[stroke.pane] += stroke.text == "Enter" && stroke.kind == Stroke::Kind::key ? "\n" : stroke.text;
      }
    });
  }

  Keyboard& keyboard() { return keyboard_; }
  std::string start(const std::string& session) {
    panes_.show(session, "❯ \n", 30, 1);
    return id(session);
  }
  std::string received(const std::string& session) { return received_[id(session)]; }
  static std::vector<std::string> program(const std::string& /*session*/) { return {"agent"}; }
  std::vector<std::string> restarted(const std::string& session) { return restarted_[id(session)]; }
  void say(const std::string& session, const std::string& conversation, bool busy) {
    keyboard_.say(id(session), {conversation, busy});
  }
  void scroll(const std::string& session) { panes_.set_mode(session, true); }
  void end_program(const std::string& session) { panes_.end_program(session); }

 private:
  std::string id(const std::string& session) { return panes_.capture({session}).panes.at(0).pane; }

  sim::FakeTmux panes_;
  sim::VirtualClock clock_{WallTime{}, SteadyTime{Milliseconds{1000}}};
  sim::FaultyTmux server_{panes_, clock_, Milliseconds{1000}};
  sim::FakeKeyboard keyboard_{panes_, server_};
  std::map<std::string, std::string> received_;
  std::map<std::string, std::vector<std::string>> restarted_;
};

}  // namespace

namespace contracts {
INSTANTIATE_TYPED_TEST_SUITE_P(TmuxKeyboard, KeyboardContract, TmuxKeyboardWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(FakeKeyboard, KeyboardContract, FakeKeyboardWorld);
}  // namespace contracts

namespace {

// The first character of a suggestion is the cursor's, and inverse instead of faint.
TEST(WithoutFaint, LeavesOutWhatTheProgramOnlySuggests) {
  EXPECT_EQ(os::without_faint("❯ \x1b[7mR\x1b[0m\x1b[2mesend\x1b[0m\n"), "❯       \n");
  EXPECT_EQ(os::without_faint("❯ \x1b[2mTry this\x1b[22m\n"), "❯         \n");
}

TEST(WithoutFaint, KeepsWhatIsTyped) {
  EXPECT_EQ(os::without_faint("❯ a draft\x1b[7m \x1b[0m\n"), "❯ a draft \n");
  EXPECT_EQ(os::without_faint("❯ \x1b[7ma\x1b[0m draft\n"), "❯ a draft\n");
  EXPECT_EQ(os::without_faint("\x1b[38;5;2mgreen\x1b[39m \x1b[48;2;2;2;2mx\x1b[m é漢\n"), "green x é漢\n");
}

}  // namespace
}  // namespace quotawatch
