// The loop: when it polls, in which order it keeps, tells and asks, and what it does
// when the state cannot be kept.
#include "quotawatch/monitor.h"

#include <gtest/gtest.h>

#include "sim/fake_switcher.h"
#include "sim/fake_tmux.h"
#include "sim/memory_journal.h"
#include "sim/memory_state_store.h"
#include "sim/virtual_clock.h"

namespace quotawatch {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// A tmux that takes its time, and notes when it was asked.
class SlowTmux final : public Tmux {
 public:
  SlowTmux(sim::VirtualClock& clock, sim::FakeTmux& tmux) : clock_(clock), tmux_(tmux) {}

  TmuxCapture capture(const std::vector<std::string>& sessions) override {
    polled += fmt::format("{} ", clock_.elapsed().count() / 1000);
    names = sessions;
    if (takes > Milliseconds{0}) clock_.wait_until(clock_.now().steady + takes);
    takes = Milliseconds{0};
    auto capture = tmux_.capture(sessions);
    capture.interrupted = interrupted;
    return capture;
  }

  std::vector<std::string> take_changed() override { return std::exchange(changed, {}); }

  std::vector<std::string> changed;  // told the next time
  Milliseconds takes{0};             // the next time
  bool interrupted = false;
  std::string polled;
  std::vector<std::string> names;

 private:
  sim::VirtualClock& clock_;
  sim::FakeTmux& tmux_;
};

class MonitorTest : public testing::Test {
 protected:
  MonitorTest() {
    config_.pack = "seed";
    config_.dedicated = {"main"};
    config_.accounts = {"a", "b"};
    config_.active_account = "a";
  }

  Monitor make() {
    return Monitor(config_, Zone::utc(), judges_, {clock_, tmux_, switcher_, store_, journal_});
  }

  // Everything told so far but verdicts, in order.
  std::string told() const {
    std::string text;
    for (const auto& [offset, run, event] : journal_.entries()) {
      if (event.kind == EventKind::verdict) continue;
      text += fmt::format("{}{}", text.empty() ? "" : " ", event_name(event.kind));
      if (event.reason) text += ":" + *event.reason;
    }
    return text;
  }

  void schedule(Milliseconds when, Wake wake) {
    clock_.schedule(SteadyTime{when}, sim::VirtualClock::Order::event,
                    [wake] { return std::optional(wake); });
  }

  Config config_;
  JudgeCache judges_;
  sim::VirtualClock clock_{*parse_wall("2026-11-23T12:00:00Z"), SteadyTime{std::chrono::hours{10}}};
  sim::FakeTmux panes_;
  SlowTmux tmux_{clock_, panes_};
  sim::FakeSwitcher switcher_{clock_, minutes{2}};
  sim::MemoryStateStore store_;
  sim::MemoryJournal journal_{clock_};
};

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
  switcher_.set_outcome({sim::FakeSwitcher::Outcome::Kind::hang, {}, ""});
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
  EXPECT_EQ(told(), "switch switch_failed");
  EXPECT_EQ(journal_.entries().back().event.why, "the state cannot be saved: disk full");
  EXPECT_TRUE(switcher_.started().empty());
  store_.fail_with(std::nullopt);
  clock_.wait_until(SteadyTime{seconds{30}});
  monitor.poll();
  EXPECT_EQ(told(), "switch switch_failed switch");
  EXPECT_EQ(switcher_.started().size(), 1U);
}

TEST_F(MonitorTest, TellsWhatASessionShowsWhenItChangesOnly) {
  auto monitor = make();
  const auto poll = [&](const char* text) {
    if (text) panes_.show("main", text, 80, 24);
    monitor.poll();
    return journal_.entries().size();
  };
  EXPECT_EQ(poll(nullptr), 0U) << "a session that does not exist is nothing to tell";
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

TEST_F(MonitorTest, TellsThatTheServerWentAndCameBackOnce) {
  panes_.show("main", "at work\n", 80, 24);
  auto monitor = make();
  for (const bool up : {true, false, false, true, true}) {
    panes_.set_server_up(up, "no server");
    monitor.poll();
  }
  EXPECT_EQ(told(), "tmux_down tmux_up");
}

TEST_F(MonitorTest, ResumesTheSwitchThatTheStateHasInFlight) {
  State saved;
  saved.active_account = "b";
  saved.in_flight = SwitchRequest{"id-1", "b", "a", "main", "", std::nullopt, clock_.now().wall};
  store_.save(saved);
  auto monitor = make();
  monitor.start();
  EXPECT_EQ(told(), "switch_resumed");
  ASSERT_EQ(switcher_.started().size(), 1U);
  EXPECT_EQ(switcher_.started()[0], *saved.in_flight);
  EXPECT_TRUE(monitor.finish_switch());
  EXPECT_EQ(told(), "switch_resumed switch_done");
  EXPECT_EQ(monitor.state().active_account, "a");
  EXPECT_TRUE(monitor.finish_switch()) << "nothing is in flight";
}

TEST_F(MonitorTest, WaitsForTheSwitchInFlightUnlessStopped) {
  panes_.show("main", "You've hit your limit · resets 8pm\n", 80, 24);
  switcher_.set_outcome({sim::FakeSwitcher::Outcome::Kind::ok, seconds{50}, ""});
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
  switcher_.set_outcome({sim::FakeSwitcher::Outcome::Kind::ok, seconds{5}, ""});
  schedule(seconds{40}, Wake::stop);
  auto monitor = make();
  monitor.run();
  EXPECT_EQ(told(), "switch switch_done");
  EXPECT_EQ(journal_.entries().back().offset, seconds{35});
}

TEST_F(MonitorTest, GoesOnWithAnotherConfig) {
  schedule(seconds{40}, Wake::reload);
  schedule(seconds{95}, Wake::stop);
  panes_.show("main", "429 Too many requests\n", 80, 24);
  panes_.show("side", "429 Too many requests\n", 80, 24);
  auto monitor = make();
  EXPECT_EQ(monitor.run(), Wake::reload);
  EXPECT_EQ(told(), "suspect");
  config_.dedicated = {"side"};
  config_.quota.poll_interval = seconds{20};
  monitor.configure(config_, judges_);
  EXPECT_EQ(monitor.run(), Wake::stop);
  EXPECT_EQ(tmux_.polled, "30 50 70 90 ") << "one new interval after the last poll";
  EXPECT_EQ(told(), "suspect switch switch_done skip:cooldown skip:cooldown")
      << "what was suspected is remembered";
  EXPECT_EQ(tmux_.names, std::vector<std::string>{"side"});
}

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

constexpr const char* undated = "429 Too many requests\n";

TEST_F(LookTest, WhatChangesBetweenPollsIsToldAtOnceAndDecidedOnAtThePoll) {
  show_at(seconds{1}, "at work\n");
  show_at(seconds{40}, undated);
  schedule(seconds{95}, Wake::stop);
  auto monitor = make();
  monitor.run();
  EXPECT_EQ(told_when(), "1s clear 40s exhausted 60s suspect 90s switch 90s switch_done ");
}

TEST_F(LookTest, WhatIsGoneAgainByThePollIsNothing) {
  show_at(seconds{29}, "at work\n");
  show_at(seconds{31}, undated);
  show_at(seconds{59}, "at work\n");
  schedule(seconds{65}, Wake::stop);
  auto monitor = make();
  monitor.run();
  EXPECT_EQ(told_when(), "29s clear 31s exhausted 59s clear ");
  EXPECT_TRUE(monitor.state().sessions.empty());
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

TEST_F(MonitorTest, RefusesAStateThatCannotBeRead) {
  class BrokenStore final : public StateStore {
   public:
    std::optional<State> load() override { throw InputError("state.json", 3, "is broken"); }
    std::optional<std::string> save(const State& /*state*/) override { return std::nullopt; }
  } store;
  const MonitorParts parts{clock_, tmux_, switcher_, store, journal_};
  EXPECT_THROW(Monitor(config_, Zone::utc(), judges_, parts), InputError);
}

}  // namespace
}  // namespace quotawatch
