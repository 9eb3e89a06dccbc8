// The contract of Keyboard: run against TmuxKeyboard and FakeKeyboard.
//
// A World is default constructible, and has
//   Keyboard& keyboard();
//   std::string start(session): a session with a program that reads keys; its pane's id;
//   std::string received(session): what the program has read, Enter as a newline;
//   std::vector<std::string> restarted(session): the arguments that its pane was restarted with;
//   void scroll(session): its pane is in copy mode;
//   void end_program(session): the program ends, and the pane stays.
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

REGISTER_TYPED_TEST_SUITE_P(KeyboardContract, TypesIntoOnePaneAndPressesEnterApart, TypesEveryTextAsItIs,
                            NothingReachesAPaneThatIsNotThere, NothingReachesAPaneInAMode,
                            NothingReachesAProgramThatHasEnded, RestartsTheProgramWithTheseArguments);

}  // namespace quotawatch::contracts
