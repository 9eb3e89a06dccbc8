// What happens between polls: notifications, and limits that end.
#include "monitor_scene.h"

namespace quotawatch {
namespace {

// Something happens all the time, and is delivered before a deadline that is past.
class NoisyClock final : public Clock {
 public:
  explicit NoisyClock(sim::VirtualClock& clock) : clock_(clock) {}

  Moment now() const override { return clock_.now(); }
  Wake wait_until(SteadyTime /*deadline*/) override {
    clock_.pass(seconds{1});
    return clock_.elapsed() > seconds{100} ? Wake::stop : Wake::notified;
  }

 private:
  sim::VirtualClock& clock_;
};

TEST_F(MonitorTest, APollThatIsOverdueIsNotKeptWaitingByNotifications) {
  NoisyClock clock(clock_);
  Monitor monitor(config_, Zone::utc(), judges_, {clock, tmux_, switcher_, store_, journal_});
  monitor.run();
  EXPECT_EQ(tmux_.polled, "31 61 91 ");
}

class MonitorResetTest : public MonitorTest {
 protected:
  MonitorResetTest() {
    config_.dedicated = {"main", "side"};
    config_.accounts = {"a"};
    show("main");
  }

  void show(const std::string& session) { panes_.show(session, "You've hit your limit · resets 12:10pm\n", 80, 24); }

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
      all.push_back(
          fmt::format("{}.{:03} {}", offset.count() / 1000, offset.count() % 1000, *field_text(event, "sessions")));
    }
    return all;
  }

  using Resets = std::vector<std::string>;
};

TEST_F(MonitorResetTest, AreReportedOnTimeAndDoNotMoveThePollGrid) {
  clock_.wait_until(SteadyTime{seconds{7}});
  run_until(seconds{640});
  EXPECT_EQ(resets(), Resets{"600.000 main"});
  const std::string polls = tmux_.polled;
  EXPECT_EQ(polls.substr(polls.size() - 16), "547 577 607 637 ") << "no poll for it, none left out";
  const auto& entries = journal_.entries();
  const auto told = std::find_if(entries.begin(), entries.end(),
                                 [](const auto& entry) { return entry.event.kind == EventKind::reset; });
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

TEST_F(MonitorResetTest, NameTheSessionsThatStillShowIt) {
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

TEST_F(MonitorResetTest, AreReportedOnceHoweverOftenTheClockGoesBack) {
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

TEST_F(MonitorResetTest, AreReportedByAManualPoll) {
  auto monitor = make();
  monitor.poll();
  clock_.wait_until(SteadyTime{seconds{600}});
  monitor.poll();
  EXPECT_EQ(resets(), Resets{"600.000 main"});
}

}  // namespace
}  // namespace quotawatch
