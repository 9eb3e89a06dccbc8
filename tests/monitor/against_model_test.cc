// The whole monitor against the model of the rules: every poll, end of a switch and
// restart of random plays, with realistic screens.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "model_watcher.h"
#include "play_generators.h"

namespace quotawatch::tests {
namespace {

// Over all plays: events that never occur would not be tested.
std::map<std::string, int>& seen() {
  static std::map<std::string, int> all;
  return all;
}

RC_GTEST_PROP(MonitorAgainstModel, DecidesAsTheModelDoes, ()) {
  const auto transcript = transcript_of(*any_play(Happenings{}));
  ModelWatcher watcher(transcript.config);
  perform(transcript, &watcher);
  ++seen()["play"];
  for (const auto& [what, times] : watcher.seen()) seen()[what] += times;
  const std::string differs = watcher.difference();
  if (!differs.empty()) RC_LOG() << differs;
  RC_ASSERT(differs.empty());
}

TEST(MonitorAgainstModel, HasSeenEveryEventAndEveryBoundary) {
  if (seen()["play"] < 400) GTEST_SKIP() << "runs after many plays of DecidesAsTheModelDoes only";
  for (const char* name : {"suspect", "clearbelow_thresholds", "cleartoo_old", "switch", "switch_done", "switch_failed",
                           "switch_resumed", "exhausted_everywhere", "stale", "skippending", "skipbackoff",
                           "skipcooldown", "accountfree", "accountuse", "poll at the end of a cooldown",
                           "poll one ms before the end of a cooldown", "poll one ms after the end of a cooldown"}) {
    EXPECT_GT(seen()[name], 0) << name;
    RecordProperty(name, seen()[name]);
  }
}

}  // namespace
}  // namespace quotawatch::tests
