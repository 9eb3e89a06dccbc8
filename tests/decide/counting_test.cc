// The counts of a poll, which reports and `status` show.
#include <gtest/gtest.h>

#include "scene.h"
#include "tests/decide/model/decider.h"

namespace quotawatch::tests {
namespace {

// One session with this reading, at the first poll of a run.
Evidence evidence_of(const Reading& reading, const QuotaRules& quota = {}) {
  const Moment now{SteadyTime{}, noon()};
  const std::vector<Observation> seen{{"main", false, &reading, ""}};
  return fold({quota, {"a", "b"}, Zone::utc()}, start_state({}, "a", now), seen, now).second;
}

TEST(CountedHits, ALimitThatIsNoHitSaysWhy) {
  const Reading limit = reading_of(hit());
  EXPECT_EQ(evidence_of(limit).hits.size(), 1U);
  EXPECT_TRUE(evidence_of(limit).uncounted.empty());

  Reading never = limit;
  never.counts = false;
  EXPECT_TRUE(evidence_of(never).hits.empty());
  EXPECT_EQ(evidence_of(never).uncounted, (std::vector<UncountedLimit>{{"main", "its rule never counts"}}));

  Reading model = limit;
  model.scope = LimitScope::model;
  EXPECT_EQ(evidence_of(model).hits.size(), 1U);
  QuotaRules quota;
  quota.count_model_limits = false;
  EXPECT_TRUE(evidence_of(model, quota).hits.empty());
  EXPECT_EQ(evidence_of(model, quota).uncounted,
            (std::vector<UncountedLimit>{{"main", "quota.count_model_limits is false"}}));
  EXPECT_EQ(evidence_of(limit, quota).hits.size(), 1U);

  Reading throttled = limit;
  throttled.verdict = Verdict::throttled;
  EXPECT_EQ(evidence_of(throttled).hits.size(), 1U);
  quota.count_throttled = false;
  EXPECT_TRUE(evidence_of(throttled, quota).hits.empty());
  EXPECT_EQ(evidence_of(throttled, quota).uncounted,
            (std::vector<UncountedLimit>{{"main", "quota.count_throttled is false"}}));
  EXPECT_EQ(evidence_of(limit, quota).hits.size(), 1U);
}

TEST(CountedHits, WordsThatNoRuleKnowsAreNoneWhereTheConfigSaysSo) {
  const Reading limit = reading_of(in_other_words(hit()));
  ASSERT_EQ(evidence_of(limit).hits.size(), 1U);
  EXPECT_TRUE(evidence_of(limit).hits.front().unknown_wording);
  QuotaRules quota;
  quota.count_unknown_wording = false;
  EXPECT_TRUE(evidence_of(limit, quota).hits.empty());
  EXPECT_EQ(evidence_of(limit, quota).uncounted,
            (std::vector<UncountedLimit>{{"main", "quota.count_unknown_wording is false"}}));
}

TEST(CountedHits, WhatIsNoLimitIsNotAccountedFor) {
  for (const auto verdict : {Verdict::warning, Verdict::server_error, Verdict::clear}) {
    Reading reading = reading_of(hit());
    reading.verdict = verdict;
    reading.counts = false;
    EXPECT_TRUE(evidence_of(reading).hits.empty());
    EXPECT_TRUE(evidence_of(reading).uncounted.empty()) << verdict_name(verdict);
  }
}

TEST(CountedHits, ADecisionSaysWhatItCountedWhateverItDecides) {
  const DecisionRules rules = usual_rules();
  const Moment now{SteadyTime{}, noon()};
  Evidence evidence;
  const auto add = [&](bool pool, bool stale) {
    evidence.hits.push_back({"s", pool, stale, "", "", "", std::nullopt, std::nullopt});
  };
  const auto counted = [&](const State& state) { return step(rules, state, evidence, now).second.counted; };
  State state = start_state({}, "a", now);
  EXPECT_EQ(counted(state), HitCounts{});
  add(true, true);
  EXPECT_EQ(counted(state), (HitCounts{1, 0, false, false}));
  add(true, false);
  EXPECT_EQ(counted(state), (HitCounts{2, 0, true, false}));
  add(false, true);
  EXPECT_EQ(counted(state), (HitCounts{2, 1, true, false}));
  add(false, false);
  EXPECT_EQ(counted(state), (HitCounts{2, 2, true, true}));
  state.in_flight = SwitchRequest{"id", "a", "b", "s", "", std::nullopt, now.wall};
  ASSERT_EQ(step(rules, state, evidence, now).second.events.at(0).reason, "pending");
  EXPECT_EQ(counted(state), (HitCounts{2, 2, true, true})) << "though nothing is decided";
}

}  // namespace
}  // namespace quotawatch::tests
