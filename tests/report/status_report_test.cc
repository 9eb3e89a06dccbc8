// The content of `status` for a running monitor and for a saved state, and that both survive the
// round trip through the socket.
#include "run/status/status_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "quotawatch/input_error.h"
#include "sim/harness/fake_switcher.h"
#include "sim/harness/fake_tmux.h"
#include "sim/harness/fake_witness.h"
#include "sim/harness/memory_journal.h"
#include "sim/harness/memory_state_store.h"
#include "sim/harness/virtual_clock.h"
#include "tests/judge/screen/agent_screens.h"

namespace quotawatch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr const char* dated = "You've hit your limit · resets 8pm\n";
constexpr const char* undated_banner = "429 Too Many Requests\n";
constexpr const char* calm_screen = "at work\n";

class StatusReportTest : public testing::Test {
 protected:
  StatusReportTest() {
    config_.pack = "seed";
    config_.pool = {"p-", 1, 2, ""};
    config_.dedicated = {"main"};
    config_.accounts = {"a", "b", "c"};
    config_.active_account = "a";
  }

  Monitor make() { return Monitor(config_, Zone::utc(), judges_, {clock_, tmux_, switcher_, store_, journal_}); }
  StatusReport report(const Monitor& monitor) const {
    return report_run(config_, monitor, {77, start_, false, "a fake"}, clock_.now());
  }
  StatusReport saved() { return report_saved(config_, store_.load(), clock_.now().wall); }
  void show(const char* session, const char* text) { tmux_.show(session, text, 80, 24); }
  void wait(Milliseconds span) { clock_.wait_until(clock_.now().steady + span); }

  const WallTime start_ = *parse_wall("2026-11-23T12:00:00Z");
  Config config_;
  JudgeCache judges_;
  sim::VirtualClock clock_{start_, SteadyTime{hours{10}}};
  sim::FakeTmux tmux_;
  sim::FakeSwitcher switcher_{clock_, minutes{2}};
  sim::MemoryStateStore store_;
  sim::MemoryJournal journal_{clock_};
};

TEST_F(StatusReportTest, KnowsNothingBeforeTheFirstPollButWhenItComes) {
  const auto monitor = make();
  wait(seconds{10});
  const auto report = this->report(monitor);
  EXPECT_TRUE(report.monitor.running && report.monitor.answers);
  EXPECT_EQ(report.monitor.process, 77);
  EXPECT_EQ(report.at, start_ + seconds{10});
  EXPECT_EQ(report.monitor.since, start_);
  EXPECT_EQ(report.monitor.poll_interval, seconds{30});
  EXPECT_FALSE(report.monitor.polled_at);
  EXPECT_EQ(report.monitor.next_poll_at, start_ + seconds{30});
  EXPECT_EQ(report.sessions, (std::vector<StatusReport::Session>{{"p-1", true}, {"p-2", true}, {"main", false}}));
  EXPECT_EQ(report.accounts, (std::vector<StatusReport::Account>{{"a", true}, {"b", false}, {"c", false}}));
}

TEST_F(StatusReportTest, SaysSinceWhenASessionShowsItsScreen) {
  auto monitor = make();
  show("main", calm_screen);
  show("p-1", undated_banner);
  monitor.poll();
  wait(seconds{30});
  show("p-1", calm_screen);
  tmux_.fail("p-2", "timed\x1bout");
  monitor.poll();
  wait(seconds{30});
  monitor.poll();
  const auto report = this->report(monitor);
  EXPECT_EQ(report.monitor.polled_at, start_ + seconds{60});
  EXPECT_EQ(report.sessions[0].verdict, Verdict::clear);
  EXPECT_EQ(report.sessions[0].since, start_ + seconds{30});
  EXPECT_EQ(report.sessions[1].verdict, Verdict::unknown);
  EXPECT_EQ(report.sessions[1].why, "timed\\x1bout");
  EXPECT_EQ(report.sessions[2].since, start_) << "unchanged ever since";
  tmux_.remove("main");
  monitor.poll();
  EXPECT_EQ(this->report(monitor).sessions[2], (StatusReport::Session{"main", false}));
}

TEST_F(StatusReportTest, ShowsSuspicionCooldownAndTheSwitch) {
  auto monitor = make();
  show("main", undated_banner);
  monitor.poll();
  wait(seconds{30});
  EXPECT_EQ(report(monitor).suspicion, (StatusReport::Suspected{start_, false}));
  EXPECT_FALSE(report(monitor).in_flight);

  switcher_.set_outcome({SwitcherOutcome::Kind::ok, seconds{5}, ""});
  show("main", dated);
  monitor.poll();
  const auto asked = report(monitor);
  EXPECT_FALSE(asked.suspicion);
  ASSERT_TRUE(asked.in_flight);
  EXPECT_EQ(asked.in_flight->to, "b");
  EXPECT_EQ(asked.accounts[0].limited_until, start_ + hours{8});
  EXPECT_FALSE(asked.cooldown_until);

  ASSERT_TRUE(monitor.finish_switch());
  wait(minutes{1});
  const auto done = report(monitor);
  EXPECT_FALSE(done.in_flight);
  EXPECT_EQ(done.active_account, "b");
  EXPECT_EQ(done.last_switch->done_at, start_ + seconds{35});
  EXPECT_EQ(done.cooldown_until, start_ + seconds{35} + minutes{10});
  EXPECT_EQ(done.sessions[2].rule, "hit-your-limit");
  EXPECT_EQ(done.sessions[2].reset_at, start_ + hours{8});
  EXPECT_EQ(done.sessions[2].message_since, start_ + seconds{30});
  EXPECT_TRUE(done.sessions[2].unchanged_since_switch);

  // The saved state says the same, as far as it goes.
  const auto saved = this->saved();
  EXPECT_FALSE(saved.monitor.running);
  EXPECT_EQ(saved.accounts, done.accounts);
  EXPECT_EQ(saved.cooldown_until, done.cooldown_until);
  EXPECT_EQ(saved.last_switch, done.last_switch);
  EXPECT_EQ(saved.sessions[2].message_since, done.sessions[2].message_since);
  EXPECT_TRUE(saved.sessions[2].unchanged_since_switch);
  EXPECT_FALSE(saved.sessions[2].verdict);
}

TEST_F(StatusReportTest, CountsWhatTheMonitorCounted) {
  auto monitor = make();
  EXPECT_FALSE(report(monitor).hits) << "no poll yet";
  show("main", dated);
  show("p-1", undated_banner);
  monitor.poll();
  const auto asked = report(monitor);
  EXPECT_EQ(asked.hits, (StatusReport::Hits{1, 2, 1, 1}));
  EXPECT_EQ(asked.sessions[0].hit, HitStatus::fresh);
  EXPECT_EQ(asked.sessions[1].hit, HitStatus::none);
  monitor.finish_switch();
  wait(minutes{10});
  show("p-1", calm_screen);
  monitor.poll();
  const auto stale = report(monitor);
  EXPECT_EQ(stale.hits, (StatusReport::Hits{0, 2, 1, 1})) << "stale ones count, too";
  EXPECT_EQ(stale.sessions[0].hit, HitStatus::none);
  EXPECT_EQ(stale.sessions[2].hit, HitStatus::stale);
}

TEST_F(StatusReportTest, SaysWhyALimitIsNoHit) {
  config_.pack = "auto";
  auto monitor = make();
  show("main", claude_screen("❯ go on\n  ⎿  API Error: Rate limit reached\n").c_str());
  monitor.poll();
  const auto report = this->report(monitor);
  EXPECT_EQ(report.hits, (StatusReport::Hits{0, 2, 0, 1}));
  EXPECT_EQ(report.sessions[2].verdict, Verdict::throttled);
  EXPECT_EQ(report.sessions[2].hit, HitStatus::uncounted);
  EXPECT_EQ(report.sessions[2].why_uncounted, "its rule never counts");
}

TEST_F(StatusReportTest, CooldownAndLimitsEndAtTheirVeryEnd) {
  State state;
  state.active_account = "a";
  state.last_switch = DoneSwitch{"id", "b", "a", start_};
  state.limited_until["b"] = start_ + minutes{10};
  const auto at = [&](Milliseconds later) { return report_saved(config_, state, start_ + later); };
  const Milliseconds end = minutes{10};
  EXPECT_EQ(at(end - Milliseconds{1}).cooldown_until, start_ + end);
  EXPECT_EQ(at(end - Milliseconds{1}).accounts[1].limited_until, start_ + end);
  EXPECT_FALSE(at(end).cooldown_until);
  EXPECT_FALSE(at(end).accounts[1].limited_until);
  EXPECT_EQ(at(-hours{1}).cooldown_until, start_ - hours{1} + end) << "a switch to come is now";
}

TEST_F(StatusReportTest, ShowsFailuresUntilTheNextTry) {
  auto monitor = make();
  show("main", dated);
  switcher_.set_outcome({SwitcherOutcome::Kind::fail, {}, "no"});
  monitor.poll();
  ASSERT_TRUE(monitor.finish_switch());
  EXPECT_EQ(report(monitor).monitor.failures_in_a_row, 1);
  wait(seconds{30} - Milliseconds{1});
  EXPECT_EQ(report(monitor).monitor.retry_at, start_ + seconds{30});
  wait(Milliseconds{1});
  EXPECT_FALSE(report(monitor).monitor.retry_at);
  EXPECT_EQ(report(monitor).monitor.failures_in_a_row, 1);
}

TEST_F(StatusReportTest, SaysSinceWhenTmuxIsDown) {
  auto monitor = make();
  monitor.poll();
  EXPECT_TRUE(report(monitor).tmux->up);
  EXPECT_EQ(report(monitor).tmux->since, start_);
  wait(seconds{30});
  tmux_.set_server_up(false, "no\nserver");
  monitor.poll();
  wait(seconds{30});
  monitor.poll();
  const auto down = report(monitor);
  EXPECT_EQ(down.tmux, (StatusReport::TmuxHealth{false, start_ + seconds{30}, "no\\nserver", "a fake"}));
  tmux_.set_server_up(true, "");
  monitor.poll();
  EXPECT_EQ(report(monitor).tmux, (StatusReport::TmuxHealth{true, start_ + seconds{60}, "", "a fake"}));
}

TEST_F(StatusReportTest, AnAccountThatTheConfigDoesNotNameIsShownIfItIsActive) {
  State state;
  state.active_account = "old";
  const auto accounts = report_saved(config_, state, start_).accounts;
  ASSERT_EQ(accounts.size(), 4U);
  EXPECT_EQ(accounts[3], (StatusReport::Account{"old", true}));
  state.active_account.clear();
  EXPECT_EQ(report_saved(config_, state, start_).active_account, "a");
  EXPECT_EQ(report_saved(config_, std::nullopt, start_).active_account, "a");
  config_.accounts.clear();
  config_.active_account.clear();
  EXPECT_TRUE(report_saved(config_, std::nullopt, start_).accounts.empty());
}

// Every field set to a value other than its default.
StatusReport full_report(WallTime t) {
  StatusReport report;
  report.at = t;
  report.timezone = {"Asia/Tokyo", "from TZ"};
  report.monitor = {
      true, true, 5, "why", t + seconds{1}, true, seconds{7}, t + seconds{2}, t + Milliseconds{3}, 4, t + seconds{5}};
  report.active_account = "a\x1b\"中";
  report.accounts = {{"a\x1b\"中", true}, {"b", false, t + seconds{6}}};
  report.cooldown_until = t + seconds{8};
  report.suspicion = {t + seconds{9}, true};
  report.in_flight = SwitchRequest{"i", "f", "", "s", "8pm", t + seconds{10}, t + seconds{11}};
  report.last_switch = DoneSwitch{"j", "", "g", t + seconds{12}, t + seconds{13}};
  report.tmux = {false, t + seconds{14}, "gone", "control mode"};
  report.store = {false, t + seconds{20}, "no route"};
  StatusReport::Session session{"s", false, Verdict::server_error, "rule", "snippet", "9pm"};
  session.reset_at = t + seconds{15};
  session.why = "because";
  session.since = t + seconds{16};
  session.message_since = t + seconds{17};
  session.unchanged_since_switch = true;
  session.hit = HitStatus::uncounted;
  session.why_uncounted = "its rule never counts";
  session.account = "b";
  session.pane = "%12";
  session.window_pane = "1.0";
  session.program = "claude";
  session.no_agent = true;
  session.stand_in = true;
  session.witness = "rate_limited";
  session.witness_at = t + seconds{19};
  session.waits_for = "going on";
  session.waits_since = t + seconds{18};
  session.evidence = "pool 1 of 2, dedicated 0 of 1";
  session.attempts = 2;
  report.sessions = {session, {"p-1", true}};
  report.hits = {1, 2, 3, 4};
  report.notes = {"one", "two"};
  return report;
}

TEST_F(StatusReportTest, GoesThroughTheSocketUnchanged) {
  const auto full = full_report(start_);
  EXPECT_EQ(parse_status(to_json(full), "it"), full);
  StatusReport empty;
  empty.at = start_;
  EXPECT_EQ(parse_status(to_json(empty), "it"), empty);
  auto monitor = make();
  show("main", dated);
  monitor.poll();
  EXPECT_EQ(parse_status(to_json(report(monitor)), "it"), report(monitor));
}

TEST_F(StatusReportTest, SaysWhatASessionWaitsForAndOnWhatEvidence) {
  auto monitor = make();
  show("p-1", dated);
  monitor.poll();
  const auto session = report(monitor).sessions.at(0);
  EXPECT_EQ(session.waits_for, "1 more at a limit");
  EXPECT_EQ(session.waits_since, start_);
  EXPECT_EQ(session.evidence, "pool 1 of 2, dedicated 0 of 1");
  EXPECT_EQ(session.attempts, 0);
  show("p-2", dated);
  wait(seconds{30});
  monitor.poll();
  EXPECT_EQ(report(monitor).sessions.at(0).waits_for, "the switch");
  EXPECT_EQ(report(monitor).sessions.at(0).evidence, "pool 2 of 2, dedicated 0 of 1");
  EXPECT_EQ(report(monitor).sessions.at(2).waits_for, "");
  EXPECT_EQ(report(monitor).sessions.at(2).evidence, "");
}

TEST_F(StatusReportTest, SaysWhatAProgramItselfSaysOfItsLastTurn) {
  sim::FakeWitness witness;
  MonitorParts parts{clock_, tmux_, switcher_, store_, journal_};
  parts.witness = &witness;
  Monitor monitor(config_, Zone::utc(), judges_, parts);
  show("p-1", calm_screen);
  show("p-2", calm_screen);
  witness.say("p-1", {Testimony::Says::refused, start_ - seconds{3}});
  monitor.poll();
  const auto sessions = report(monitor).sessions;
  EXPECT_EQ(sessions.at(0).witness, "refused");
  EXPECT_EQ(sessions.at(0).witness_at, start_ - seconds{3});
  EXPECT_EQ(sessions.at(1).witness, "");
}

TEST_F(StatusReportTest, SaysHowOftenASessionWasAskedToGoOn) {
  State state;
  state.active_account = "a";
  Resumption& main = state.resumptions["main"];
  main = {"switch-1", "switch", "a"};
  main.held = {"a draft stands in its prompt"};
  const auto session = [&] {
    EXPECT_FALSE(store_.save(state));
    return saved().sessions.at(2);
  };
  EXPECT_EQ(session().waits_for, "being asked to go on (held: a draft stands in its prompt)");
  EXPECT_EQ(session().attempts, 0);
  main.held.clear();
  main.attempts = 2;
  main.tried_at = start_ - seconds{9};
  EXPECT_EQ(session().waits_for, "going on, asked 2 of 3 times");
  EXPECT_EQ(session().waits_since, start_ - seconds{9});
  EXPECT_EQ(session().attempts, 2);
  main.to_type = true;
  EXPECT_EQ(session().waits_for, "its prompt, to be asked there");
  main.failed = true;
  EXPECT_EQ(session().waits_for, "its user");
  state.limited_until["a"] = start_ + seconds{60};
  EXPECT_EQ(session().waits_for, "a free account");
  main.went_on = true;
  EXPECT_EQ(session().waits_for, "");
  EXPECT_EQ(session().attempts, 0);
}

TEST_F(StatusReportTest, IsOneLineWithTheNamesThatTheReadmeGives) {
  const std::string text = to_json(full_report(start_));
  EXPECT_EQ(text.find('\n'), std::string::npos);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["source"], "monitor");
  EXPECT_EQ(json["at"], "2026-11-23T12:00:00Z");
  EXPECT_EQ(json["monitor"]["next_poll_at"], "2026-11-23T12:00:00.003Z");
  EXPECT_EQ(json["monitor"]["poll_interval"], "7s");
  EXPECT_EQ(json["timezone"]["name"], "Asia/Tokyo");
  EXPECT_EQ(json["timezone"]["why"], "from TZ");
  EXPECT_EQ(json["accounts"][1]["limited_until"], "2026-11-23T12:00:06Z");
  EXPECT_EQ(json["sessions"][0]["verdict"], "server_error");
  EXPECT_FALSE(json["sessions"][1].contains("verdict"));
}

TEST_F(StatusReportTest, AnAnswerThatIsNoneIsRefused) {
  const auto problem = [](const std::string& text) -> std::string {
    try {
      parse_status(text, "its answer");
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_NE(problem(R"({"error": "too many"})").find("too many"), std::string::npos);
  EXPECT_NE(problem("{}").find("\"at\" is missing"), std::string::npos);
  EXPECT_NE(problem("").find("empty"), std::string::npos);
  auto json = nlohmann::json::parse(to_json(full_report(start_)));
  json["sessions"][0]["verdict"] = "tired";
  EXPECT_NE(problem(json.dump()).find("sessions[0].verdict: is no verdict"), std::string::npos);
  json["sessions"][0]["verdict"] = "clear";
  EXPECT_EQ(problem(json.dump()), "");
  json["weather"] = "fine";
  EXPECT_NE(problem(json.dump()).find("weather"), std::string::npos);
}

}  // namespace
}  // namespace quotawatch
