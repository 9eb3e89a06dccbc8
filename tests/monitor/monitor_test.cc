// The loop: when it polls, in which order it saves, journals and requests, and what it does
// when the state cannot be kept.
#include <algorithm>

#include "monitor_scene.h"
#include "quotawatch/pool_store.h"

namespace quotawatch {
namespace {

TEST_F(MonitorTest, PollsOnTheGridThatBeganWithIt) {
  schedule(seconds{100}, Wake::stop);
  clock_.wait_until(SteadyTime{seconds{5}});
  auto monitor = make();
  EXPECT_EQ(monitor.run(), Wake::stop);
  EXPECT_EQ(tmux_.polled, "35 65 95 ");
}

TEST_F(MonitorTest, APollThatIsLateIsNotMadeUpFor) {
  schedule(seconds{250}, Wake::stop);
  auto monitor = make();
  tmux_.takes = seconds{75};  // from 30 to 105: the polls at 60 and 90 are gone
  monitor.run();
  EXPECT_EQ(tmux_.polled, "30 105 120 150 180 210 240 ") << "one late poll, then on the grid";
}

TEST_F(MonitorTest, APollAsLongAsTheIntervalMissesNone) {
  schedule(seconds{130}, Wake::stop);
  auto monitor = make();
  tmux_.takes = seconds{30};
  monitor.run();
  EXPECT_EQ(tmux_.polled, "30 60 90 120 ");
}

TEST_F(MonitorTest, AsksForAllSessionsAtOnceInTheConfigsOrder) {
  config_.pool = {"p-", 1, 2};
  auto monitor = make();
  monitor.poll();
  EXPECT_EQ(tmux_.names, (std::vector<std::string>{"p-1", "p-2", "main"}));
}

TEST_F(MonitorTest, APaneOfTwoSessionsCountsOnceAndItsResetIsReportedForOne) {
  config_.pool = {"p-", 1, 2};
  config_.dedicated.clear();
  panes_.show("p-1", "You've hit your limit · resets 12:10\n", 80, 24);
  panes_.link("p-2", "p-1");
  schedule(minutes{11}, Wake::stop);
  auto monitor = make();
  monitor.run();
  EXPECT_EQ(events(), "reset") << "one banner is below the pool's threshold of two";
  EXPECT_EQ(journal_.entries()[1].event.why, "shows the pane of p-1, where it counts");
  const auto view = monitor.view();
  EXPECT_EQ(view.sessions[1].verdict->why, "shows the pane of p-1, where it counts");
  for (const auto& [offset, run, event] : journal_.entries()) {
    if (event.kind != EventKind::reset) continue;
    EXPECT_EQ(event.sessions, std::vector<std::string>{"p-1"});
  }
}

TEST_F(MonitorTest, ASessionThatStandsStillWithAnErrorIsReportedOnce) {
  panes_.show("main", "API Error: 500 Internal server error\n", 80, 24);
  schedule(minutes{5}, Wake::reload);
  schedule(minutes{60}, Wake::stop);
  auto monitor = make();
  monitor.run();
  EXPECT_EQ(events(), "");
  panes_.fail("main", "timed out");  // what is not seen is as it was (A2)
  clock_.schedule(clock_.now().steady + minutes{2}, sim::VirtualClock::Order::event, [this] {
    panes_.show("main", "API Error: 500 Internal server error\n", 80, 24);
    return std::optional<Wake>();
  });
  monitor.run();
  EXPECT_EQ(events(), "stopped");
  const auto found =
      std::ranges::find(journal_.entries(), EventKind::stopped, [](const auto& entry) { return entry.event.kind; });
  EXPECT_EQ(found->offset, minutes{10} + seconds{30}) << "seen first at the first poll";
  EXPECT_EQ(found->event.session, "main");
  EXPECT_EQ(found->event.verdict, "server_error");
  EXPECT_EQ(found->event.why, "has shown this for 10m and does nothing");
}

TEST_F(MonitorTest, APaneIsCountedForTheFirstSessionThatIsLeft) {
  config_.dedicated = {"main", "side"};
  panes_.show("main", "429 Too many requests\n", 80, 24);
  panes_.link("side", "main");
  auto monitor = make();
  monitor.poll();
  EXPECT_EQ(journal_.entries().back().event.session, "main");
  panes_.remove("main");
  monitor.poll();
  EXPECT_EQ(events(), "suspect switch");
  EXPECT_EQ(journal_.entries().back().event.session, "side");
}

// Once in the journal, for the session that it counts for.
TEST_F(MonitorTest, UnrecognisedWordingOfASharedPaneIsReportedOnce) {
  config_.pack = "auto";
  config_.dedicated = {"main", "side"};
  panes_.show("main", "❯ go on\n  ⎿  Your plan's daily allowance is exhausted\n", 80, 24);
  panes_.link("side", "main");
  auto monitor = make();
  monitor.poll();
  const std::string once = events();
  panes_.remove("main");
  monitor.poll();
  EXPECT_EQ(once, "unrecognised");
  EXPECT_EQ(events(), "unrecognised unrecognised");
  EXPECT_EQ(journal_.entries().back().event.session, "side");
}

TEST_F(MonitorTest, AProgramThatHasEndedIsNoEvidence) {
  panes_.show("main", "You've hit your limit · resets 12:10\n", 80, 24);
  config_.accounts = {"a"};
  schedule(minutes{11}, Wake::stop);
  auto monitor = make();
  monitor.poll();
  panes_.end_program("main");
  monitor.run();
  EXPECT_EQ(events(), "exhausted_everywhere clear:below_thresholds") << "nothing waits for its reset";
  EXPECT_EQ(journal_.entries()[2].event.why, "the program in the pane has ended");
  EXPECT_EQ(journal_.entries()[2].event.verdict, "unknown");
  panes_.show("main", "You've hit your limit · resets 12:10\n", 80, 24);
  monitor.poll();
  EXPECT_EQ(journal_.entries().back().event.kind, EventKind::verdict) << "judged again";
}

TEST_F(MonitorTest, ACaptureThatIsInterruptedMeansNothing) {
  panes_.show("main", "You've hit your limit · resets 8pm\n", 80, 24);
  tmux_.interrupted = true;
  auto monitor = make();
  monitor.poll();
  EXPECT_TRUE(journal_.entries().empty());
  EXPECT_FALSE(monitor.state().in_flight);
}

TEST_F(MonitorTest, KeepsTheStateBeforeTheHookStarts) {
  panes_.show("main", "You've hit your limit · resets 8pm\n", 80, 24);
  switcher_.set_outcome({SwitcherOutcome::Kind::hang, {}, ""});
  auto monitor = make();
  monitor.poll();
  ASSERT_EQ(switcher_.started().size(), 1U);
  ASSERT_TRUE(store_.load());
  EXPECT_EQ(store_.load()->in_flight, switcher_.started()[0]);
}

TEST_F(MonitorTest, AStateThatCannotBeKeptStartsNoHook) {
  panes_.show("main", "You've hit your limit · resets 8pm\n", 80, 24);
  auto monitor = make();
  store_.fail_with("disk full");
  monitor.poll();
  EXPECT_EQ(events(), "switch switch_failed");
  EXPECT_EQ(journal_.entries().back().event.why, "the state cannot be saved: disk full");
  EXPECT_TRUE(switcher_.started().empty());
  store_.fail_with(std::nullopt);
  clock_.wait_until(SteadyTime{seconds{30}});
  monitor.poll();
  EXPECT_EQ(events(), "switch switch_failed switch");
  EXPECT_EQ(switcher_.started().size(), 1U);
}

TEST_F(MonitorTest, ReportsWhatASessionShowsOnlyWhenItChanges) {
  auto monitor = make();
  const auto poll = [&](const char* text) {
    if (text) panes_.show("main", text, 80, 24);
    monitor.poll();
    return journal_.entries().size();
  };
  EXPECT_EQ(poll(nullptr), 0U) << "a session that does not exist is not journalled";
  EXPECT_EQ(poll("at work\n"), 1U);
  EXPECT_EQ(poll("at work\n"), 1U);
  EXPECT_EQ(poll("still at work\n"), 1U) << "as clear as before";
  EXPECT_EQ(poll("API Error: 500\n"), 2U);
  const Event& event = journal_.entries().back().event;
  EXPECT_EQ(event.session, "main");
  EXPECT_EQ(event.verdict, "server_error");
  EXPECT_EQ(event.rule, "api-error-5xx");
  EXPECT_EQ(event.snippet, "API Error: 500");
  EXPECT_EQ(poll("API Error: 503\n"), 3U);
}

TEST_F(MonitorTest, ReportsOnceThatTheServerWentAndCameBack) {
  panes_.show("main", "at work\n", 80, 24);
  auto monitor = make();
  for (const bool up : {true, false, false, true, true}) {
    panes_.set_server_up(up, "no server");
    monitor.poll();
  }
  EXPECT_EQ(events(), "tmux_down tmux_up");
}

TEST_F(MonitorTest, ResumesTheSwitchThatTheStateHasInFlight) {
  State saved;
  saved.active_account = "b";
  saved.in_flight = SwitchRequest{"id-1", "b", "a", "main", "", std::nullopt, clock_.now().wall};
  store_.save(saved);
  auto monitor = make();
  monitor.start();
  EXPECT_EQ(events(), "switch_resumed");
  ASSERT_EQ(switcher_.started().size(), 1U);
  EXPECT_EQ(switcher_.started()[0], *saved.in_flight);
  EXPECT_TRUE(monitor.finish_switch());
  EXPECT_EQ(events(), "switch_resumed switch_done");
  EXPECT_EQ(monitor.state().active_account, "a");
  EXPECT_TRUE(monitor.finish_switch()) << "nothing is in flight";
}

TEST_F(MonitorTest, WaitsForTheSwitchInFlightUnlessStopped) {
  panes_.show("main", "You've hit your limit · resets 8pm\n", 80, 24);
  switcher_.set_outcome({SwitcherOutcome::Kind::ok, seconds{50}, ""});
  schedule(seconds{20}, Wake::stop);
  auto monitor = make();
  monitor.poll();
  EXPECT_FALSE(monitor.finish_switch());
  EXPECT_EQ(clock_.elapsed(), seconds{20});
  EXPECT_TRUE(monitor.finish_switch());
  EXPECT_EQ(clock_.elapsed(), seconds{50});
}

TEST_F(MonitorTest, TakesAReportAsSoonAsItComes) {
  panes_.show("main", "You've hit your limit · resets 8pm\n", 80, 24);
  switcher_.set_outcome({SwitcherOutcome::Kind::ok, seconds{5}, ""});
  schedule(seconds{40}, Wake::stop);
  auto monitor = make();
  monitor.run();
  EXPECT_EQ(events(), "switch switch_done");
  EXPECT_EQ(journal_.entries().back().offset, seconds{35});
}

TEST_F(MonitorTest, GoesOnWithAnotherConfig) {
  schedule(seconds{40}, Wake::reload);
  schedule(seconds{95}, Wake::stop);
  panes_.show("main", "429 Too many requests\n", 80, 24);
  panes_.show("side", "429 Too many requests\n", 80, 24);
  auto monitor = make();
  EXPECT_EQ(monitor.run(), Wake::reload);
  EXPECT_EQ(events(), "suspect");
  config_.dedicated = {"side"};
  config_.quota.poll_interval = seconds{20};
  monitor.configure(config_, judges_);
  EXPECT_EQ(monitor.run(), Wake::stop);
  EXPECT_EQ(tmux_.polled, "30 50 70 90 ") << "one new interval after the last poll";
  EXPECT_EQ(events(), "suspect switch switch_done skip:cooldown skip:cooldown") << "what was suspected is remembered";
  EXPECT_EQ(tmux_.names, std::vector<std::string>{"side"});
}

TEST_F(MonitorTest, RefusesAStateThatCannotBeRead) {
  class BrokenStore final : public StateStore {
   public:
    std::optional<State> load() override { throw InputError("state.json", 3, "is broken"); }
    std::optional<std::string> save(const State& /*state*/) override { return std::nullopt; }
  } store;
  const MonitorParts parts{clock_, tmux_, switcher_, store, journal_};
  EXPECT_THROW(Monitor(config_, Zone::utc(), judges_, parts), InputError);
}

// It can be reached, and never answers.
class SilentStore final : public PoolStore {
 public:
  void read(const std::string& /*group*/) override { asked_ = true; }
  void write(const std::string& /*group*/, const PoolRow& /*expected*/, const PoolRow& /*row*/) override {}
  bool busy(const std::string& /*group*/) const override { return asked_; }
  std::optional<StoreAnswer> take_answer(const std::string& /*group*/) override { return std::nullopt; }
  bool take_news(const std::string& /*group*/) override { return false; }
  bool tells_of_changes() const override { return true; }
  void tell(const std::string& /*group*/, const HostWord& /*word*/) override {}
  std::string why_away() const override { return away; }
  void abandon() override { asked_ = false; }

  std::string away;

 private:
  bool asked_ = false;
};

TEST_F(MonitorTest, AStoreThatCanBeReachedAgainIsDownUntilItAnswers) {
  SilentStore pool;
  MonitorParts parts{clock_, tmux_, switcher_, store_, journal_};
  parts.pool = &pool;
  Monitor monitor(config_, Zone::utc(), judges_, parts);
  schedule(seconds{40}, Wake::stop);
  EXPECT_EQ(monitor.view().store->why, "");
  pool.away = "connection refused";
  monitor.run();
  EXPECT_EQ(events(), "store_down skip:store");
  EXPECT_EQ(monitor.view().store->why, "connection refused");
  pool.away.clear();
  schedule(seconds{80}, Wake::stop);
  monitor.run();
  EXPECT_EQ(events(), "store_down skip:store skip:store") << "not up yet";
  EXPECT_TRUE(monitor.view().store->down_since);
  EXPECT_EQ(monitor.view().store->why, "it has not answered yet");
}

}  // namespace
}  // namespace quotawatch
