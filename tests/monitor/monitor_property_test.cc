// Properties of every run of the whole monitor.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "play_generators.h"
#include "sim/check/run_checker.h"

namespace quotawatch::tests {
namespace {

using sim::JournalEntry;

void expect_none(const std::vector<sim::Violation>& violations, const std::vector<JournalEntry>& journal) {
  for (const auto& violation : violations) {
    RC_LOG() << violation.offset.count() << " ms: " << violation.invariant << ": " << violation.what << "\n";
  }
  if (!violations.empty()) RC_LOG() << journal_text(journal);
  RC_ASSERT(violations.empty());
}

RC_GTEST_PROP(MonitorProperty, BreaksNoInvariant, ()) {
  // The checker measures the backoff from the end of the capture during which the hook failed.
  Happenings may = anything;
  may.slow_tmux = false;
  const auto transcript = transcript_of(*any_play(may));
  sim::RunChecker checker(transcript.config);
  const auto journal = perform(transcript, nullptr, &checker);
  expect_none(checker.finish(), journal);
}

RC_GTEST_PROP(MonitorProperty, DoesTheSameAgain, ()) {
  const auto transcript = transcript_of(*any_play(anything));
  RC_ASSERT(journal_text(perform(transcript)) == journal_text(perform(transcript)));
}

RC_GTEST_PROP(MonitorProperty, DoesTheSameFromAWrittenTranscript, ()) {
  const auto play = *any_play(anything);
  const auto written = parse_transcript(print_play(play), "play");
  RC_ASSERT(journal_text(perform(written)) == journal_text(perform(transcript_of(play))));
}

// The polls at which a restart would forget nothing: no switch is in flight or has failed, and there is no
// suspicion.
class CalmPolls final : public Watcher {
 public:
  void captured(const TmuxCapture& /*capture*/, Moment began) override {
    if (!waits_ && !failed_) polls_.push_back(began.steady.time_since_epoch());
  }
  void journalled(const JournalEntry& entry) override {
    const auto kind = entry.event.kind;
    if (kind == EventKind::switch_failed) failed_ = true;
    if (kind == EventKind::switch_done) failed_ = false;
    if (kind == EventKind::switch_done || kind == EventKind::clear) waits_ = false;
    if (kind == EventKind::suspect || kind == EventKind::switch_ || kind == EventKind::exhausted_everywhere) {
      waits_ = true;
    }
  }
  const std::vector<Milliseconds>& polls() const { return polls_; }

 private:
  bool waits_ = false;   // for a poll, an account or a hook
  bool failed_ = false;  // the last hook; the next failure is waited out longer (A1)
  std::vector<Milliseconds> polls_;
};

// All except what a new run journals about the fleet again.
std::string decided(const std::vector<JournalEntry>& journal) {
  std::vector<JournalEntry> kept;
  for (auto entry : journal) {
    entry.run = 0;
    const EventKind kind = entry.event.kind;
    const bool repeated = kind == EventKind::verdict || kind == EventKind::unrecognised || kind == EventKind::stopped ||
                          kind == EventKind::near_limit ||
                          kind == EventKind::reset;  // needs a poll of this run before it
    if (!repeated) kept.push_back(std::move(entry));
  }
  return journal_text(kept);
}

// A restart at the time of a poll costs that poll, and so does a stall of an interval. Not included: clock
// steps, which affect a cooldown only across a restart (A6), and failing captures (A3) and manual
// switches, for which a restart forgets what a session showed before.
RC_GTEST_PROP(MonitorProperty, ForgetsNothingInARestartAtACalmMoment, ()) {
  Happenings may;
  may.clock_steps = may.failed_captures = may.stalls = may.commands = false;
  auto transcript = transcript_of(*any_play(may));
  transcript.config.quota.lone_after = Milliseconds{0};  // a restart forgets how long others stood still (A10)
  CalmPolls calm;
  perform(transcript, &calm);
  RC_PRE(!calm.polls().empty());
  const auto moment = *one_of(calm.polls());
  // A restart forgets when a session was last seen, so what comes between the poll before and the one after may be
  // dated otherwise.
  const Milliseconds interval = transcript.config.quota.poll_interval;
  RC_PRE(std::ranges::none_of(transcript.events, [&](const auto& event) {
    return event.offset >= moment - interval && event.offset <= moment + interval;
  }));
  transcript.until += interval;  // late events are not cut off
  auto restarted = transcript;
  add_event(restarted, moment, Restart{});
  auto stalled = transcript;
  add_event(stalled, moment, Stall{interval});
  RC_LOG() << "at " << moment.count() << " ms\n";
  RC_ASSERT(decided(perform(restarted)) == decided(perform(stalled)));
}

}  // namespace
}  // namespace quotawatch::tests
