#include "play.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "quotawatch/input_error.h"

namespace quotawatch::tests {
namespace {

constexpr std::string_view start = "2026-11-23T12:00:00Z";

// Jitter changes no order.
std::vector<TranscriptEvent> events_of(const Play& play) {
  std::vector<TranscriptEvent> events;
  Milliseconds base{0};
  Milliseconds last{0};
  for (const auto& step : play.steps) {
    base += step.gap;
    last = std::max(last, base + step.jitter);
    events.push_back({last, step.action, 0});
  }
  return events;
}

Milliseconds end_of(const std::vector<TranscriptEvent>& events, const Play& play) {
  return (events.empty() ? Milliseconds{0} : events.back().offset) + play.tail;
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Play& play) { return out << print_play(play); }

std::string print_play(const Play& play) { return write_transcript(transcript_of(play)); }

Transcript transcript_of(const Play& play) {
  Transcript transcript;
  transcript.path = "play";
  transcript.start = *parse_wall(start);
  transcript.config = parse_config(play.config, transcript.path);
  transcript.config_text = play.config;
  transcript.events = events_of(play);
  transcript.until = end_of(transcript.events, play);
  return transcript;
}

void add_event(Transcript& transcript, Milliseconds offset, Action action) {
  const auto after = std::upper_bound(transcript.events.begin(), transcript.events.end(), offset,
                                      [](Milliseconds wanted, const auto& event) { return wanted < event.offset; });
  transcript.events.insert(after, {offset, std::move(action), 0});
  transcript.until = std::max(transcript.until, offset);
}

// Silences messages about simulated full disks.
const bool silenced = [] {
  spdlog::set_level(spdlog::level::off);
  return true;
}();

JudgeCache& judges() {
  static JudgeCache cache;
  return cache;
}

std::vector<sim::JournalEntry> perform(const Transcript& transcript, Watcher* watcher, sim::StageObserver* other) {
  std::vector<sim::StageObserver*> observers{watcher, other};
  std::erase(observers, nullptr);
  sim::Stage stage({transcript.config, transcript.zone, transcript.start, transcript.until}, judges(), observers);
  if (watcher != nullptr) watcher->enter(stage);
  for (const auto& event : transcript.events) {
    stage.clock().schedule(SteadyTime{event.offset}, sim::VirtualClock::Order::event,
                           [&stage, &event]() -> std::optional<Wake> {
                             stage.perform(event.action);
                             return std::nullopt;
                           });
  }
  try {
    stage.play();
  } catch (const InputError& /*unreadable*/) {
    // No generation of the state is readable, so the start is refused, as it should be.
  }
  return stage.take_journal();
}

std::string journal_text(const std::vector<sim::JournalEntry>& journal) {
  std::string text;
  for (const auto& entry : journal) {
    text += fmt::format("{} {} {}\n", entry.offset.count(), entry.run, to_json(entry.event));
  }
  return text;
}

}  // namespace quotawatch::tests
