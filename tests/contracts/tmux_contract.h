// The contract of Tmux: run against TmuxClient and FakeTmux.
//
// A World is default constructible, begins with a server without sessions, and has
//   Tmux& tmux();
//   void show(session, text): the session's pane of `columns` by `rows` shows the text;
//   void show_further(session, text): a second window, not the active one, shows the text;
//   void link(session, other): a new session that shows the pane of the other;
//   void end_program(session): the program in its pane ends, and the pane stays;
//   void remove(session), stop_server(); start_server(): without sessions again.
#pragma once

#include <gtest/gtest.h>

#include "quotawatch/tmux.h"

namespace quotawatch::contracts {

template <typename World>
class TmuxContract : public testing::Test {
 protected:
  static constexpr int columns = 30;
  static constexpr int rows = 4;

  TmuxCapture capture(const std::vector<std::string>& sessions) { return world_.tmux().capture(sessions); }

  // `text`: rows, each with its newline.
  void show(const std::string& session, const std::string& text) { world_.show(session, text, columns, rows); }

  static void expect_screen(const PaneCapture& pane, const std::string& text) {
    ASSERT_EQ(pane.status, PaneCapture::Status::screen) << pane.why;
    ASSERT_TRUE(pane.text);
    EXPECT_EQ(*pane.text, text);
    EXPECT_EQ(pane.columns, columns);
    EXPECT_EQ(pane.rows, rows);
    EXPECT_EQ(pane.why, "");
    EXPECT_NE(pane.pane, "");
  }

  static void expect_absent(const PaneCapture& pane) {
    EXPECT_EQ(pane.status, PaneCapture::Status::absent) << pane.why;
    EXPECT_FALSE(pane.text);
    EXPECT_EQ(pane.why, "");
    EXPECT_EQ(pane.pane, "");
  }

  static void expect_up(const TmuxCapture& capture, std::size_t panes) {
    EXPECT_TRUE(capture.server_up) << capture.why;
    EXPECT_FALSE(capture.interrupted);
    EXPECT_EQ(capture.why, "");
    ASSERT_EQ(capture.panes.size(), panes);
  }

  static void expect_down(const TmuxCapture& capture, std::size_t panes) {
    EXPECT_FALSE(capture.server_up);
    EXPECT_FALSE(capture.interrupted);
    EXPECT_NE(capture.why, "");
    ASSERT_EQ(capture.panes.size(), panes);
    for (const auto& pane : capture.panes) {
      EXPECT_EQ(pane.status, PaneCapture::Status::failed);
      EXPECT_NE(pane.why, "");
    }
  }

  World world_;
};

TYPED_TEST_SUITE_P(TmuxContract);

TYPED_TEST_P(TmuxContract, NoNamesAskedGiveNoPanes) {
  this->expect_up(this->capture({}), 0);
  this->show("main", "hello\n\n\n\n");
  this->expect_up(this->capture({}), 0);
}

TYPED_TEST_P(TmuxContract, ListsTheSessionsThatAreThere) {
  const auto listed = [this] {
    auto list = this->world_.tmux().list_sessions();
    EXPECT_TRUE(list.server_up);
    EXPECT_FALSE(list.interrupted);
    std::sort(list.names.begin(), list.names.end());
    return list.names;
  };
  using Names = std::vector<std::string>;
  this->show("main", "hello\n\n\n\n");
  EXPECT_EQ(listed(), Names{"main"});
  this->show("a 1", "hello\n\n\n\n");
  this->world_.show_further("main", "a second window\n\n\n\n");
  EXPECT_EQ(listed(), (Names{"a 1", "main"}));
  this->capture({"main"});  // a connection of ours is no session
  EXPECT_EQ(listed(), (Names{"a 1", "main"}));
  this->world_.end_program("main");
  this->world_.remove("a 1");
  EXPECT_EQ(listed(), Names{"main"});
  this->world_.stop_server();
  EXPECT_FALSE(this->world_.tmux().list_sessions().server_up);
}

TYPED_TEST_P(TmuxContract, ShowsTheWholeScreenBlankRowsIncluded) {
  const std::string text = "hello\n\n  there\n\n";
  this->show("main", text);
  const auto capture = this->capture({"main"});
  this->expect_up(capture, 1);
  this->expect_screen(capture.panes[0], text);
}

TYPED_TEST_P(TmuxContract, ShowsABlankScreenAsRows) {
  this->show("main", "\n\n\n\n");
  const auto capture = this->capture({"main"});
  this->expect_up(capture, 1);
  this->expect_screen(capture.panes[0], "\n\n\n\n");
}

TYPED_TEST_P(TmuxContract, ShowsUtf8AsItIs) {
  const std::string text = "│ ❯ é漢字 │\n⎿ ● 🙂 …\n\n\n";
  this->show("main", text);
  this->expect_screen(this->capture({"main"}).panes.at(0), text);
}

TYPED_TEST_P(TmuxContract, AnswersInTheOrderAskedHoweverOften) {
  this->show("a", "I am a\n\n\n\n");
  this->show("b", "I am b\n\n\n\n");
  const auto capture = this->capture({"b", "none", "a", "b"});
  this->expect_up(capture, 4);
  this->expect_screen(capture.panes[0], "I am b\n\n\n\n");
  this->expect_absent(capture.panes[1]);
  this->expect_screen(capture.panes[2], "I am a\n\n\n\n");
  this->expect_screen(capture.panes[3], "I am b\n\n\n\n");
}

TYPED_TEST_P(TmuxContract, TakesNoSessionForAnotherWhoseNameBeginsLikeIt) {
  this->show("a-1", "one\n\n\n\n");
  this->show("a-10", "ten\n\n\n\n");
  auto capture = this->capture({"a-1", "a-10", "a-", "a-100", "*", "a-?"});
  this->expect_up(capture, 6);
  this->expect_screen(capture.panes[0], "one\n\n\n\n");
  this->expect_screen(capture.panes[1], "ten\n\n\n\n");
  for (std::size_t i = 2; i < 6; ++i) this->expect_absent(capture.panes[i]);
  this->world_.remove("a-1");
  capture = this->capture({"a-1", "a-10"});
  this->expect_up(capture, 2);
  this->expect_absent(capture.panes[0]);
  this->expect_screen(capture.panes[1], "ten\n\n\n\n");
}

TYPED_TEST_P(TmuxContract, AServerWithoutTheSessionsIsUp) {
  const auto capture = this->capture({"a", "b"});
  this->expect_up(capture, 2);
  for (const auto& pane : capture.panes) this->expect_absent(pane);
}

TYPED_TEST_P(TmuxContract, SeesWhatASessionShowsNow) {
  for (const std::string text : {"one\n\n\n\n", "two\n\n\n\n", "\n\n\nthree\n"}) {
    this->show("main", text);
    this->expect_screen(this->capture({"main"}).panes.at(0), text);
  }
}

TYPED_TEST_P(TmuxContract, SaysWhichPaneASessionShows) {
  this->show("a", "I am a\n\n\n\n");
  this->show("b", "I am b\n\n\n\n");
  this->world_.link("c", "a");
  auto capture = this->capture({"a", "b", "c"});
  this->expect_up(capture, 3);
  EXPECT_NE(capture.panes[0].pane, capture.panes[1].pane);
  EXPECT_EQ(capture.panes[0].pane, capture.panes[2].pane);
  this->expect_screen(capture.panes[2], "I am a\n\n\n\n");

  // It remains the same pane, whatever it shows and whichever session goes.
  const std::string pane = capture.panes[0].pane;
  this->show("a", "And I go on\n\n\n\n");
  EXPECT_EQ(this->capture({"a"}).panes.at(0).pane, pane);
  this->expect_screen(this->capture({"c"}).panes.at(0), "And I go on\n\n\n\n");
  this->world_.remove("a");
  capture = this->capture({"a", "c"});
  this->expect_absent(capture.panes[0]);
  this->expect_screen(capture.panes[1], "And I go on\n\n\n\n");
  EXPECT_EQ(capture.panes[1].pane, pane);
}

TYPED_TEST_P(TmuxContract, WhatAProgramThatHasEndedLeftIsNoScreen) {
  this->show("a", "I am a\n\n\n\n");
  this->show("b", "I am b\n\n\n\n");
  const std::string pane = this->capture({"a"}).panes.at(0).pane;
  this->world_.end_program("a");
  auto capture = this->capture({"a", "b"});
  this->expect_up(capture, 2);
  EXPECT_EQ(capture.panes[0].status, PaneCapture::Status::ended);
  EXPECT_FALSE(capture.panes[0].text);
  EXPECT_EQ(capture.panes[0].why, "");
  EXPECT_EQ(capture.panes[0].pane, pane);
  this->expect_screen(capture.panes[1], "I am b\n\n\n\n");
  this->show("a", "Another one\n\n\n\n");
  this->expect_screen(this->capture({"a"}).panes.at(0), "Another one\n\n\n\n");
}

TYPED_TEST_P(TmuxContract, ShowsTheFurtherPanesOfTheSessionsAskedFor) {
  this->show("a", "I am a\n\n\n\n");
  this->show("b", "I am b\n\n\n\n");
  this->show("c", "I am c\n\n\n\n");
  EXPECT_TRUE(this->capture({"a", "b"}).further.empty());
  this->world_.show_further("b", "second of b\n\n\n\n");
  this->world_.show_further("c", "second of c\n\n\n\n");
  for (int poll = 0; poll < 2; ++poll) {
    const auto capture = this->capture({"a", "b"});
    this->expect_up(capture, 2);
    this->expect_screen(capture.panes[1], "I am b\n\n\n\n");
    ASSERT_EQ(capture.further.size(), 1U);
    EXPECT_EQ(capture.further[0].session, 1U);
    this->expect_screen(capture.further[0].pane, "second of b\n\n\n\n");
    EXPECT_NE(capture.further[0].pane.pane, capture.panes[1].pane);
    EXPECT_NE(capture.further[0].pane.window_pane, capture.panes[1].window_pane);
  }
  this->world_.remove("b");
  EXPECT_TRUE(this->capture({"a", "b"}).further.empty());
}

TYPED_TEST_P(TmuxContract, WithoutAServerEveryPaneIsUnknownAndNoneAbsent) {
  this->show("main", "hello\n\n\n\n");
  this->world_.stop_server();
  this->expect_down(this->capture({"main", "none"}), 2);
  this->expect_down(this->capture({"main", "none"}), 2);
  this->world_.start_server();
  this->show("main", "back\n\n\n\n");
  const auto capture = this->capture({"main", "none"});
  this->expect_up(capture, 2);
  this->expect_screen(capture.panes[0], "back\n\n\n\n");
  this->expect_absent(capture.panes[1]);
}

REGISTER_TYPED_TEST_SUITE_P(TmuxContract, NoNamesAskedGiveNoPanes, ListsTheSessionsThatAreThere,
                            ShowsTheWholeScreenBlankRowsIncluded, ShowsABlankScreenAsRows, ShowsUtf8AsItIs,
                            AnswersInTheOrderAskedHoweverOften, TakesNoSessionForAnotherWhoseNameBeginsLikeIt,
                            AServerWithoutTheSessionsIsUp, SeesWhatASessionShowsNow, SaysWhichPaneASessionShows,
                            WhatAProgramThatHasEndedLeftIsNoScreen, ShowsTheFurtherPanesOfTheSessionsAskedFor,
                            WithoutAServerEveryPaneIsUnknownAndNoneAbsent);

}  // namespace quotawatch::contracts
