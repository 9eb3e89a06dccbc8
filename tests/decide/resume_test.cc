// Who is due to be asked to go on, how often, and when it is over.
#include "quotawatch/resume.h"

#include <gtest/gtest.h>

#include "quotawatch/step.h"

namespace quotawatch {
namespace {

using Shows = ResumeLook::Shows;

class ResumeTest : public testing::Test {
 protected:
  ResumeTest() {
    rules_.resume.usual.how = ResumeHow::type;
    state_.active_account = "b";
    state_.last_switch = DoneSwitch{"switch-1", "a", "b", WallTime{}};
  }

  static Moment at(int second) {
    const Milliseconds since = std::chrono::seconds{second};
    return {SteadyTime{since}, WallTime{since}};
  }

  std::vector<std::string> look(ResumeLook look, int second) {
    auto noted = note_looks(rules_, std::move(state_), {std::move(look)}, at(second));
    state_ = std::move(noted.state);
    events_ = std::move(noted.events);
    return noted.due;
  }

  Event ask(int second) {
    auto [next, event] = begin_attempt(rules_, std::move(state_), "main", at(second));
    state_ = std::move(next);
    return event;
  }

  DecisionRules rules_{{}, {"a", "b"}, Zone::utc()};
  State state_;
  std::vector<Event> events_;
};

using Due = std::vector<std::string>;

TEST_F(ResumeTest, ABannerOfTheAccountBeforeIsDueAtOnce) {
  EXPECT_EQ(look({"main", Shows::stale}, 10), Due{"main"});
  const Event event = ask(11);
  EXPECT_EQ(event.kind, EventKind::resume);
  EXPECT_EQ(event.reason, "switch");
  EXPECT_EQ(event.account, "b");
  EXPECT_EQ(event.attempt, 1);
}

TEST_F(ResumeTest, NobodyIsDueWithoutResume) {
  rules_.resume.usual.how = ResumeHow::off;
  EXPECT_EQ(look({"main", Shows::stale}, 10), Due{});
  EXPECT_TRUE(state_.resumptions.empty());
}

TEST_F(ResumeTest, NobodyIsDueWhileTheActiveAccountIsLimitedOrASwitchIsUnderWay) {
  state_.limited_until["b"] = at(100).wall;
  EXPECT_EQ(look({"main", Shows::stale}, 99), Due{});
  EXPECT_EQ(look({"main", Shows::stale}, 100), Due{"main"});
  state_.in_flight = SwitchRequest{"switch-2", "b", "a", "main", "", std::nullopt, at(100).wall};
  EXPECT_EQ(look({"main", Shows::stale}, 101), Due{});
}

TEST_F(ResumeTest, ALimitOfTheActiveAccountIsNotDue) { EXPECT_EQ(look({"main", Shows::limit}, 10), Due{}); }

TEST_F(ResumeTest, ThreeAttemptsThenItFailed) {
  EXPECT_EQ(look({"main", Shows::stale}, 0), Due{"main"});
  ask(0);
  EXPECT_EQ(look({"main", Shows::stale}, 89), Due{});  // the patience, and one poll
  EXPECT_EQ(look({"main", Shows::stale}, 90), Due{"main"});
  ask(90);
  EXPECT_EQ(look({"main", Shows::stale}, 209), Due{});  // and two
  EXPECT_EQ(look({"main", Shows::stale}, 210), Due{"main"});
  ask(210);
  EXPECT_EQ(look({"main", Shows::stale}, 269), Due{});
  EXPECT_TRUE(events_.empty());
  EXPECT_EQ(look({"main", Shows::stale}, 270), Due{});
  ASSERT_EQ(events_.size(), 1U);
  EXPECT_EQ(events_[0].kind, EventKind::resume_failed);
  EXPECT_EQ(look({"main", Shows::stale}, 1000), Due{});
  EXPECT_TRUE(events_.empty());
}

TEST_F(ResumeTest, ASessionThatWorksHasGoneOn) {
  look({"main", Shows::stale}, 0);
  ask(1);
  look({"main", Shows::work}, 25);
  ASSERT_EQ(events_.size(), 1U);
  EXPECT_EQ(events_[0].kind, EventKind::resumed);
  EXPECT_EQ(events_[0].after, "24s");
}

// A switch that did not take must not have us type for ever.
TEST_F(ResumeTest, AttemptsCountOnWhereItStopsAgainAtTheSameSwitch) {
  for (int attempt = 1; attempt <= most_resume_attempts; ++attempt) {
    EXPECT_EQ(look({"main", Shows::stale}, attempt * 1000), Due{"main"});
    EXPECT_EQ(ask(attempt * 1000).attempt, attempt);
    look({"main", Shows::work}, attempt * 1000 + 1);
  }
  EXPECT_EQ(look({"main", Shows::stale}, 9000), Due{});
  state_.last_switch->id = "switch-2";
  EXPECT_EQ(look({"main", Shows::stale}, 9030), Due{"main"});
}

TEST_F(ResumeTest, ItsOwnWaitingIsLeftAloneForFiveMinutes) {
  const ResumeLook waits{"main", Shows::passed, at(100).wall, true};
  EXPECT_EQ(look(waits, 399), Due{});
  EXPECT_EQ(look(waits, 400), Due{"main"});
  EXPECT_EQ(look({"other", Shows::passed, at(100).wall, false}, 100), Due{"other"});
}

TEST_F(ResumeTest, WhatStandsInTheWayIsSaidOnce) {
  look({"main", Shows::stale}, 0);
  const auto say = [&](std::string_view why) {
    auto [next, event] = hold(std::move(state_), "main", why, at(1));
    state_ = std::move(next);
    return event.has_value();
  };
  EXPECT_TRUE(say("a draft"));
  EXPECT_FALSE(say("a draft"));
  EXPECT_TRUE(say("a menu"));
  EXPECT_FALSE(say("a draft"));
}

TEST_F(ResumeTest, TheOperatorsWordNeedsNoBanner) {
  state_ = ask_by_hand(std::move(state_), "main", at(5));
  EXPECT_EQ(look({"main", Shows::work}, 5), Due{"main"});
  EXPECT_EQ(ask(6).reason, "operator");
  look({"main", Shows::work}, 30);
  EXPECT_EQ(events_.at(0).kind, EventKind::resumed);
  EXPECT_TRUE(state_.resumptions.empty());
}

// A program that was started on its conversation waits at its prompt: it has not gone on by that.
TEST_F(ResumeTest, ARestartedProgramIsAskedAtItsPromptInTheSameAttempt) {
  look({"main", Shows::stale}, 0);
  ask(0);
  state_ = set_to_type(std::move(state_), "main", true);
  EXPECT_EQ(look({"main", Shows::nothing}, 5), Due{});
  EXPECT_EQ(look({"main", Shows::work}, 6), Due{});  // half of its screen
  EXPECT_EQ(parse_state(to_json(state_), "state").resumptions, state_.resumptions);
  EXPECT_EQ(look({"main", Shows::idle}, 7), Due{"main"});
  EXPECT_TRUE(events_.empty());
  state_ = set_to_type(std::move(state_), "main", false);
  look({"main", Shows::idle}, 30);
  ASSERT_EQ(events_.size(), 1U);
  EXPECT_EQ(events_[0].kind, EventKind::resumed);
}

TEST_F(ResumeTest, ARestartedProgramThatWorksNeedsNoAsking) {
  look({"main", Shows::stale}, 0);
  ask(0);
  state_ = set_to_type(std::move(state_), "main", true);
  ResumeLook works{"main", Shows::work};
  works.works = true;
  EXPECT_EQ(look(works, 10), Due{});
  ASSERT_EQ(events_.size(), 1U);
  EXPECT_EQ(events_[0].kind, EventKind::resumed);
  EXPECT_EQ(look({"main", Shows::idle}, 30), Due{});
}

TEST_F(ResumeTest, ARestartedProgramWithoutAPromptIsToldOnceAndAskedWhenItHasOne) {
  look({"main", Shows::stale}, 0);
  ask(0);
  state_ = set_to_type(std::move(state_), "main", true);
  look({"main", Shows::nothing}, 89);
  EXPECT_TRUE(events_.empty());
  look({"main", Shows::nothing}, 90);
  ASSERT_EQ(events_.size(), 1U);
  EXPECT_EQ(events_[0].kind, EventKind::resume_failed);
  look({"main", Shows::asks}, 120);
  EXPECT_TRUE(events_.empty());
  EXPECT_EQ(look({"main", Shows::idle}, 150), Due{"main"});
}

// Typed, and drawn over before its Enter: what is typed then is another attempt, without another start.
TEST_F(ResumeTest, ATextThatWasLostIsTypedInAnotherAttempt) {
  rules_.resume.usual.how = ResumeHow::restart;
  look({"main", Shows::stale}, 0);
  EXPECT_EQ(ask(0).how, "restart");
  const auto lose_text = [this] {
    state_ = set_to_type(std::move(state_), "main", true);
    state_.resumptions.at("main").text_sent = true;
    EXPECT_EQ(parse_state(to_json(state_), "state").resumptions, state_.resumptions);
  };
  lose_text();
  EXPECT_EQ(look({"main", Shows::idle}, 89), Due{"main"});  // its Enter may be all that is missing
  EXPECT_FALSE(may_try_again(rules_, state_, "main", at(89)));
  EXPECT_TRUE(may_try_again(rules_, state_, "main", at(90)));
  const Event second = ask(90);
  EXPECT_EQ(second.how, "type");
  EXPECT_EQ(second.attempt, 2);
  EXPECT_FALSE(state_.resumptions.at("main").text_sent);
  lose_text();
  ask(210);
  lose_text();
  EXPECT_FALSE(may_try_again(rules_, state_, "main", at(1000)));
  EXPECT_EQ(look({"main", Shows::idle}, 1000), Due{"main"});
  ASSERT_EQ(events_.size(), 1U);
  EXPECT_EQ(events_[0].kind, EventKind::resume_failed);
  look({"main", Shows::idle}, 1030);
  EXPECT_TRUE(events_.empty());
}

TEST_F(ResumeTest, ADialogThatCameOfAskingIsNoWork) {
  EXPECT_EQ(look({"main", Shows::asks}, 0), Due{});  // nobody had asked: the user's
  look({"main", Shows::stale}, 10);
  ask(11);
  EXPECT_EQ(look({"main", Shows::asks}, 40), Due{});
  EXPECT_TRUE(events_.empty());
  EXPECT_EQ(look({"main", Shows::asks}, 101), Due{"main"});
  look({"main", Shows::work}, 130);
  EXPECT_EQ(events_.at(0).kind, EventKind::resumed);
  EXPECT_EQ(look({"main", Shows::asks}, 1000), Due{});  // after it went on: the user's again
}

TEST_F(ResumeTest, ARestartWaitsOutThePatienceAgain) {
  look({"main", Shows::stale}, 0);
  ask(0);
  const State saved = parse_state(to_json(state_), "state");
  EXPECT_EQ(saved.resumptions, state_.resumptions);
  state_ = start_state(saved, "b", at(50));
  EXPECT_EQ(look({"main", Shows::stale}, 60), Due{});
  EXPECT_EQ(look({"main", Shows::stale}, 149), Due{});
  EXPECT_EQ(look({"main", Shows::stale}, 150), Due{"main"});
}

}  // namespace
}  // namespace quotawatch
