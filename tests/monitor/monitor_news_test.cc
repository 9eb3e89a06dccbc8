// What a monitor tells between its polls: panes that changed, limits that ended.
#include <fmt/format.h>

#include "monitor_scene.h"

namespace quotawatch {
namespace {

class LookTest : public MonitorTest {
 protected:
  // `main` shows this from then on, and tmux says so.
  void show_at(Milliseconds when, const std::string& text) {
    clock_.schedule(SteadyTime{when}, sim::VirtualClock::Order::event,
                    [this, text]() -> std::optional<Wake> {
                      panes_.show("main", text, 80, 24);
                      tmux_.changed = {"main", "one that is not watched"};
                      return Wake::notified;
                    });
  }

  // "30s clear" for each verdict, "60s switch" for each decision.
  std::string told_when() const {
    std::string text;
    for (const auto& [offset, run, event] : journal_.entries()) {
      text += fmt::format("{}s {} ", offset.count() / 1000,
                          event.verdict ? *event.verdict : event_name(event.kind));
    }
    return text;
  }
};

constexpr const char* undated_screen = "429 Too many requests\n";

TEST_F(LookTest, WhatChangesBetweenPollsIsToldAtOnceAndDecidedOnAtThePoll) {
  show_at(seconds{1}, "at work\n");
  show_at(seconds{40}, undated_screen);
  schedule(seconds{95}, Wake::stop);
  auto monitor = make();
  monitor.run();
  EXPECT_EQ(told_when(), "1s clear 40s exhausted 60s suspect 90s switch 90s switch_done ");
}

TEST_F(LookTest, WhatIsGoneAgainByThePollIsNothing) {
  show_at(seconds{29}, "at work\n");
  show_at(seconds{31}, undated_screen);
  show_at(seconds{59}, "at work\n");
  schedule(seconds{65}, Wake::stop);
  auto monitor = make();
  monitor.run();
  EXPECT_EQ(told_when(), "29s clear 31s exhausted 60s clear ");
  EXPECT_TRUE(monitor.state().sessions.empty());
}

// A pane that comes and goes is told once a poll, so that it cannot flood the journal.
TEST_F(LookTest, APaneThatChangesAgainAndAgainIsToldOnceAPoll) {
  for (int second = 31; second < 59; second += 2) {
    show_at(seconds{second}, second % 4 == 1 ? "at work\n" : undated_screen);
  }
  schedule(seconds{65}, Wake::stop);
  auto monitor = make();
  monitor.run();
  EXPECT_EQ(told_when(), "31s exhausted 60s clear ");
  EXPECT_EQ(tmux_.polled, "30 31 60 ") << "nor is tmux asked for it again";
}

// What a pane shows while it is drawn anew takes nobody's turn.
TEST_F(LookTest, ALookThatHasNothingToTellIsFollowedByOthers) {
  show_at(seconds{1}, "at work\n");
  show_at(seconds{31}, "\n\n\n");
  show_at(seconds{33}, "still at work\n");
  show_at(seconds{35}, undated_screen);
  schedule(seconds{45}, Wake::stop);
  auto monitor = make();
  monitor.run();
  EXPECT_EQ(told_when(), "1s clear 35s exhausted ");
}

// Something happens all the time, and is told before a deadline that is past.
class NoisyClock final : public Clock {
 public:
  NoisyClock(sim::VirtualClock& clock, SlowTmux& tmux) : clock_(clock), tmux_(tmux) {}

  Moment now() const override { return clock_.now(); }
  Wake wait_until(SteadyTime /*deadline*/) override {
    clock_.pass(seconds{1});
    if (clock_.elapsed() > seconds{100}) return Wake::stop;
    tmux_.changed = {"main"};
    return Wake::notified;
  }

 private:
  sim::VirtualClock& clock_;
  SlowTmux& tmux_;
};

TEST_F(LookTest, APollThatIsOverdueComesBeforeAnyLook) {
  panes_.show("main", undated_screen, 80, 24);
  NoisyClock clock(clock_, tmux_);
  Monitor monitor(config_, Zone::utc(), judges_, {clock, tmux_, switcher_, store_, journal_});
  monitor.run();
  EXPECT_EQ(told_when(), "1s exhausted 31s suspect 61s switch 62s switch_done 91s skip ");
}

// A message that a look saw first came to its screen when a poll sees it first.
TEST_F(LookTest, WhatALookSeesIsNotRemembered) {
  show_at(seconds{40}, "You've hit your limit · resets 8pm\n");
  schedule(seconds{50}, Wake::stop);
  auto monitor = make();
  monitor.run();
  EXPECT_EQ(told_when(), "40s exhausted ");
  EXPECT_TRUE(monitor.state().sessions.empty());
  monitor.poll();
  EXPECT_EQ(monitor.state().sessions.at("main").sighting->first_seen, clock_.now().wall);
}

TEST_F(LookTest, ALookThatFailsSaysNothing) {
  panes_.show("main", "at work\n", 80, 24);
  auto monitor = make();
  monitor.poll();
  panes_.fail("main", "no answer");
  tmux_.changed = {"main"};
  monitor.look();
  panes_.set_server_up(false);
  tmux_.changed = {"main"};
  monitor.look();
  EXPECT_EQ(told_when(), "0s clear ");
}

class MonitorResetTest : public MonitorTest {
 protected:
  MonitorResetTest() {
    config_.dedicated = {"main", "side"};
    config_.accounts = {"a"};
    show("main");
  }

  void show(const std::string& session) {
    panes_.show(session, "You've hit your limit · resets 12:10pm\n", 80, 24);
  }

  void do_at(Milliseconds when, std::function<void()> what) {
    clock_.schedule(SteadyTime{when}, sim::VirtualClock::Order::event,
                    [what = std::move(what)]() -> std::optional<Wake> {
                      what();
                      return std::nullopt;
                    });
  }

  void run_until(Milliseconds end) {
    schedule(end, Wake::stop);
    auto monitor = make();
    monitor.run();
  }

  // "600.000 main,side"
  std::vector<std::string> resets() const {
    std::vector<std::string> all;
    for (const auto& [offset, run, event] : journal_.entries()) {
      if (event.kind != EventKind::reset) continue;
      all.push_back(fmt::format("{}.{:03} {}", offset.count() / 1000, offset.count() % 1000,
                                *field_text(event, "sessions")));
    }
    return all;
  }

  using Resets = std::vector<std::string>;
};

TEST_F(MonitorResetTest, AreToldAtTheirMomentAndTheGridStays) {
  clock_.wait_until(SteadyTime{seconds{7}});
  run_until(seconds{640});
  EXPECT_EQ(resets(), Resets{"600.000 main"});
  const std::string polls = tmux_.polled;
  EXPECT_EQ(polls.substr(polls.size() - 16), "547 577 607 637 ") << "no poll for it, none left out";
  const auto& entries = journal_.entries();
  const auto told = std::find_if(entries.begin(), entries.end(), [](const auto& entry) {
    return entry.event.kind == EventKind::reset;
  });
  EXPECT_EQ(told->event.at, *parse_wall("2026-11-23T12:10:00Z"));
  EXPECT_EQ(told->event.reset_at, told->event.at);
  EXPECT_EQ(told->event.reset_text, "12:10pm");
  EXPECT_EQ(told->event.account, "a");
  EXPECT_FALSE(told->event.from || told->event.session);
}

TEST_F(MonitorResetTest, AtTheMomentOfAPollComeBeforeItsEvents) {
  run_until(seconds{601});
  const auto& entries = journal_.entries();
  ASSERT_GE(entries.size(), 3U);
  const auto count = entries.size();
  EXPECT_EQ(entries[count - 3].event.kind, EventKind::reset);
  EXPECT_EQ(entries[count - 2].event.kind, EventKind::verdict);
  EXPECT_EQ(entries[count - 2].event.verdict, "clear");
  EXPECT_EQ(entries[count - 1].event.kind, EventKind::clear);
}

TEST_F(MonitorResetTest, NameWhoShowsItStill) {
  config_.dedicated = {"gone", "side", "woken", "failed", "main"};
  for (const auto& session : config_.dedicated) show(session);
  do_at(seconds{500}, [&] { panes_.remove("gone"); });
  do_at(seconds{500}, [&] { panes_.show("woken", "at work\n", 80, 24); });
  do_at(seconds{500}, [&] { panes_.fail("failed", "timed out"); });
  run_until(seconds{700});
  EXPECT_EQ(resets(), Resets{"600.000 side,failed,main"});
}

TEST_F(MonitorResetTest, AreFoundAtTheNextWakeWhereTheClockIsSetForward) {
  do_at(seconds{95}, [&] { clock_.step_wall(minutes{30}); });
  schedule(seconds{101}, Wake::notified);
  run_until(seconds{200});
  EXPECT_EQ(resets(), Resets{"101.000 main"});
}

TEST_F(MonitorResetTest, ComeLaterAndOnceWhereTheClockIsSetBack) {
  for (const int moment : {595, 650, 800}) {
    do_at(seconds{moment}, [&] { clock_.step_wall(-minutes{1}); });
  }
  run_until(seconds{1200});
  EXPECT_EQ(resets(), Resets{"720.000 main"});
}

TEST_F(MonitorResetTest, AreToldOnceHoweverOftenTheClockGoesBack) {
  do_at(seconds{605}, [&] { clock_.step_wall(-minutes{3}); });
  do_at(seconds{1000}, [&] { clock_.step_wall(-minutes{10}); });
  run_until(minutes{60});
  EXPECT_EQ(resets(), Resets{"600.000 main"});
}

TEST_F(MonitorResetTest, SurviveAReload) {
  do_at(seconds{560}, [&] { show("side"); });
  schedule(seconds{597}, Wake::reload);
  schedule(seconds{605}, Wake::reload);
  auto monitor = make();
  EXPECT_EQ(monitor.run(), Wake::reload);
  config_.dedicated = {"side", "main"};
  monitor.configure(config_, judges_);
  EXPECT_EQ(monitor.run(), Wake::reload);
  EXPECT_EQ(resets(), Resets{"600.000 side,main"}) << "known since before, and no poll between";
  monitor.configure(config_, judges_);
  do_at(seconds{606}, [&] { clock_.step_wall(-minutes{1}); });
  schedule(seconds{700}, Wake::stop);
  monitor.run();
  EXPECT_EQ(resets(), Resets{"600.000 side,main"}) << "and that they were told";
}

TEST_F(MonitorResetTest, DoNotHoldUpThePollBehindThem) {
  tmux_.takes = seconds{20};  // a poll that goes on over the reset of its own banner
  clock_.wait_until(SteadyTime{seconds{565}});
  run_until(seconds{640});
  EXPECT_EQ(tmux_.polled, "595 625 ");
  EXPECT_EQ(resets(), Resets{"615.000 main"});
}

TEST_F(MonitorResetTest, AreToldByAPollThatIsMadeByHand) {
  auto monitor = make();
  monitor.poll();
  clock_.wait_until(SteadyTime{seconds{600}});
  monitor.poll();
  EXPECT_EQ(resets(), Resets{"600.000 main"});
}

}  // namespace
}  // namespace quotawatch
