// A monitor among fakes with a flight recorder, and replays of its recordings, for the recorder's tests.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "quotawatch/duration.h"
#include "quotawatch/monitor.h"
#include "record/flight_recorder.h"
#include "record/recording.h"
#include "sim/harness/fake_switcher.h"
#include "sim/harness/fake_tmux.h"
#include "sim/harness/memory_journal.h"
#include "sim/harness/memory_state_store.h"
#include "sim/replay/settled_recording.h"
#include "tests/judge/rules/judges.h"

namespace quotawatch::sim {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Without the lone session's wait (A10): a recording that is cut in it does not know when it began.
inline constexpr const char* config_text = R"({"quota":{"reactivate_cooldown":"3m","lone_after":"0"},
  "pool":{"autonomous":{"start_index":1,"max":3},"dedicated":[{"name":"main"}]},
  "accounts":[{"name":"work"},{"name":"spare"},{"name":"third"}],"active_account":"work"})";

// The clock of a busy machine: waits end a little late.
class LateClock final : public Clock {
 public:
  explicit LateClock(VirtualClock& clock) : clock_(clock) {}
  Moment now() const override { return clock_.now(); }
  Wake wait_until(SteadyTime deadline) override {
    const Wake wake = clock_.wait_until(deadline);
    if (wake == Wake::deadline && !delays_.empty()) {
      clock_.pass(delays_[waits_++ % delays_.size()]);
      return clock_.wait_until(deadline);  // events in between come first
    }
    return wake;
  }
  void set_delays(std::vector<Milliseconds> delays) { delays_ = std::move(delays); }

 private:
  VirtualClock& clock_;
  std::vector<Milliseconds> delays_;
  std::size_t waits_ = 0;
};

class RecordedFleet {
 public:
  explicit RecordedFleet(Milliseconds until, const char* text = config_text, FlightRecorder::Limits limits = {})
      : config(parse_config(text, "test")),
        clock(*parse_wall("2026-11-23T17:00:00.123Z"), SteadyTime{until}),
        late(clock),
        switcher(clock, config.switch_timeout),
        journal(clock),
        recorder(limits),
        monitor(config, Zone::utc(), judges(), {late, tmux, switcher, store, journal, recorder}) {
    recorder.begin(config, Zone::utc(), monitor.state());
  }

  void at(Milliseconds when, std::function<void()> what) {
    clock.schedule(SteadyTime{when}, VirtualClock::Order::event, [what = std::move(what)]() -> std::optional<Wake> {
      what();
      return std::nullopt;
    });
  }
  void show_at(Milliseconds when, const std::string& session, const std::string& text) {
    at(when, [=, this] { tmux.show(session, text, 80, 24); });
  }
  void run() {
    monitor.start();
    monitor.run();
  }

  std::optional<RecordedRun> cut(WallTime from = {}) const { return recorder.cut(from, WallTime::max()); }

  // The decisions since the beginning of the cut: "switch work->spare".
  std::vector<std::string> decisions(WallTime from = {}) const {
    std::vector<std::string> all;
    for (const auto& entry : journal.entries()) {
      if (!is_decision(entry.event.kind) || entry.event.at <= from) continue;
      all.push_back(name_of(entry.event));
    }
    return all;
  }
  static std::string name_of(const Event& event) {
    return fmt::format("{} {}", event_name(event.kind), event.session.value_or(""));
  }

  Config config;
  VirtualClock clock;
  LateClock late;
  FakeTmux tmux;
  FakeSwitcher switcher;
  MemoryStateStore store;
  MemoryJournal journal;
  FlightRecorder recorder;
  Monitor monitor;
};

inline SettledRecording settled(const RecordedRun& run, Redactor* redactor = nullptr) {
  return settle_recording(
      [&](RecordedTimes times) -> WrittenRecording {
        const auto written = write_recording(run, judges(), redactor, times);
        return {parse_transcript(write_transcript(written), "written"), run.waiting};
      },
      judges());
}

inline std::vector<std::string> decisions_of(const SettledRecording& recording) {
  std::vector<std::string> all;
  for (const auto& entry : recording.result.journal) {
    if (is_decision(entry.event.kind)) all.push_back(RecordedFleet::name_of(entry.event));
  }
  return all;
}

const std::string dated = "❯ go on\n  ⎿  You've hit your session limit · resets 8pm (UTC)\n";
const std::string undated = "❯ go on\n  ⎿  API Error: Request rejected (429)\n";
const std::string calm = "❯ go on\n● Done.\n";

}  // namespace quotawatch::sim
