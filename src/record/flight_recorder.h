// Keeps the last minutes of a running monitor, so that a wrong decision can be turned into a
// transcript afterwards.
//
// An observer of the monitor of `run`. Bounded in time and bytes: only changes are kept, and texts are
// compressed beside the text before. A recording cannot begin at any poll: the replay starts with
// the saved state, so there must be no open suspicion, switch or backoff, which a restart forgets.
// waiting() marks the polls where that holds. Steps are kept in segments, each of which begins at such
// a poll with the whole state and all panes; the oldest segment is dropped as a whole.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "quotawatch/account_command.h"
#include "quotawatch/config.h"
#include "quotawatch/event.h"
#include "quotawatch/pause.h"
#include "quotawatch/run_observer.h"
#include "quotawatch/state.h"
#include "quotawatch/switcher.h"
#include "quotawatch/zone.h"
#include "record/packed_text.h"
#include "record/pane_changes.h"

namespace quotawatch {

struct HookStarted {};
using RecordedDecision = std::shared_ptr<const Event>;  // never null
using RecordedChange = std::variant<SetServer, PaneChange, SetDisk, HookStarted, SwitchReport, AccountCommand,
                                    PauseCommand, RecordedDecision>;

// A poll; or, between polls, the end of a hook or a command of the operator.
struct RecordedStep {
  bool is_poll = true;
  Moment at;       // what the monitor took for now
  SteadyTime due;  // of a poll
  std::vector<RecordedChange> changes = {};
};

struct RecordedRun {
  Config config;
  Zone zone = Zone::utc();
  std::vector<std::string> sessions;
  State state;           // after the first step
  bool waiting = false;  // for an account to become free, after the first step
  // The first step is the start of the run and not a poll. In both cases it has all panes, and
  // nothing else.
  bool from_start = false;
  std::vector<RecordedStep> steps;
};

class FlightRecorder final : public RunObserver {
 public:
  struct Limits {
    Milliseconds keep{std::chrono::minutes{30}};
    std::size_t max_bytes = std::size_t{1} << 20U;
  };

  explicit FlightRecorder(Limits limits) : limits_(limits) {}

  // To be called right after the monitor was made with this observer.
  void begin(const Config& config, const Zone& zone, const State& state);
  // The monitor continues with another config. Drops everything recorded before.
  void configure(const Config& config, const Zone& zone);

  void began(const std::optional<State>& saved, Moment now) override;
  void captured(const TmuxCapture& capture, const PollTime& poll) override;
  void saved(bool well) override;
  void journalled(const Event& event, Moment at) override;
  void hook_starting(const SwitchRequest& request, Moment now) override;
  void hook_ended(const SwitchReport& report, Moment at) override;
  void waiting(const State& state) override;

  // From the last poll before `from` at which a recording can begin, or else the first there is, to
  // `to`. Empty if there is no such poll. `calm`: the monitor must not have been waiting for an
  // account then. A replay has to find that out again, and cannot if a screen names no reset.
  std::optional<RecordedRun> cut(WallTime from, WallTime to, bool calm = false) const;

  std::size_t bytes() const { return bytes_; }

 private:
  struct Step : RecordedStep {
    bool may_begin = false;  // a recording
    bool waiting = false;
    std::optional<SteadyTime> cooldown_since = {};
    std::unique_ptr<const std::string> state = {};  // packed; null if unchanged
  };
  struct Segment {
    bool is_start = false;  // of the run
    std::vector<Step> steps;
    std::size_t bytes = 0;
  };
  class Reader;

  void add_step(bool is_poll, Moment at, SteadyTime due = {});
  void add(RecordedChange change, std::size_t bytes = 0);
  void add_pane(PaneChange change);
  void grow(std::size_t bytes);
  TmuxCapture of_recorded(const TmuxCapture& capture, const std::vector<std::string>& captured);
  bool can_begin(const State& state) const;
  bool is_full(const Segment& segment) const;
  void mark(const State& state);
  void begin_segment(const State& state, bool at_start);
  void drop_old();

  Limits limits_;
  Config config_;
  Zone zone_ = Zone::utc();
  std::vector<std::string> sessions_;  // of the config, then those found by pattern, as they came
  Moment last_polled_;
  SteadyTime last_due_;
  SteadyTime last_beginning_;
  ChangeDetector changes_{0};
  bool saves_ = true;
  bool may_begin_ = false;  // nothing happened since a poll on the grid
  // The last texts in the last segment: the next ones are packed beside them.
  std::vector<std::shared_ptr<const std::string>> texts_;
  std::string state_text_;
  TextPacker packer_;
  std::deque<Segment> segments_;
  std::size_t bytes_ = 0;
};

}  // namespace quotawatch
