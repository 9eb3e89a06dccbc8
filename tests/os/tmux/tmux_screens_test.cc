// TmuxClient against real tmux: many panes, odd panes, and panes that imitate protocol lines.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "os/tmux/tmux_client.h"
#include "tmux_server.h"

namespace quotawatch {
namespace {

using namespace os::testing_support;
using Status = PaneCapture::Status;

// The parameter: whether to use a lasting connection.
class TmuxScreens : public testing::TestWithParam<bool> {
 protected:
  TmuxScreens() { server_.start(); }

  void expect_screen(const std::string& session, const std::string& text) {
    const auto capture = client_.capture({session});
    ASSERT_EQ(capture.panes.at(0).status, Status::screen) << capture.why;
    EXPECT_EQ(*capture.panes[0].text, text);
  }

  TmuxServer server_;
  os::EventLoop loop_;
  os::TmuxClient client_{loop_, {server_.socket_name(), std::chrono::seconds{20}, GetParam()}, [](std::string_view) {}};
};

INSTANTIATE_TEST_SUITE_P(Connection, TmuxScreens, testing::Bool());

TEST_P(TmuxScreens, FiveHundredSessionsAtOnce) {
  std::string commands;
  std::vector<std::string> names;
  for (int i = 0; i < 500; ++i) {
    names.push_back(fmt::format("ccl-auto-{}", i));
    commands += fmt::format("new-session -d -s {} -x 120 -y 40 'echo I am {}; exec sleep 600'\n", names.back(), i);
  }
  server_.run({"source-file", "-"}, commands);
  const auto shown = [&](const TmuxCapture& capture, std::size_t i) {
    return capture.panes.at(i).text && capture.panes[i].text->starts_with(fmt::format("I am {}\n", i));
  };
  ASSERT_TRUE(eventually([&] { return shown(client_.capture(names), 499); }));
  names.insert(names.begin() + 250, "none");
  ASSERT_TRUE(eventually([&] {
    const auto capture = client_.capture(names);
    std::size_t right = 0;
    for (std::size_t i = 0; i < 250; ++i) right += shown(capture, i) ? 1U : 0U;
    for (std::size_t i = 250; i < 500; ++i) {
      right +=
          capture.panes[i + 1].text && capture.panes[i + 1].text->starts_with(fmt::format("I am {}\n", i)) ? 1U : 0U;
    }
    EXPECT_EQ(capture.panes[250].status, Status::absent);
    return right == 500;
  }));
}

TEST_P(TmuxScreens, ImitationsOfMarkersAreText) {
  const std::string nonce(32, '0');
  std::string text;
  for (const int index : {0, 1, 2}) text += fmt::format("{} {} $0 80 24 %1 0 b\n", nonce, index);
  text += "display-message -p 'x'\ncan't find session: b\n";
  text += "%end 1795664791 32735 0\n%begin 1795664791 32736 0\n%error 1795664791 32736 1\n";
  server_.show("a", text, 80, 8);
  server_.show("b", "honest\n\n", 20, 2);
  const auto capture = client_.capture({"a", "b"});
  EXPECT_EQ(*capture.panes.at(0).text, text);
  EXPECT_EQ(*capture.panes.at(1).text, "honest\n\n");
}

TEST_P(TmuxScreens, Utf8AndWideCharactersUnderThePlainLocale) {
  const Variable locale("LC_ALL", "C");
  const std::string text = "漢字漢字 é ü ⎿ ● ❯ │ … 🙂\n e\u0301 ｗｉｄｅ\n\n";
  server_.show("a", text, 40, 3);
  expect_screen("a", text);
}

TEST_P(TmuxScreens, AWideCharacterThatDoesNotFitWraps) {
  server_.show("a", "漢\n漢\n字\n", 2, 3);
  expect_screen("a", "漢\n漢\n字\n");
}

TEST_P(TmuxScreens, TheSmallestPane) {
  server_.show("a", "x\n", 1, 1);
  expect_screen("a", "x\n");
  EXPECT_EQ(client_.capture({"a"}).panes.at(0).columns, 1);
}

TEST_P(TmuxScreens, AHugePaneFullOfText) {
  std::string text;
  for (int row = 0; row < 400; ++row) {
    for (int column = 0; column < 1000; ++column) text += "│";
    text += "\n";
  }
  server_.show("a", text, 1000, 400);  // 1.2 MB
  server_.show("b", "small\n\n", 20, 2);
  const auto capture = client_.capture({"b", "a", "b"});
  ASSERT_EQ(capture.panes.at(1).status, Status::screen) << capture.why;
  EXPECT_EQ(*capture.panes[1].text, text);
  EXPECT_EQ(capture.panes[1].columns, 1000);
  EXPECT_EQ(capture.panes[1].rows, 400);
  EXPECT_EQ(*capture.panes[2].text, "small\n\n");
}

TEST_P(TmuxScreens, APaneInCopyModeShowsItsProgram) {
  server_.show("a", "hello\n\n", 20, 2);
  server_.run({"copy-mode", "-t", "=a:"});
  expect_screen("a", "hello\n\n");
}

TEST_P(TmuxScreens, AProgramThatFillsTheWholeScreenIsSeen) {
  server_.show("a", "before\n\n", 20, 2);
  server_.run({"respawn-pane", "-k", "-t", "=a:", "printf '\\033[?1049h\\033[Hin'; exec sleep 600"});
  EXPECT_TRUE(eventually([&] {
    const auto pane = client_.capture({"a"}).panes.at(0);
    return pane.text && *pane.text == "in\n\n";
  }));
}

TEST_P(TmuxScreens, TheCurrentPaneOfTheCurrentWindowIsSeen) {
  server_.show("a", "first\n\n", 20, 2);
  server_.run({"new-window", "-t", "=a:", "printf second; exec sleep 600"});
  EXPECT_TRUE(eventually([&] {
    const auto pane = client_.capture({"a"}).panes.at(0);
    return pane.text && *pane.text == "second\n\n";
  }));
}

}  // namespace
}  // namespace quotawatch
