// What hosts that share accounts make of each other's switches and limits: rules H1 to H4.
#include "quotawatch/shared.h"

#include <gtest/gtest.h>

namespace quotawatch {
namespace {

using Kind = StoreAnswer::Kind;
using std::chrono::hours;
using std::chrono::minutes;

constexpr WallTime noon{hours{500'000}};

// One of the hosts, with the store played by the test.
class HostScene {
 public:
  explicit HostScene(bool alone = false, const std::string& active = "a") {
    rules_.accounts = {"a", "b", "c"};
    rules_.host_zone = Zone::utc();
    rules_.store = SharingRules{"here", alone};
    begin(std::nullopt, active);
  }

  // A row that other hosts have made.
  static PoolRow row(std::uint64_t generation, const std::string& account, const std::string& by = "there") {
    PoolRow row;
    row.generation = generation;
    row.active_account = account;
    row.switched_by = by;
    return row;
  }

  void hear(Kind kind, PoolRow row) { take(heed(rules_, std::move(state_), {kind, std::move(row)}, now_)); }

  // One poll, at which a banner on the screen says that the active account is out until then.
  std::string poll(std::optional<Milliseconds> limited_for = std::nullopt) {
    now_.steady += minutes{1};
    now_.wall += minutes{1};
    Evidence evidence;
    if (limited_for) {
      Hit hit;
      hit.session = "main";
      hit.pool = false;
      hit.reset_at = now_.wall + *limited_for;
      evidence.hits.push_back(hit);
    }
    return take(step(rules_, std::move(state_), evidence, now_));
  }

  std::string end_hook(bool done) {
    const SwitchReport report{state_.in_flight->id, done, done ? "" : "exit status 1"};
    return take(end_switch(rules_, std::move(state_), report, now_));
  }

  void wait(Milliseconds time) {
    now_.steady += time;
    now_.wall += time;
  }

  // A new run with what was saved.
  std::string restart() {
    const std::string text = to_json(state_);
    begin(parse_state(text, "saved"), "a");
    Decision decision = resume_switch(state_, now_);
    return take({state_, std::move(decision)});
  }

  std::optional<PoolWrite> write() const { return next_write(rules_, state_, now_.wall); }
  // It is stored.
  void store_it() {
    auto write = this->write();
    ASSERT_TRUE(write);
    hear(Kind::written, write->row);
  }

  State& state() { return state_; }
  const std::optional<SwitchRequest>& hook() const { return hook_; }
  const Event& event() const { return events_.back(); }
  WallTime now() const { return now_.wall; }
  const DecisionRules& rules() const { return rules_; }
  Moment moment() const { return now_; }

 private:
  void begin(std::optional<State> saved, const std::string& active) {
    state_ = start_state(std::move(saved), active, now_);
    share(state_, true);
  }

  std::string take(std::pair<State, Decision> outcome) {
    state_ = std::move(outcome.first);
    hook_ = outcome.second.request;
    std::string words;
    for (const auto& event : outcome.second.events) {
      events_.push_back(event);
      words += (words.empty() ? "" : " ") + std::string(event_name(event.kind));
      if (event.kind == EventKind::skip) words += ":" + event.reason.value_or("");
    }
    return words;
  }

  DecisionRules rules_{{}, {}, Zone::utc()};
  State state_;
  Moment now_{SteadyTime{hours{1}}, noon};
  std::vector<Event> events_;
  std::optional<SwitchRequest> hook_;
};

TEST(Shared, ASwitchIsProposedFirstAndTheHookGetsItsGeneration) {
  HostScene host;
  host.hear(Kind::row, HostScene::row(4, "a"));
  EXPECT_FALSE(host.write()) << "nothing is new";
  EXPECT_EQ(host.poll(hours{1}), "switch");
  EXPECT_EQ(host.event().generation, 5);
  EXPECT_FALSE(host.hook());
  const auto write = host.write();
  ASSERT_TRUE(write);
  EXPECT_EQ(write->expected, HostScene::row(4, "a"));
  EXPECT_EQ(write->row.generation, 5);
  EXPECT_EQ(write->row.active_account, "b");
  EXPECT_EQ(write->row.switched_by, "here");
  EXPECT_TRUE(write->row.limited_until.contains("a")) << "with it the others know of the limit";
  EXPECT_EQ(host.poll(hours{1}), "skip:pending");
  host.store_it();
  ASSERT_TRUE(host.hook());
  EXPECT_EQ(host.hook()->generation, 5);
  EXPECT_EQ(host.end_hook(true), "switch_done");
  EXPECT_FALSE(host.write());
}

TEST(Shared, WhoeverIsBeatenMakesTheOthersSwitch) {
  HostScene host;
  host.hear(Kind::row, HostScene::row(4, "a"));
  host.poll(hours{1});
  host.hear(Kind::beaten, HostScene::row(5, "c"));
  EXPECT_EQ(host.event().kind, EventKind::switch_beaten);
  EXPECT_EQ(host.event().host, "there");
  EXPECT_FALSE(host.hook());
  EXPECT_EQ(host.poll(hours{1}), "switch");
  EXPECT_EQ(host.event().reason, "shared");
  ASSERT_TRUE(host.hook());
  EXPECT_EQ(host.hook()->to, "c");
  EXPECT_EQ(host.hook()->generation, 5);
  EXPECT_EQ(host.end_hook(true), "switch_done");
  EXPECT_EQ(host.poll(hours{1}), "skip:cooldown");
}

TEST(Shared, WhoeverHearsOfASwitchMakesItEvenInItsCooldown) {
  HostScene host;
  host.hear(Kind::row, HostScene::row(4, "a"));
  for (const std::string account : {"b", "c"}) {
    host.hear(Kind::row, HostScene::row(account == "b" ? 5 : 6, account));
    EXPECT_EQ(host.poll(), "switch");
    EXPECT_EQ(host.hook()->to, account);
    EXPECT_EQ(host.end_hook(true), "switch_done");
  }
}

TEST(Shared, AHostThatIsOnTheAccountJoinsWithoutAHook) {
  HostScene host(false, "b");
  host.hear(Kind::row, HostScene::row(7, "b"));
  EXPECT_EQ(host.poll(), "");
  EXPECT_EQ(host.state().shared->generation, 7);
}

TEST(Shared, TheFirstHostMakesTheRow) {
  HostScene host;
  host.hear(Kind::row, {});
  EXPECT_EQ(host.poll(hours{1}), "skip:store") << "others may be there by now";
  const auto write = host.write();
  ASSERT_TRUE(write);
  EXPECT_EQ(write->expected.generation, 0);
  EXPECT_EQ(write->row.generation, 1);
  EXPECT_EQ(write->row.active_account, "a");
  host.store_it();
  EXPECT_EQ(host.poll(hours{1}), "switch");
  EXPECT_EQ(host.event().generation, 2);
}

TEST(Shared, ALostAnswerIsSettledByWhatIsStored) {
  for (const bool committed : {true, false}) {
    HostScene host;
    host.hear(Kind::row, HostScene::row(4, "a"));
    host.poll(hours{1});
    host.hear(Kind::lost, {});
    EXPECT_FALSE(host.write()) << "before it is read again";
    EXPECT_EQ(host.poll(hours{1}), "skip:pending");
    host.hear(Kind::row, committed ? HostScene::row(5, "b", "here") : HostScene::row(4, "a"));
    EXPECT_EQ(host.hook().has_value(), committed);
    EXPECT_EQ(host.write().has_value(), !committed || !host.state().shared->row.limited_until.contains("a"));
    if (!committed) host.store_it();
    EXPECT_EQ(host.state().in_flight->generation, 5);
    EXPECT_FALSE(host.state().in_flight->proposed);
  }
}

TEST(Shared, AProposalIsSettledOverARestart) {
  HostScene host;
  host.hear(Kind::row, HostScene::row(4, "a"));
  host.poll(hours{1});
  const std::string id = host.state().in_flight->id;
  EXPECT_EQ(host.restart(), "switch_resumed");
  EXPECT_FALSE(host.hook()) << "nobody knows yet whether it is made";
  host.hear(Kind::row, HostScene::row(5, "b", "here"));
  ASSERT_TRUE(host.hook());
  EXPECT_EQ(host.hook()->id, id);
  host.end_hook(true);
  EXPECT_EQ(host.restart(), "");
  host.hear(Kind::row, HostScene::row(5, "b", "here"));
  host.wait(hours{1});
  EXPECT_EQ(host.poll(), "") << "no second hook for one generation";
}

TEST(Shared, LimitsOfOthersCountHere) {
  HostScene host;
  auto row = HostScene::row(4, "a");
  row.limited_until["b"] = noon + hours{3};
  host.hear(Kind::row, row);
  EXPECT_EQ(host.poll(hours{1}), "switch");
  EXPECT_EQ(host.state().in_flight->to, "c");
  row.limited_until["c"] = noon + hours{3};
  host.hear(Kind::beaten, row);
  EXPECT_EQ(host.event().kind, EventKind::switch_beaten) << "c is limited, too";
  EXPECT_EQ(host.poll(hours{1}), "exhausted_everywhere");
}

TEST(Shared, NewsOfLimitsAreToldOnce) {
  HostScene host;
  host.hear(Kind::row, HostScene::row(4, "a"));
  host.state().limited_until["b"] = noon + hours{2};
  const auto write = host.write();
  ASSERT_TRUE(write);
  EXPECT_EQ(write->row.generation, 4);
  EXPECT_EQ(write->row.switched_by, "there");
  host.store_it();
  EXPECT_FALSE(host.write());
  host.state().limited_until["b"] = noon + hours{2} + minutes{1};
  EXPECT_FALSE(host.write()) << "a minute is no news";
  host.wait(hours{3});
  EXPECT_FALSE(host.write()) << "it is over";
}

TEST(Shared, AnAccountThatIsFreedIsFreeEverywhere) {
  HostScene host;
  auto row = HostScene::row(4, "a");
  row.limited_until["b"] = noon + hours{3};
  host.hear(Kind::row, row);
  auto freed = obey(host.rules(), host.state(), {AccountCommand::Kind::free, "b"}, host.moment());
  host.state() = freed.state;
  const auto write = host.write();
  ASSERT_TRUE(write);
  EXPECT_TRUE(write->row.limited_until.empty());
  host.store_it();
  EXPECT_FALSE(is_limited(host.state(), "b", host.now()));
  // And what another host freed is free here.
  row.limited_until["c"] = noon + hours{3};
  host.hear(Kind::row, row);
  row.limited_until.clear();
  host.hear(Kind::row, row);
  EXPECT_FALSE(is_limited(host.state(), "c", host.now()));
}

TEST(Shared, WhileTheStoreIsAwayNothingIsDecided) {
  HostScene host;
  host.hear(Kind::row, HostScene::row(4, "a"));
  note_store_away(host.state());
  EXPECT_EQ(host.poll(hours{1}), "skip:store");
  host.hear(Kind::row, HostScene::row(4, "a"));
  EXPECT_EQ(host.poll(hours{1}), "switch");
}

TEST(Shared, AHostThatMayActAloneTellsItAfterwards) {
  HostScene host(true);
  host.hear(Kind::row, HostScene::row(4, "a"));
  note_store_away(host.state());
  EXPECT_EQ(host.poll(hours{1}), "switch");
  ASSERT_TRUE(host.hook());
  EXPECT_EQ(host.hook()->generation, 0);
  host.end_hook(true);
  EXPECT_FALSE(host.write());
  host.hear(Kind::row, HostScene::row(4, "a"));
  const auto write = host.write();
  ASSERT_TRUE(write);
  EXPECT_EQ(write->row.generation, 5);
  EXPECT_EQ(write->row.active_account, "b");
  host.store_it();
  EXPECT_EQ(host.state().shared->generation, 5);
  EXPECT_FALSE(host.write());
}

TEST(Shared, OfTwoThatActedAloneTheHigherGenerationWins) {
  HostScene host(true);
  host.hear(Kind::row, HostScene::row(4, "a"));
  note_store_away(host.state());
  host.poll(hours{1});
  host.end_hook(true);
  host.hear(Kind::row, HostScene::row(5, "c"));
  EXPECT_EQ(host.poll(), "switch");
  ASSERT_TRUE(host.hook());
  EXPECT_EQ(host.hook()->to, "c");
}

TEST(Shared, AProposalWithoutAnswerIsMadeAloneIfThatIsAllowed) {
  HostScene host(true);
  host.hear(Kind::row, HostScene::row(4, "a"));
  host.poll(hours{1});
  host.hear(Kind::lost, {});
  host.poll(hours{1});
  ASSERT_TRUE(host.hook());
  EXPECT_EQ(host.hook()->generation, 0);
  host.end_hook(true);
  host.hear(Kind::row, HostScene::row(5, "b", "here"));
  EXPECT_EQ(host.poll(), "skip:cooldown") << "it was made, and is made here";
  EXPECT_EQ(host.state().shared->generation, 5);
}

TEST(Shared, AHookThatFailsIsTriedAgainWithItsGeneration) {
  HostScene host;
  host.hear(Kind::row, HostScene::row(4, "a"));
  host.poll(hours{1});
  host.store_it();
  EXPECT_EQ(host.end_hook(false), "switch_failed");
  host.wait(minutes{1});
  EXPECT_EQ(host.poll(), "switch");
  ASSERT_TRUE(host.hook());
  EXPECT_EQ(host.hook()->generation, 5);
  EXPECT_EQ(host.hook()->to, "b");
  EXPECT_FALSE(host.write()) << "no generation of its own";
}

TEST(Shared, ASwitchByHandIsEveryHosts) {
  HostScene host;
  host.hear(Kind::row, HostScene::row(4, "a"));
  host.state() = obey(host.rules(), host.state(), {AccountCommand::Kind::use, "c"}, host.moment()).state;
  const auto write = host.write();
  ASSERT_TRUE(write);
  EXPECT_EQ(write->row.generation, 5);
  EXPECT_EQ(write->row.active_account, "c");
}

TEST(Shared, ADatabaseFromABackupIsToldWhatIsKnown) {
  HostScene host;
  auto row = HostScene::row(9, "a");
  row.limited_until["b"] = noon + hours{3};
  host.hear(Kind::row, row);
  host.hear(Kind::row, HostScene::row(3, "c"));
  const auto write = host.write();
  ASSERT_TRUE(write);
  EXPECT_EQ(write->expected.generation, 3);
  EXPECT_EQ(write->row.generation, 10);
  EXPECT_EQ(write->row.active_account, "a");
  EXPECT_TRUE(write->row.limited_until.contains("b"));
}

TEST(Shared, AnAccountThatTheConfigDoesNotNameIsNotFollowed) {
  HostScene host;
  host.hear(Kind::row, HostScene::row(4, "a"));
  host.hear(Kind::row, HostScene::row(5, "stranger"));
  EXPECT_EQ(host.poll(hours{1}), "skip:unknown_account");
  EXPECT_FALSE(host.hook());
  host.hear(Kind::row, HostScene::row(6, "b"));
  EXPECT_EQ(host.poll(), "switch");
}

TEST(Shared, WithoutAStoreNothingOfItIsLeft) {
  HostScene host;
  host.hear(Kind::row, HostScene::row(4, "a"));
  host.poll(hours{1});
  State state = host.state();
  share(state, false);
  EXPECT_FALSE(state.shared);
  EXPECT_TRUE(resume_switch(state, host.moment()).request) << "it is made as any other";
}

}  // namespace
}  // namespace quotawatch
