// The test harness: the production monitor among fakes, on virtual time.
//
// Replay schedules the events of a transcript on its clock, the simulator those of a world that
// reacts to the monitor. Both call perform(); play() runs the monitor, and restarts it after each kill,
// until the clock reaches its end.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "quotawatch/config.h"
#include "quotawatch/judge.h"
#include "quotawatch/monitor.h"
#include "quotawatch/zone.h"
#include "sim/harness/fail_points.h"
#include "sim/harness/fake_keyboard.h"
#include "sim/harness/fake_switcher.h"
#include "sim/harness/fake_tmux.h"
#include "sim/harness/fake_witness.h"
#include "sim/harness/faulty_tmux.h"
#include "sim/harness/memory_journal.h"
#include "sim/harness/memory_state_store.h"
#include "sim/harness/virtual_clock.h"
#include "transcript/action.h"

namespace quotawatch::sim {

struct StageSetup {
  const Config& config;  // must outlive the stage
  Zone zone;             // the host's
  WallTime start;
  Milliseconds until{0};                      // inclusive
  std::optional<State> state = std::nullopt;  // saved before the start
  std::string host = {};                      // what other hosts call it
};

// Observes a run, in order of time.
class StageObserver {
 public:
  virtual ~StageObserver() = default;
  // The next capture is a poll of these groups.
  virtual void polling(const std::vector<std::string>& /*groups*/) {}
  virtual void captured(const TmuxCapture& /*capture*/, Moment /*began*/) {}
  virtual void truth_set(const SetTruth& /*set*/, Moment /*now*/) {}
  // Before the decision is carried out (see RunObserver).
  virtual void decided(const Evidence& /*evidence*/, const Decision& /*decision*/, Moment /*now*/) {}
  virtual void journalled(const JournalEntry& /*entry*/) {}
  virtual void hook_started(const SwitchRequest& /*request*/, Moment /*now*/) {}
  // Something reached a session's pane.
  virtual void typed(const Stroke& /*stroke*/, const PaneCapture& /*before*/, Moment /*now*/) {}
  virtual void hook_ended(const SwitchReport& /*report*/, Moment /*now*/) {}
  // A run begins. `whole`: see MemoryStateStore::is_whole().
  virtual void loaded(const std::optional<State>& /*state*/, bool /*whole*/, Moment /*now*/) {}
  // The monitor was killed and will be restarted.
  virtual void killed(Moment /*now*/) {}
  virtual void performed(const Action& /*action*/, Moment /*now*/) {}
  // No monitor runs, and the operator's command loads the saved state.
  virtual void loaded_by_operator(const std::optional<State>& /*state*/, bool /*whole*/, Moment /*now*/) {}
  // Before the monitor, or the command itself, carries it out or refuses it.
  virtual void commanded(const AccountCommand& /*command*/, Moment /*now*/) {}
};

class Stage {
 public:
  // The observers are notified in this order. They and the judges must outlive the stage.
  Stage(const StageSetup& setup, JudgeCache& judges, std::vector<StageObserver*> observers = {});

  VirtualClock& clock() { return clock_; }
  // What is shared with other hosts. Before play(); must outlive the stage.
  void share(PoolStore& pool) { pool_ = &pool; }
  FailPoints& fail_points() { return fail_points_; }
  const FailPoints& fail_points() const { return fail_points_; }
  const MemoryStateStore& store() const { return store_; }
  // Of the only group.
  const FakeSwitcher& switcher() const { return switchers_.begin()->second; }
  const std::vector<std::string>& sessions() const { return sessions_; }

  // Throws MonitorKilled if the action kills the monitor.
  void perform(const Action& action);

  // As ShowScreen, without a copy of the screen.
  void show(const std::string& session, std::shared_ptr<const std::string> text, int columns, int rows);

  // What a program makes of the next thing that is typed into it, a key of a menu or a restart
  // included: after a while its session shows this.
  void answer_keys(AnswerKeys answer) { answers_.push_back(std::move(answer)); }

  // Runs until the end. Throws InputError if a pack of the config cannot be used.
  void play();

  std::vector<JournalEntry> take_journal() { return journal_.take(); }

 private:
  // The monitor's observer, which also kills it at fail points.
  class Listener;

  void act(const ShowScreen& screen);
  void act(const RemoveSession& gone);
  void act(const FailCaptures& fail);
  void act(const LinkSession& link);
  void act(const EndProgram& end);
  void act(const StartProgram& start);
  void act(const SetServer& server);
  void act(const SetSwitcher& set);
  void act(const StepClock& step);
  void act(const Restart& restart);
  void act(const Crash& crash);
  void act(const Stall& stall);
  void act(const DamageState& state);
  void act(const SetDisk& disk);
  void act(const AccountCommand& command);
  void act(const PauseCommand& command);
  void act_later(const Action& command);
  void command_saved_state(const AccountCommand& command);
  void act(const UseClient& use);
  void act(const SetMode& mode);
  void act(const SetWitness& set);
  void act(const SetTruth& set);
  TmuxCapture of_all_sessions(const TmuxCapture& capture, const std::vector<std::string>& captured);
  void notify_of_entry() const;
  void take_stroke(const Stroke& stroke, const PaneCapture& before);
  void answer_stroke(const std::string& session);
  void stay_down();
  void abandon_switches();
  template <typename Notify>
  void notify(Notify notify) const {
    for (auto* observer : observers_) notify(*observer);
  }

  const StageSetup setup_;
  JudgeCache& judges_;
  std::vector<StageObserver*> observers_;
  std::vector<std::string> sessions_;
  VirtualClock clock_;
  FakeTmux panes_;
  FaultyTmux tmux_;
  FakeKeyboard keyboard_;
  FakeWitness witness_;
  std::map<std::string, FakeSwitcher> switchers_;  // by group
  MemoryStateStore store_;
  MemoryJournal journal_;
  FailPoints fail_points_;
  std::vector<AnswerKeys> answers_;
  std::optional<Stroke> unsent_;  // a text whose Enter has not come
  Milliseconds down_for_{0};
  PoolStore* pool_ = nullptr;   // null: nothing is shared
  Monitor* monitor_ = nullptr;  // null while none runs
};

}  // namespace quotawatch::sim
