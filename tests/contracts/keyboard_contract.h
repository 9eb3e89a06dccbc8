// The contract of Keyboard: run against TmuxKeyboard and FakeKeyboard.
//
// A World is default constructible, and has
//   Keyboard& keyboard();
//   std::string start(session): a session with a program that reads keys; its pane's id;
//   std::string received(session): what the program has read, Enter as a newline;
//   std::vector<std::string> restarted(session): the arguments that its pane was restarted with;
//   void scroll(session): its pane is in copy mode;
//   void end_program(session): the program ends, and the pane stays;
//   void say(session, conversation, busy): what its program says of itself; no conversation: nothing.
#pragma once

#include <gtest/gtest.h>

#include "quotawatch/keyboard.h"

namespace quotawatch::contracts {

template <typename World>
class KeyboardContract : public testing::Test {
 protected:
  std::string send(Stroke::Kind kind, const std::string& pane, const std::string& text) {
    return world_.keyboard().send({kind, "a", pane, text});
  }
  void expect_sent(Stroke::Kind kind, const std::string& pane, const std::string& text) {
    EXPECT_EQ(send(kind, pane, text), "") << text;
  }

  World world_;
};

TYPED_TEST_SUITE_P(KeyboardContract);

TYPED_TEST_P(KeyboardContract, TypesIntoOnePaneAndPressesEnterApart) {
  const std::string a = this->world_.start("a");
  this->world_.start("b");
  this->expect_sent(Stroke::Kind::text, a, "continue");
  EXPECT_EQ(this->world_.received("a"), "continue");
  this->expect_sent(Stroke::Kind::key, a, "Enter");
  EXPECT_EQ(this->world_.received("a"), "continue\n");
  this->expect_sent(Stroke::Kind::key, a, "2");
  EXPECT_EQ(this->world_.received("a"), "continue\n2");
  EXPECT_EQ(this->world_.received("b"), "");
}

TYPED_TEST_P(KeyboardContract, TypesEveryTextAsItIs) {
  const std::string a = this->world_.start("a");
  std::string all;
  for (const std::string text : {"$(date)", "a;b ;", "#{pane_id}", "it's \"so\"", "Enter", "C-c", "-t %0", "\\x41 \\;",
                                 "{}", "%1", "~", "é漢字 🙂"}) {
    this->expect_sent(Stroke::Kind::text, a, text);
    all += text;
    EXPECT_EQ(this->world_.received("a"), all);
  }
}

TYPED_TEST_P(KeyboardContract, NothingReachesAPaneThatIsNotThere) {
  this->world_.start("a");
  for (const std::string pane : {"%99", "", "a", "=a:", "%", "%0x"}) {
    EXPECT_NE(this->send(Stroke::Kind::text, pane, "continue"), "") << pane;
  }
  EXPECT_EQ(this->world_.received("a"), "");
}

TYPED_TEST_P(KeyboardContract, NothingReachesAPaneInAMode) {
  const std::string a = this->world_.start("a");
  this->world_.scroll("a");
  EXPECT_NE(this->send(Stroke::Kind::text, a, "q"), "");
  EXPECT_NE(this->send(Stroke::Kind::key, a, "Enter"), "");
  EXPECT_EQ(this->world_.received("a"), "");
}

TYPED_TEST_P(KeyboardContract, NothingReachesAProgramThatHasEnded) {
  const std::string a = this->world_.start("a");
  this->world_.end_program("a");
  EXPECT_NE(this->send(Stroke::Kind::text, a, "continue"), "");
}

TYPED_TEST_P(KeyboardContract, RestartsTheProgramWithTheseArguments) {
  const std::string a = this->world_.start("a");
  const std::vector<std::string> arguments{"an argument", "$HOME", "it's", ";", "#{x}", ""};
  Stroke stroke{Stroke::Kind::restart, "a", a};
  stroke.arguments = this->world_.program("a");
  stroke.arguments.insert(stroke.arguments.end(), arguments.begin(), arguments.end());
  EXPECT_EQ(this->world_.keyboard().send(stroke), "");
  EXPECT_EQ(this->world_.restarted("a"), arguments);
}

TYPED_TEST_P(KeyboardContract, PutsTheConversationIntoTheArguments) {
  const std::string a = this->world_.start("a");
  const std::string b = this->world_.start("b");
  this->world_.say("a", "a70db2c2-72fb", false);
  this->world_.say("b", "01a22b73-92fd", false);
  Stroke stroke{Stroke::Kind::restart, "b", b};
  stroke.arguments = this->world_.program("b");
  stroke.arguments.insert(stroke.arguments.end(), {"{session_id}", "--resume={session_id}, {session_id}", "{session}"});
  EXPECT_EQ(this->world_.keyboard().why_not(stroke), "");
  EXPECT_EQ(this->world_.keyboard().send(stroke), "");
  EXPECT_EQ(this->world_.restarted("b"),
            (std::vector<std::string>{"01a22b73-92fd", "--resume=01a22b73-92fd, 01a22b73-92fd", "{session}"}));
}

TYPED_TEST_P(KeyboardContract, RefusesARestartWhoseConversationIsNotKnown) {
  const std::string a = this->world_.start("a");
  this->world_.say("a", "", false);
  Stroke stroke{Stroke::Kind::restart, "a", a};
  stroke.arguments = {"agent", "--resume", "{session_id}"};
  EXPECT_NE(this->world_.keyboard().why_not(stroke), "");
  EXPECT_NE(this->world_.keyboard().send(stroke), "");
  this->expect_sent(Stroke::Kind::text, a, "still there");
  EXPECT_EQ(this->world_.received("a"), "still there");
}

TYPED_TEST_P(KeyboardContract, SaysThatAProgramWorks) {
  const std::string a = this->world_.start("a");
  this->world_.say("a", "a70db2c2-72fb", true);
  for (const auto kind : {Stroke::Kind::text, Stroke::Kind::key, Stroke::Kind::restart, Stroke::Kind::command}) {
    EXPECT_EQ(this->world_.keyboard().why_not({kind, "a", a}), "the agent says that it works");
  }
  this->world_.say("a", "a70db2c2-72fb", false);
  EXPECT_EQ(this->world_.keyboard().why_not({Stroke::Kind::text, "a", a}), "");
}

REGISTER_TYPED_TEST_SUITE_P(KeyboardContract, TypesIntoOnePaneAndPressesEnterApart, TypesEveryTextAsItIs,
                            NothingReachesAPaneThatIsNotThere, NothingReachesAPaneInAMode,
                            NothingReachesAProgramThatHasEnded, RestartsTheProgramWithTheseArguments,
                            PutsTheConversationIntoTheArguments, RefusesARestartWhoseConversationIsNotKnown,
                            SaysThatAProgramWorks);

}  // namespace quotawatch::contracts
