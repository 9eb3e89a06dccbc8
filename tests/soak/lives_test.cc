// The checker of a soak, with correct lives and manipulated ones: each manipulation must be found
// under its name.
#include "tests/soak/lives.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "quotawatch/event.h"
#include "quotawatch/state.h"

namespace quotawatch::soak {
namespace {

using std::chrono::milliseconds;
using Names = std::vector<std::string>;

class SoakLives : public testing::Test {
 protected:
  SoakLives() {
    soak_.config.accounts = {"a", "b", "c"};
    soak_.config.active_account = "a";
    soak_.config.quota.poll_interval = milliseconds{300};
    soak_.config.quota.cooldown = milliseconds{3000};
    soak_.config.quota.unknown_reset = milliseconds{5000};
    soak_.config.switch_timeout = milliseconds{2000};
    state_.active_account = "a";
    state_.activation_order = {"a"};
  }

  static WallTime wall(int at) { return *parse_wall("2026-11-26T12:00:00Z") + milliseconds{at}; }

  // A life begins with the state saved now.
  void life(int at, bool saved = true) {
    const int number = static_cast<int>(soak_.lives.size()) + 1;
    soak_.lives.push_back({number, wall(at), true, std::nullopt, ""});
    if (saved) soak_.lives.back().state = to_json(state_);
  }

  std::string& journal() { return soak_.lives.back().journal; }
  void write(const Event& event) { journal() += to_json(event) + "\n"; }

  Event ask(int at, const std::string& id, const std::string& from, const std::string& to) {
    Event verdict = make_event(EventKind::verdict, wall(at));
    verdict.session = "main";
    verdict.verdict = "exhausted";
    write(verdict);
    Event event = make_event(EventKind::switch_, wall(at));
    event.session = "main";
    event.pool = 0;
    event.interactive = 1;
    event.id = id;
    event.from = from;
    event.to = to;
    event.reset_at = wall(at + 600'000);
    return event;
  }

  void save_asked(int at, const std::string& id, const std::string& from, const std::string& to) {
    ++state_.switches_asked;
    state_.limited_until[from] = wall(at + 600'000);
    state_.in_flight = SwitchRequest{id, from, to, "main", "", wall(at + 600'000), wall(at)};
  }

  void save_done(int at) {
    const SwitchRequest request = *std::exchange(state_.in_flight, std::nullopt);
    state_.last_switch = DoneSwitch{request.id, request.from, request.to, wall(at), request.reset_at};
    state_.active_account = request.to;
    std::erase(state_.activation_order, request.to);
    state_.activation_order.push_back(request.to);
  }

  void say(EventKind kind, int at, const std::string& id, const std::string& from, const std::string& to) {
    Event event = make_event(kind, wall(at));
    event.id = id;
    event.from = from;
    event.to = to;
    write(event);
  }

  void hook(int at, const std::string& id, const std::string& from, const std::string& to, const std::string& what) {
    const int number = static_cast<int>(soak_.lives.size());
    soak_.hook.push_back({number, wall(at), id, from, to, what});
  }

  // A complete, correct switch.
  void switch_well(int at, const std::string& id, const std::string& from, const std::string& to) {
    const Event asked = ask(at, id, from, to);
    save_asked(at, id, from, to);
    write(asked);
    hook(at + 20, id, from, to, "start");
    hook(at + 90, id, from, to, "done");
    save_done(at + 100);
    say(EventKind::switch_done, at + 100, id, from, to);
  }

  // An attempt to have "main" go on: saved, then journalled.
  void ask_to_go_on(int at, int attempt) {
    state_.resumptions["main"] = {"1", "switch", "b", attempt, wall(at)};
    Event event = make_event(EventKind::resume, wall(at));
    event.session = "main";
    event.attempt = attempt;
    write(event);
  }

  void type(int at, const std::string& keys) { soak_.typed.push_back({wall(at), "main", keys}); }

  Names broken() const {
    Names names;
    for (const auto& violation : check_lives(soak_).violations) {
      names.push_back(violation.invariant);
    }
    return names;
  }

  Soak soak_;
  State state_;
};

TEST_F(SoakLives, AreFineWhereEachSwitchIsOneAndNothingIsLost) {
  life(0, false);
  switch_well(600, "1", "a", "b");
  life(2000);
  switch_well(3700, "2", "b", "c");
  life(9000);
  const auto report = check_lives(soak_);
  EXPECT_EQ(broken(), Names{});
  EXPECT_EQ(report.switches, 2U);
  EXPECT_EQ(report.hooks, 2U);
}

TEST_F(SoakLives, MayEndAnywhereInASwitch) {
  life(0, false);
  ask(600, "1", "a", "b");
  save_asked(600, "1", "a", "b");
  journal() += "{\"at\":\"2026-11-26T12:00:00.600Z\",\"ev";  // saved, half a line, killed
  life(1000);
  journal() += "\n";
  say(EventKind::switch_resumed, 1000, "1", "a", "b");  // and killed before the hook
  life(1500);
  say(EventKind::switch_resumed, 1500, "1", "a", "b");
  hook(1520, "1", "a", "b", "start");
  hook(1590, "1", "a", "b", "done");
  save_done(1600);  // and killed before journalling it
  life(2000);
  switch_well(4600, "2", "b", "c");
  EXPECT_EQ(broken(), Names{});
  EXPECT_EQ(check_lives(soak_).torn_lines, 1U);
}

TEST_F(SoakLives, ASecondSwitchInTheCooldownIsFound) {
  for (const auto& [at, names] :
       {std::pair{3694, Names{"cooldown"}}, std::pair{3695, Names{}}, std::pair{3700, Names{}}}) {
    soak_.lives.clear();
    soak_.hook.clear();
    state_.last_switch.reset();
    state_.limited_until.clear();
    state_.active_account = "a";
    life(0, false);
    switch_well(600, "1", "a", "b");  // done at 700; the cooldown is 3000
    switch_well(at, "2", "b", "c");
    EXPECT_EQ(broken(), names) << at;
  }
}

TEST_F(SoakLives, ASecondSwitchInTheCooldownOverARestartIsFound) {
  life(0, false);
  switch_well(600, "1", "a", "b");
  life(1000);
  switch_well(3000, "2", "b", "c");
  EXPECT_EQ(broken(), Names{"cooldown"});
}

TEST_F(SoakLives, AStateThatIsGoneIsLost) {
  life(0, false);
  switch_well(600, "1", "a", "b");
  life(1000);
  life(2000, false);
  EXPECT_EQ(broken(), (Names{"crash", "crash", "crash"})) << "the file, the account, the limit";
}

TEST_F(SoakLives, AnOlderGenerationIsLostState) {
  life(0, false);
  const State before = state_;
  life(100);
  switch_well(600, "1", "a", "b");
  life(1000);
  state_ = before;
  life(2000);
  EXPECT_GE(broken().size(), 3U);
  EXPECT_EQ(broken().front(), "crash");
}

TEST_F(SoakLives, ADamagedStateIsFound) {
  life(0, false);
  life(1000);
  soak_.lives.back().state->resize(20);
  EXPECT_EQ(broken(), Names{"crash"});
}

TEST_F(SoakLives, ASwitchInFlightThatIsForgottenIsFound) {
  life(0, false);
  write(ask(600, "1", "a", "b"));
  const State before = state_;
  save_asked(600, "1", "a", "b");
  hook(620, "1", "a", "b", "start");
  state_.in_flight.reset();
  life(1000);
  EXPECT_EQ(broken(), Names{"crash"});
}

TEST_F(SoakLives, ASecondIdForASwitchInFlightIsFound) {
  life(0, false);
  write(ask(600, "1", "a", "b"));
  save_asked(600, "1", "a", "b");
  life(1000);
  write(ask(1300, "2", "a", "b"));
  const auto names = broken();
  EXPECT_NE(std::ranges::find(names, "single flight"), names.end());
}

TEST_F(SoakLives, AnIdThatComesAgainForAnotherAccountIsFound) {
  life(0, false);
  write(ask(600, "1", "a", "b"));
  hook(620, "1", "a", "c", "start");
  EXPECT_EQ(broken(), Names{"one id a switch"});
}

TEST_F(SoakLives, ASwitchThatNoHookDidIsFound) {
  life(0, false);
  write(ask(600, "1", "a", "b"));
  hook(620, "1", "a", "b", "start");
  hook(690, "1", "a", "b", "failed");
  say(EventKind::switch_done, 700, "1", "a", "b");
  EXPECT_EQ(broken(), Names{"single flight"});
}

TEST_F(SoakLives, AHookWithoutALineAndASecondHookAreFound) {
  life(0, false);
  hook(500, "0", "a", "b", "start");
  write(ask(600, "1", "a", "b"));
  hook(620, "1", "a", "b", "start");
  hook(630, "1", "a", "b", "start");
  EXPECT_EQ(broken(), (Names{"single flight", "single flight"}));
}

TEST_F(SoakLives, AreFineWhereEachAttemptIsTypedOnceOrLost) {
  life(0, false);
  switch_well(600, "1", "a", "b");
  ask_to_go_on(1000, 1);
  type(1010, "1");
  type(1200, "continue");
  type(1500, "\r");
  ask_to_go_on(4000, 2);
  life(4010);
  ask_to_go_on(7000, 3);
  type(7000, "\r");
  life(8000);
  EXPECT_EQ(broken(), Names{});
  EXPECT_EQ(check_lives(soak_).asked, 3U);
}

TEST_F(SoakLives, WhatIsTypedTwiceOrForNoAttemptIsFound) {
  life(0, false);
  switch_well(600, "1", "a", "b");
  type(900, "continue");
  ask_to_go_on(1000, 1);
  type(1010, "continue");
  type(1020, "\r");
  life(1500);
  type(1600, "\r");
  EXPECT_EQ(broken(), (Names{"typing", "typing"})) << "for none, and twice over a restart";
}

TEST_F(SoakLives, AskingDuringASwitchOrTooOftenOrForTextThatNobodyWantsIsFound) {
  life(0, false);
  switch_well(600, "1", "a", "b");
  ask_to_go_on(1000, 4);
  type(1010, "rm -r");
  save_asked(3700, "2", "b", "c");
  write(ask(3700, "2", "b", "c"));
  hook(3720, "2", "b", "c", "start");
  ask_to_go_on(3800, 1);
  EXPECT_EQ(broken(), (Names{"typing", "typing", "typing"}));
}

TEST_F(SoakLives, AnAttemptThatIsForgottenIsFound) {
  life(0, false);
  switch_well(600, "1", "a", "b");
  ask_to_go_on(1000, 1);
  const State saved = state_;
  ask_to_go_on(3000, 2);
  state_ = saved;
  life(3500);
  EXPECT_EQ(broken(), Names{"typing"});
  soak_.lives.back().whole = false;
  EXPECT_EQ(broken(), Names{}) << "the disk was full";
}

TEST_F(SoakLives, ALineThatIsNoEventIsFoundButNotAtTheEndOfALife) {
  life(0, false);
  journal() += "{\"at\":\n";
  life(1000);
  journal() += "{\"at\":";
  EXPECT_EQ(broken(), Names{"journal"});
}

// State that a full disk prevented from being saved cannot be required.
TEST_F(SoakLives, WhatCouldNotBeSavedMayBeForgotten) {
  life(0, false);
  life(100);
  write(ask(600, "1", "a", "b"));
  life(1000);
  EXPECT_EQ(broken(), (Names{"crash", "crash"})) << "the switch and the limit";
  soak_.lives.back().whole = false;
  EXPECT_EQ(broken(), Names{});
}

}  // namespace
}  // namespace quotawatch::soak
