// Which ends of limits are known, when the next one is, and which sessions it concerns.
#include "quotawatch/reset_watch.h"

#include <gtest/gtest.h>

namespace quotawatch {
namespace {

using std::chrono::seconds;

const WallTime noon = *parse_wall("2026-11-23T12:00:00Z");

DatedVerdict limit_until(WallTime reset_at, std::string text = "noon") {
  DatedVerdict verdict;
  verdict.verdict = Verdict::exhausted;
  verdict.reset_at = reset_at;
  verdict.reset_text = std::move(text);
  return verdict;
}

DatedVerdict verdict_of(Verdict kind) {
  DatedVerdict verdict = limit_until(noon);
  verdict.verdict = kind;
  return verdict;
}

class ResetWatchTest : public testing::Test {
 protected:
  ResetWatchTest() { watch({"one", "two", "three"}); }

  void watch(const std::vector<std::string>& sessions) {
    sessions_ = sessions;
    watch_.watch(sessions);
  }

  void show(std::size_t session, DatedVerdict verdict) {
    verdict.session = sessions_.at(session);
    watch_.show(session, verdict);
  }

  // The sessions of each end up to then.
  std::vector<std::string> ended(WallTime now) {
    std::vector<std::string> all;
    for (const auto& event : watch_.take_ended(now, state_)) {
      EXPECT_EQ(event.kind, EventKind::reset);
      EXPECT_EQ(event.at, now);
      all.push_back(*field_text(event, "sessions"));
    }
    return all;
  }

  using Ended = std::vector<std::string>;
  std::vector<std::string> sessions_;
  ResetWatch watch_;
  State state_;
};

TEST_F(ResetWatchTest, OnlyLimitsThatAreShownEnd) {
  EXPECT_EQ(watch_.next(), WallTime::max());
  EXPECT_EQ(ended(WallTime::max()), Ended{});
}

TEST_F(ResetWatchTest, EndsAtTheMomentAndNotBefore) {
  show(1, limit_until(noon));
  EXPECT_EQ(watch_.next(), noon);
  EXPECT_EQ(ended(noon - Milliseconds{1}), Ended{});
  EXPECT_EQ(ended(noon), Ended{"two"});
  EXPECT_EQ(watch_.next(), WallTime::max());
  EXPECT_EQ(ended(noon), Ended{});
}

TEST_F(ResetWatchTest, OneMomentIsOneEventAndTheEarliestComesFirst) {
  show(2, limit_until(noon));
  show(0, limit_until(noon));
  show(1, limit_until(noon - seconds{5}));
  EXPECT_EQ(watch_.next(), noon - seconds{5});
  EXPECT_EQ(ended(noon + seconds{1}), (Ended{"two", "one,three"}));
}

TEST_F(ResetWatchTest, KnowsOnlyLimitsThatAreLive) {
  for (const auto kind : {Verdict::warning, Verdict::server_error, Verdict::auth, Verdict::clear}) {
    show(0, limit_until(noon));
    show(0, verdict_of(kind));
    EXPECT_EQ(watch_.next(), WallTime::max()) << verdict_name(kind);
  }
  DatedVerdict undated = limit_until(noon);
  undated.reset_at.reset();
  show(0, undated);
  EXPECT_EQ(watch_.next(), WallTime::max());
  show(0, verdict_of(Verdict::throttled));
  EXPECT_EQ(watch_.next(), noon);
}

TEST_F(ResetWatchTest, UnknownIsNotClear) {
  show(0, limit_until(noon));
  show(0, verdict_of(Verdict::unknown));
  EXPECT_EQ(ended(noon), Ended{"one"});
}

TEST_F(ResetWatchTest, OneThatIsGoneIsNotNamed) {
  show(0, limit_until(noon));
  show(1, limit_until(noon));
  watch_.remove(0);
  watch_.remove(2);
  EXPECT_EQ(ended(noon), Ended{"two"});
}

TEST_F(ResetWatchTest, ANewerLimitTakesThePlaceOfTheOneBefore) {
  show(0, limit_until(noon));
  show(0, limit_until(noon + seconds{9}));
  EXPECT_EQ(ended(noon), Ended{});
  EXPECT_EQ(ended(noon + seconds{9}), Ended{"one"});
}

TEST_F(ResetWatchTest, NoEndIsReportedTwiceForOneSession) {
  for (int i = 0; i < 16; ++i) {
    show(0, limit_until(noon + seconds{i}));
    EXPECT_EQ(ended(noon + seconds{i}), Ended{"one"}) << i;
  }
  for (int i = 0; i < 16; ++i) {
    show(0, limit_until(noon + seconds{i}));
    EXPECT_EQ(watch_.next(), WallTime::max()) << i;
  }
  show(1, limit_until(noon));
  EXPECT_EQ(ended(noon), Ended{"two"}) << "not reported for the other session yet";
}

TEST_F(ResetWatchTest, GoesOnWithTheSessionsThatAreWatchedStill) {
  show(0, limit_until(noon));
  show(1, limit_until(noon + seconds{5}));
  watch({"three", "two", "four"});
  EXPECT_EQ(watch_.next(), noon + seconds{5});
  show(0, limit_until(noon + seconds{5}));
  EXPECT_EQ(ended(noon + seconds{5}), Ended{"three,two"});
  watch({"two"});
  show(0, limit_until(noon + seconds{5}));
  EXPECT_EQ(watch_.next(), WallTime::max()) << "reported before";
}

TEST_F(ResetWatchTest, TheTextIsReportedIfAllSessionsAgree) {
  show(0, limit_until(noon, "noon"));
  show(1, limit_until(noon, "noon"));
  show(2, limit_until(noon + seconds{1}, "noon"));
  auto events = watch_.take_ended(noon + seconds{1}, state_);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].reset_text, "noon");
  EXPECT_EQ(events[0].reset_at, noon);
  EXPECT_EQ(events[1].reset_text, "noon");
  for (const auto& texts : {std::array{"a", "b", "b"}, {"a", "b", "a"}, {"a", "a", "b"}}) {
    watch_ = ResetWatch();
    watch({"one", "two", "three"});
    for (std::size_t i = 0; i < 3; ++i) show(i, limit_until(noon, texts[i]));
    events = watch_.take_ended(noon, state_);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].reset_text, std::nullopt) << texts[0] << texts[1] << texts[2];
  }
}

TEST_F(ResetWatchTest, TheAccountIsNamedWhereItIsCertain) {
  const auto account = [&] {
    watch_ = ResetWatch();
    watch({"one"});
    show(0, limit_until(noon));
    return watch_.take_ended(noon, state_).at(0).account;
  };
  EXPECT_EQ(account(), std::nullopt);
  state_.limited_until = {{"", noon}, {"a", noon - seconds{1}}, {"b", noon}};
  EXPECT_EQ(account(), "b");
  state_.limited_until["c"] = noon;
  EXPECT_EQ(account(), std::nullopt) << "b or c";
}

}  // namespace
}  // namespace quotawatch
