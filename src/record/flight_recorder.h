// Keeps the last minutes of a monitor that runs, so that they can be replayed: "it
// switched wrongly" becomes a transcript afterwards.
//
// Observes the monitor of `run`; cut() gives what write_recording()
// (recording.h) makes a transcript of. Bounded in time and bytes: screens are kept beside
// the one before, those that stayed as they were not at all. A recording can begin at
// polls that left nothing half done; what is older goes a segment at a time.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "quotawatch/account_command.h"
#include "quotawatch/config.h"
#include "quotawatch/event.h"
#include "quotawatch/run_observer.h"
#include "quotawatch/state.h"
#include "quotawatch/switcher.h"
#include "quotawatch/tmux.h"
#include "quotawatch/zone.h"
#include "record/packed_text.h"

namespace quotawatch {

// Something the monitor did: a poll, taking note of how a hook ended, or what the operator
// told it to.
struct RecordedStep {
  struct Pane {
    std::size_t session = 0;  // index of the watched session
    PaneCapture now;
  };

  bool is_poll = true;
  Moment at;                           // what the monitor took for now
  SteadyTime due;                      // of a poll: when it should have come
  std::optional<bool> server_up = {};  // where that changed
  std::vector<Pane> panes = {};        // that changed
  std::vector<Event> decisions = {};
  bool hook_started = false;
  std::optional<SwitchReport> ended = {};
  std::optional<AccountCommand> command = {};
  std::optional<bool> saves = {};  // whether the state can be saved, where that changed
};

struct RecordedRun {
  Config config;
  Zone zone = Zone::utc();
  std::vector<std::string> sessions;
  State state;           // after the first step
  bool waiting = false;  // then, for an account to become free
  // The first step is no poll but the start of the run; else it has every session as it
  // was then, and no decisions.
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

  // Recording begins: of the monitor that was just made with this observer, in this state.
  void begin(const Config& config, const Zone& zone, const State& state);
  // It goes on with another config; what was recorded before is dropped.
  void configure(const Config& config, const Zone& zone);

  void began(const std::optional<State>& saved, Moment now) override;
  void captured(const TmuxCapture& capture, const PollTime& poll) override;
  void saved(bool well) override;
  void journalled(const Event& event, Moment at) override;
  void hook_starting(const SwitchRequest& request, Moment now) override;
  void hook_ended(const SwitchReport& report, Moment at) override;
  void waiting(const State& state) override;

  // What there is from the last poll a recording can begin at before `from`, to `to`.
  // Nothing if there is no such poll yet. A beginning while the monitor waited for an
  // account is not always a good one: a replay has to find that out again, which takes a
  // poll where no reset is named. `calm`: only others.
  std::optional<RecordedRun> cut(WallTime from, WallTime to, bool calm = false) const;

  // Of all that is kept.
  std::size_t bytes() const { return bytes_; }

 private:
  struct PackedPane {
    std::size_t session = 0;
    PaneCapture now;     // without its text
    std::string packed;  // that text, beside the one before
  };
  // What few steps have.
  struct Details {
    std::optional<bool> server_up;
    std::vector<PackedPane> panes;
    std::vector<Event> decisions;
    bool hook_started = false;
    std::optional<SwitchReport> ended;
    std::optional<AccountCommand> command;
    std::optional<bool> saves;
    std::string state;  // packed, where it is another one
  };
  struct Step {
    bool is_poll = true;
    bool is_start = false;   // of the run
    bool may_begin = false;  // a recording here
    bool waiting = false;
    Moment at;
    SteadyTime due;
    std::optional<SteadyTime> cooldown_since = {};
    std::unique_ptr<Details> details = {};
  };
  // From a poll with all that is known then.
  struct Segment {
    std::vector<Step> steps;
    std::size_t bytes = 0;
  };
  class Reader;

  void commanded(const Event& event, Moment at);
  Step* last_step();
  Details& details();
  void take_pane(std::size_t session, const PaneCapture& pane);
  void grow(std::size_t bytes);
  void add(Step step);
  void mark(const State& state);
  void begin_segment(const State& state, bool at_start);
  void forget_old();

  Limits limits_;
  Config config_;
  Zone zone_ = Zone::utc();
  std::vector<std::string> sessions_;
  Moment last_polled_;
  SteadyTime last_due_;
  SteadyTime last_beginning_;
  std::vector<PaneCapture> panes_;  // as last seen; a failed one with the text before
  bool server_up_ = true;
  bool saves_ = true;
  bool state_changed_ = true;
  bool may_begin_ = false;  // a recording, with what was polled last
  std::string state_text_;  // the last one that was kept
  TextPacker packer_;
  std::deque<Segment> segments_;
  std::size_t bytes_ = 0;
};

}  // namespace quotawatch
