// The contract of Witness: run against ProgramRecords, with what both programs write, and FakeWitness.
//
// A World is default constructible, and has
//   Witness& witness();
//   PaneCapture start(session): a session in which a program runs; what a capture says of its pane;
//   void say(session, testimony): the program writes this, behind what it has written;
//   void lose(session): what it has written is gone.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "quotawatch/witness.h"

namespace quotawatch::contracts {

template <typename World>
class WitnessContract : public testing::Test {
 protected:
  static WallTime at(int seconds) { return WallTime(std::chrono::seconds{1'795'979'000 + seconds}); }
  static constexpr WallTime reset{std::chrono::seconds{1'795'989'600}};

  std::optional<Testimony> ask(const std::string& session, const PaneCapture& pane) {
    auto heard = world_.witness().ask(session, pane);
    if (!heard) return heard;
    heard->use.clear();  // what is used of the account may be said with any turn
    heard->use_at = {};
    return heard;
  }
  // Says it, and expects to hear it.
  void expect_heard(const std::string& session, const PaneCapture& pane, const Testimony& testimony) {
    world_.say(session, testimony);
    EXPECT_EQ(ask(session, pane), testimony) << testimony_name(testimony.says);
  }

  World world_;
};

TYPED_TEST_SUITE_P(WitnessContract);

TYPED_TEST_P(WitnessContract, ANewProgramHasSaidNothing) {
  const auto pane = this->world_.start("a");
  EXPECT_EQ(this->ask("a", pane), std::nullopt);
}

TYPED_TEST_P(WitnessContract, TheLastWordCounts) {
  using Says = Testimony::Says;
  const auto pane = this->world_.start("a");
  this->expect_heard("a", pane, {Says::under_way, this->at(1)});
  this->expect_heard("a", pane, {Says::fine, this->at(2)});
  this->expect_heard("a", pane, {Says::under_way, this->at(3)});
  this->expect_heard("a", pane, {Says::refused, this->at(4), this->reset});
  this->expect_heard("a", pane, {Says::under_way, this->at(5)});
  this->expect_heard("a", pane, {Says::failed, this->at(6)});
  this->expect_heard("a", pane, {Says::under_way, this->at(7)});
}

TYPED_TEST_P(WitnessContract, TheSameForAsLongAsItStands) {
  const auto pane = this->world_.start("a");
  const Testimony refused{Testimony::Says::refused, this->at(4), this->reset};
  this->expect_heard("a", pane, refused);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(this->ask("a", pane), refused);
}

TYPED_TEST_P(WitnessContract, TwoRefusalsAreTwo) {
  const auto pane = this->world_.start("a");
  this->expect_heard("a", pane, {Testimony::Says::refused, this->at(4), this->reset});
  this->expect_heard("a", pane, {Testimony::Says::refused, this->at(5), this->reset});
}

TYPED_TEST_P(WitnessContract, EachSessionSpeaksForItself) {
  const auto a = this->world_.start("a");
  const auto b = this->world_.start("b");
  const Testimony fine{Testimony::Says::fine, this->at(1)};
  this->expect_heard("a", a, fine);
  EXPECT_EQ(this->ask("b", b), std::nullopt);
  this->expect_heard("b", b, {Testimony::Says::refused, this->at(2), this->reset});
  EXPECT_EQ(this->ask("a", a), fine);
}

TYPED_TEST_P(WitnessContract, WhatIsLostIsNoLongerKnown) {
  const auto pane = this->world_.start("a");
  this->expect_heard("a", pane, {Testimony::Says::refused, this->at(4), this->reset});
  this->world_.lose("a");
  EXPECT_EQ(this->ask("a", pane), std::nullopt);
  EXPECT_EQ(this->ask("a", pane), std::nullopt);
}

REGISTER_TYPED_TEST_SUITE_P(WitnessContract, ANewProgramHasSaidNothing, TheLastWordCounts, TheSameForAsLongAsItStands,
                            TwoRefusalsAreTwo, EachSessionSpeaksForItself, WhatIsLostIsNoLongerKnown);

}  // namespace quotawatch::contracts
