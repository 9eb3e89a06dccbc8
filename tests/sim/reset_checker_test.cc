// The checker of ends of limits, fed with journals that a monitor should not write.
#include "sim/check/reset_checker.h"

#include <gtest/gtest.h>

#include "sim/harness/fake_tmux.h"

namespace quotawatch::sim {
namespace {

using std::chrono::seconds;

const WallTime midday = *parse_wall("2026-11-23T12:00:00Z");

class ResetCheckerTest : public testing::Test {
 protected:
  ResetCheckerTest() {
    config_.dedicated = {"main", "side"};
    checker_.emplace(config_);
    for (const char* session : {"main", "side"}) panes_.show(session, "x\n", 80, 24);
  }

  void verdict(const std::string& session, const std::string& says, std::optional<WallTime> reset_at) {
    Event event = make_event(EventKind::verdict, midday);
    event.session = session;
    event.verdict = says;
    event.reset_at = reset_at;
    checker_->take({seconds{0}, 0, event});
  }

  // A `reset` event this many seconds after midday.
  void reset(int after_s, std::vector<std::string> sessions, WallTime reset_at) {
    Event event = make_event(EventKind::reset, midday + seconds{after_s});
    event.sessions = std::move(sessions);
    event.reset_at = reset_at;
    checker_->take({seconds{after_s}, 0, event});
  }

  void poll(int after_s) {
    checker_->captured(panes_.capture({"main", "side"}), {SteadyTime{seconds{after_s}}, midday + seconds{after_s}});
  }

  std::vector<std::string> broken() {
    std::vector<std::string> all;
    for (const auto& violation : checker_->violations()) {
      EXPECT_EQ(violation.invariant, "limit ended");
      all.push_back(violation.what);
    }
    return all;
  }

  using Broken = std::vector<std::string>;
  Config config_;
  std::optional<ResetChecker> checker_;
  FakeTmux panes_;
};

const WallTime at_10 = midday + seconds{10};

TEST_F(ResetCheckerTest, AcceptsEachEndReportedOnce) {
  verdict("main", "exhausted", at_10);
  verdict("side", "throttled", midday + seconds{11});
  poll(9);
  reset(10, {"main"}, at_10);
  reset(11, {"side"}, midday + seconds{11});
  poll(30);
  EXPECT_EQ(broken(), Broken{});
}

TEST_F(ResetCheckerTest, AnEndNotReportedBeforeThePollIsMissing) {
  verdict("main", "exhausted", at_10);
  poll(10);
  poll(20);
  EXPECT_EQ(broken(), Broken{"a limit ended at 2026-11-23T12:00:10Z and was not reported"});
}

TEST_F(ResetCheckerTest, AnEndReportedEarlyOrForNoSession) {
  verdict("main", "exhausted", at_10);
  reset(9, {"main"}, at_10);
  reset(10, {}, at_10);
  EXPECT_EQ(broken(), (Broken{"the end of a limit is reported too early", "the end of a limit names no session"}));
}

TEST_F(ResetCheckerTest, OneEndIsOneEventAndOnceOfASession) {
  verdict("main", "exhausted", at_10);
  verdict("side", "exhausted", at_10);
  reset(10, {"main"}, at_10);
  reset(10, {"side"}, at_10);
  reset(15, {"main"}, at_10);
  EXPECT_EQ(broken(), (Broken{"limits that ended at the same time are reported in two events",
                              "the end of main's limit was reported twice"}));
  verdict("main", "exhausted", at_10);  // the clock was set back
  poll(30);
  EXPECT_EQ(broken().size(), 2U) << "nothing is to be reported again";
}

TEST_F(ResetCheckerTest, AnEndThatWasNotKnownBeforeIsAnEventOfItsOwn) {
  verdict("main", "exhausted", at_10);
  reset(10, {"main"}, at_10);
  verdict("side", "exhausted", at_10);  // its record said so only now
  reset(10, {"side"}, at_10);
  EXPECT_EQ(broken(), Broken{});
}

TEST_F(ResetCheckerTest, SessionsThatDoNotShowItAreNotNamed) {
  verdict("main", "exhausted", at_10);
  verdict("main", "clear", at_10);  // expired
  verdict("side", "exhausted", midday + seconds{11});
  reset(11, {"main", "side"}, at_10);
  EXPECT_EQ(broken(), (Broken{"main does not show the limit that ended", "side does not show the limit that ended"}));
}

TEST_F(ResetCheckerTest, UnknownIsNotClearAndGoneIsGone) {
  verdict("main", "exhausted", at_10);
  verdict("main", "unknown", std::nullopt);
  verdict("side", "exhausted", at_10);
  panes_.remove("side");
  poll(5);
  reset(10, {"main"}, at_10);
  poll(15);
  EXPECT_EQ(broken(), Broken{});
}

TEST_F(ResetCheckerTest, ARunKnowsNothingOfTheOneBefore) {
  verdict("main", "exhausted", at_10);
  checker_->begin_run();
  poll(30);
  EXPECT_EQ(broken(), Broken{});
  verdict("main", "exhausted", midday + seconds{40});
  reset(40, {"main"}, midday + seconds{40});
  checker_->begin_run();
  verdict("main", "exhausted", midday + seconds{40});
  reset(41, {"main"}, midday + seconds{40});
  EXPECT_EQ(broken(), Broken{});
}

}  // namespace
}  // namespace quotawatch::sim
