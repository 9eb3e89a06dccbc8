#include "sim/replay/settled_recording.h"

#include <algorithm>
#include <utility>

#include "quotawatch/input_error.h"

namespace quotawatch::sim {
namespace {

constexpr Milliseconds least_difference{1000};

bool is_near(const std::string& a, const std::string& b) {
  const auto first = parse_wall(a);
  const auto second = parse_wall(b);
  return first && second && std::chrono::abs(*first - *second) < least_difference;
}

bool differs_by_lateness(const Mismatch& mismatch) {
  return std::ranges::all_of(mismatch.expected->fields, [&](const auto& field) {
    const auto& [name, value] = field;
    if (field_holds(field, mismatch.got->event)) return true;
    const bool instant = name == "reset_at" || name == "retry_at";
    return instant && is_near(value, field_text(mismatch.got->event, name).value_or(""));
  });
}

bool is_harmless(const Mismatch& mismatch, const Transcript& transcript, bool waiting) {
  switch (mismatch.kind) {
    case Mismatch::Kind::different:
      return differs_by_lateness(mismatch);
    case Mismatch::Kind::unexpected:
      return waiting && mismatch.got->event.kind == EventKind::suspect &&
             mismatch.got->offset < 2 * transcript.config.quota.poll_interval;
    case Mismatch::Kind::missing:
      return false;
  }
  return false;
}

// Replays the recording. If it decides the same, blesses it with the values of that replay.
SettledRecording settle(const WrittenRecording& written, JudgeCache& judges) {
  SettledRecording settled;
  settled.waiting = written.waiting;
  settled.transcript = parse_transcript(write_transcript(written.transcript), "recording");
  settled.result = replay(settled.transcript, judges);
  const bool same = std::ranges::all_of(settled.result.mismatches, [&](const Mismatch& mismatch) {
    return is_harmless(mismatch, settled.transcript, written.waiting);
  });
  if (!same) return settled;
  settled.transcript = parse_transcript(bless(settled.transcript, settled.result), "recording");
  settled.result = replay(settled.transcript, judges);
  settled.same = settled.result.passed();
  return settled;
}

}  // namespace

SettledRecording settle_recording(const std::function<WrittenRecording(RecordedTimes)>& write, JudgeCache& judges) {
  std::optional<SettledRecording> on_grid;
  const auto written = write(RecordedTimes::on_grid);
  try {
    on_grid = settle(written, judges);
  } catch (const InputError&) {
    // On the poll grid this run is not a valid transcript.
  }
  if (on_grid && on_grid->same) return std::move(*on_grid);
  auto exact = settle(write(RecordedTimes::exact), judges);
  exact.times = RecordedTimes::exact;
  if (exact.same || !on_grid) return exact;
  return std::move(*on_grid);
}

}  // namespace quotawatch::sim
