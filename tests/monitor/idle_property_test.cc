// Fleets without limits, and fleets whose screens do not change: polls have no effect.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "play_generators.h"

namespace quotawatch::tests {
namespace {

constexpr Milliseconds day = std::chrono::hours{24};

std::size_t count_after(const std::vector<sim::JournalEntry>& journal, Milliseconds offset,
                        const std::vector<EventKind>& kinds) {
  return static_cast<std::size_t>(std::ranges::count_if(journal, [&](const auto& entry) {
    return entry.offset > offset && std::ranges::count(kinds, entry.event.kind) > 0;
  }));
}

RC_GTEST_PROP(IdleFleet, NothingIsDecidedWithoutALimit, ()) {
  Happenings may = anything;
  may.hits = may.commands = false;
  for (const auto& entry : perform(transcript_of(*any_play(may)))) {
    RC_LOG() << to_json(entry.event) << "\n";
    RC_ASSERT(!is_decision(entry.event.kind));
    RC_ASSERT(entry.event.kind != EventKind::skip);
  }
}

// Once a calm fleet stops changing, two polls journal everything.
RC_GTEST_PROP(IdleFleet, NothingIsJournalledOfOneThatStandsStill, ()) {
  Happenings may;
  may.hits = may.restarts = may.stalls = may.slow_tmux = may.commands = false;
  const auto play = *any_play(may);
  auto transcript = transcript_of(play);
  const auto still_since = transcript.until;
  transcript.until += *one_of<int>({1, 100, 1000}) * transcript.config.quota.poll_interval;
  for (const auto& entry : perform(transcript)) RC_ASSERT(entry.offset <= still_since);
}

// A3: the remaining banners are stale from then on.
RC_GTEST_PROP(IdleFleet, IsSwitchedOnceMoreAtMost, ()) {
  auto transcript = transcript_of(*any_play(Happenings{}));
  const auto still_since = transcript.until;
  add_event(transcript, still_since, SetServer{});
  add_event(transcript, still_since, SetSwitcher{});
  transcript.until += day + std::chrono::hours{2};
  const auto journal = perform(transcript);
  RC_LOG() << "it stands still after " << still_since.count() << " ms\n" << journal_text(journal);
  RC_ASSERT(count_after(journal, still_since, {EventKind::switch_}) <= 1U);
}

}  // namespace
}  // namespace quotawatch::tests
