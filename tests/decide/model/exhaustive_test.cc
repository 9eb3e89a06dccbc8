// All short sequences of polls: the code must decide like the model.
#include <gtest/gtest.h>

#include <iostream>

#include "side_by_side.h"
#include "tests/decide/scene.h"

namespace quotawatch::tests {
namespace {

enum class Letter {
  nothing,
  unknown,
  hit,
  hit_with_reset,
  server_error,
  hit_beside_more,  // the same banner in another conversation
  absent,
  new_program,  // at work; what follows is another one's, too
  new_program_hit,
  new_program_hit_with_reset,
};
using Alphabet = std::vector<Letter>;

Alphabet usual_alphabet() {
  return {Letter::nothing,      Letter::unknown,         Letter::hit,   Letter::hit_with_reset,
          Letter::server_error, Letter::hit_beside_more, Letter::absent};
}

// The parameters of a walk over sequences.
struct Setting {
  std::vector<std::string> accounts;
  Milliseconds gap;
  enum class Ends { never, done_at_once, done_before_next, failed_at_once, any } ends;
  enum class Restarts { never, before_each_poll, once_anywhere, or_use_once_anywhere } restarts;
  QuotaRules quota = {};
  Milliseconds reset_after = std::chrono::minutes{45};  // of the hit that names one
  Alphabet alphabet = usual_alphabet();
  SwitchReach reaches = SwitchReach::running;
};

bool starts_program(Letter letter) { return letter >= Letter::new_program; }

Pane pane_of(Letter letter, const std::string& session, bool pool, Milliseconds reset_after) {
  const auto screen = [&](Screen shown) { return Pane{session, pool, Pane::Kind::screen, std::move(shown)}; };
  switch (letter) {
    case Letter::nothing:
    case Letter::new_program:
      return screen(showing("at work"));
    case Letter::unknown:
      return {session, pool, Pane::Kind::failed, {}};
    case Letter::hit:
    case Letter::new_program_hit:
      return screen(hit());
    case Letter::hit_with_reset:
    case Letter::new_program_hit_with_reset:
      return screen(hit_for(reset_after));
    case Letter::server_error:
      return screen(server_error("limit"));
    case Letter::hit_beside_more: {
      Screen shown = hit();
      shown.text += ", and a line more";
      return screen(std::move(shown));
    }
    case Letter::absent:
      return {session, pool, Pane::Kind::absent, {}};
  }
  return {};
}

// Walks the tree of all sequences; common prefixes are computed only once.
class Walk {
 public:
  Walk(const Setting& setting, std::size_t sessions) : setting_(setting), sessions_(sessions) {}

  // Returns how many sequences of `polls` polls there are, or stops at the first difference.
  std::size_t sequences(std::size_t polls) {
    go_on(first(), polls, setting_.restarts >= Setting::Restarts::once_anywhere);
    return count_;
  }

 private:
  SideBySide first() const {
    const DecisionRules rules{setting_.quota, setting_.accounts, Zone::utc(), setting_.reaches};
    return SideBySide(rules, "a", {SteadyTime{}, noon()});
  }

  void poll(SideBySide& pair, std::size_t way) const {
    using Ends = Setting::Ends;
    if (setting_.ends == Ends::done_before_next) pair.finish(true);
    if (setting_.restarts == Setting::Restarts::before_each_poll) pair.restart();
    pair.wait(setting_.gap);
    if (starts_program(letter(way))) pair.start_programs();
    pair.poll(panes(way));
    if (setting_.ends == Ends::done_at_once) pair.finish(true);
    if (setting_.ends == Ends::failed_at_once) pair.finish(false);
  }

  void go_on(const SideBySide& before, std::size_t polls, bool may_restart) {
    ASSERT_EQ(before.difference(), "") << word_ << ", gap " << setting_.gap.count();
    if (polls == 0) {
      ++count_;
      return;
    }
    poll_in_all_ways(before, polls, may_restart);
    if (!may_restart || testing::Test::HasFatalFailure()) return;
    SideBySide restarted = before;
    restarted.restart();
    step("R", [&] { poll_in_all_ways(restarted, polls, false); });
    if (setting_.restarts != Setting::Restarts::or_use_once_anywhere) return;
    SideBySide used = before;
    used.use("b");
    step("U", [&] { poll_in_all_ways(used, polls, false); });
  }

  void poll_in_all_ways(const SideBySide& before, std::size_t polls, bool may_restart) {
    std::size_t ways = 1;
    for (std::size_t i = 0; i < sessions_; ++i) ways *= setting_.alphabet.size();
    for (std::size_t way = 0; way < ways && !testing::Test::HasFatalFailure(); ++way) {
      SideBySide polled = before;
      poll(polled, way);
      step(std::to_string(way), [&] { end_in_all_ways(before, polled, polls - 1, may_restart); });
    }
  }

  // A running hook ends at once or one poll later: a third poll during its run adds nothing.
  void end_in_all_ways(const SideBySide& before, const SideBySide& polled, std::size_t polls, bool may_restart) {
    const bool ends = setting_.ends == Setting::Ends::any && polled.in_flight() && polls > 0;
    if (!ends || !before.in_flight()) go_on(polled, polls, may_restart);
    if (!ends) return;
    for (const bool done : {true, false}) {
      if (testing::Test::HasFatalFailure()) return;
      SideBySide ended = polled;
      ended.finish(done);
      step(done ? "D" : "F", [&] { go_on(ended, polls, may_restart); });
    }
  }

  template <typename Next>
  void step(const std::string& sign, Next next) {
    const std::size_t size = word_.size();
    word_ += " " + sign;
    next();
    word_.resize(size);
  }

  std::vector<Pane> panes(std::size_t way) const {
    if (sessions_ == 1) return {pane("main", false, way)};
    return {pane("pool-0", true, way), pane("pool-1", true, way / setting_.alphabet.size())};
  }

  Letter letter(std::size_t way) const { return setting_.alphabet[way % setting_.alphabet.size()]; }

  Pane pane(const std::string& session, bool pool, std::size_t way) const {
    return pane_of(letter(way), session, pool, setting_.reset_after);
  }

  const Setting& setting_;
  std::size_t sessions_;
  std::size_t count_ = 0;
  std::string word_;
};

std::vector<Setting> settings() {
  using Ends = Setting::Ends;
  using Restarts = Setting::Restarts;
  std::vector<Setting> all;
  for (const auto& accounts : {std::vector<std::string>{}, {"a"}, {"a", "b"}}) {
    for (const auto gap : {interval, 3 * interval + ms, cooldown}) {
      for (const auto ends : {Ends::done_at_once, Ends::done_before_next, Ends::failed_at_once}) {
        all.push_back({accounts, gap, ends, Restarts::never});
      }
    }
  }
  all.push_back({{"a", "b"}, interval, Ends::never, Restarts::never});
  all.push_back({{"a", "b"}, interval, Ends::never, Restarts::before_each_poll});
  all.push_back({{"a", "b"}, cooldown, Ends::done_before_next, Restarts::before_each_poll});
  return all;
}

// Times so short that everything fits into a few polls: a suspicion, a switch, its cooldown or the
// wait after its failure, an account that becomes free, a reset that passes.
Setting short_times() {
  Setting setting{{"a", "b"}, interval, Setting::Ends::any, Setting::Restarts::once_anywhere};
  setting.quota.cooldown = 2 * interval;
  setting.quota.unknown_reset = 3 * interval;
  setting.reset_after = 4 * interval;
  return setting;
}

// Prints the number of sequences: a walk that ends early would prove nothing.
void expect_count(std::size_t count, std::size_t wanted) {
  std::cout << count << " sequences\n";
  EXPECT_EQ(count, wanted);
}

TEST(EverySequence, OfSixPollsAllEndsOfSwitchesAndARestart) {
  expect_count(Walk(short_times(), 1).sequences(6), 3'519'887);
}

// A8: programs that are started again, or are not reached by a switch.
TEST(EverySequence, OfFivePollsWhereASwitchReachesNewProgramsOnly) {
  Setting setting = short_times();
  setting.restarts = Setting::Restarts::or_use_once_anywhere;
  setting.reaches = SwitchReach::restarted;
  setting.alphabet = {Letter::nothing,         Letter::hit,
                      Letter::hit_with_reset,  Letter::new_program,
                      Letter::new_program_hit, Letter::new_program_hit_with_reset};
  expect_count(Walk(setting, 1).sequences(5), 453'528);
}

TEST(EverySequence, OfFivePollsInEverySetting) {
  std::size_t count = 0;
  for (const auto& setting : settings()) {
    count += Walk(setting, 1).sequences(5);
    if (HasFatalFailure()) return;
  }
  expect_count(count, std::size_t{30} * 16'807);
}

TEST(EverySequence, OfThreePollsOfTwoPoolSessions) {
  Setting setting{{"a", "b"}, interval, Setting::Ends::failed_at_once, Setting::Restarts::never};
  expect_count(Walk(setting, 2).sequences(3), 117'649);
}

}  // namespace
}  // namespace quotawatch::tests
