// A fleet of fakes with the production monitor in its middle, on virtual time.
//
// Replay puts a transcript's events on its clock, the simulator a world that answers
// what the monitor does. Both perform() actions; play() runs the monitor, again after
// each kill, until the clock has come to its end.
#pragma once

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
  Milliseconds until{0};                      // the last moment, a poll at it included
  std::optional<State> state = std::nullopt;  // saved before the start
};

// Who watches a run: told of what passes through the seams, in order of time.
class StageObserver {
 public:
  virtual ~StageObserver() = default;
  // A poll that began at `began` has the panes.
  virtual void captured(const TmuxCapture& /*capture*/, Moment /*began*/) {}
  virtual void truth_set(const SetTruth& /*set*/, Moment /*now*/) {}
  // A poll at `now` has decided, and nothing of it is carried out yet (see RunObserver).
  virtual void decided(const Evidence& /*evidence*/, const Decision& /*decision*/, Moment /*now*/) {}
  virtual void journalled(const JournalEntry& /*entry*/) {}
  virtual void hook_started(const SwitchRequest& /*request*/, Moment /*now*/) {}
  // Something reached a session's pane.
  virtual void typed(const Stroke& /*stroke*/, const PaneCapture& /*before*/, Moment /*now*/) {}
  // The monitor learnt how a hook ended.
  virtual void hook_ended(const SwitchReport& /*report*/, Moment /*now*/) {}
  // A run begins with what was saved. `whole`: with all that was to be saved.
  virtual void loaded(const std::optional<State>& /*state*/, bool /*whole*/, Moment /*now*/) {}
  // A run ended, killed; another one will begin.
  virtual void killed(Moment /*now*/) {}
  virtual void performed(const Action& /*action*/, Moment /*now*/) {}
  // Where no monitor runs, the operator's command reads what was saved. `whole` as above.
  virtual void loaded_by_operator(const std::optional<State>& /*state*/, bool /*whole*/, Moment /*now*/) {}
  // The monitor, or the command itself, is about to do it or to say why not.
  virtual void commanded(const AccountCommand& /*command*/, Moment /*now*/) {}
};

class Stage {
 public:
  // The observers are told in their order. They must outlive the stage, as must the judges.
  Stage(const StageSetup& setup, JudgeCache& judges, std::vector<StageObserver*> observers = {});

  VirtualClock& clock() { return clock_; }
  FailPoints& fail_points() { return fail_points_; }
  const FailPoints& fail_points() const { return fail_points_; }
  const MemoryStateStore& store() const { return store_; }
  const FakeSwitcher& switcher() const { return switcher_; }
  const std::vector<std::string>& sessions() const { return sessions_; }

  // Now. Throws MonitorKilled through whatever waits where it kills the monitor.
  void perform(const Action& action);

  // What ShowScreen does, with a screen that is kept elsewhere.
  void show(const std::string& session, std::shared_ptr<const std::string> text, int columns, int rows);

  // What a program makes of the next thing that is typed into it, a key of a menu or a restart
  // included: after a while its session shows this.
  void answer_keys(AnswerKeys answer) { answers_.push_back(std::move(answer)); }

  // Runs until the end. Throws InputError if a pack of the config cannot be used.
  void play();

  std::vector<JournalEntry> take_journal() { return journal_.take(); }

 private:
  // What the monitor tells; here it can be killed.
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
  void command_saved_state(const AccountCommand& command);
  void act(const UseClient& use);
  void act(const SetMode& mode);
  void act(const SetTruth& set);
  void tell_entry() const;
  void take_stroke(const Stroke& stroke, const PaneCapture& before);
  void answer_stroke(const std::string& session);
  void stay_down();
  template <typename Tell>
  void tell(Tell tell) const {
    for (auto* observer : observers_) tell(*observer);
  }

  const StageSetup setup_;
  JudgeCache& judges_;
  std::vector<StageObserver*> observers_;
  std::vector<std::string> sessions_;
  VirtualClock clock_;
  FakeTmux panes_;
  FaultyTmux tmux_;
  FakeKeyboard keyboard_;
  FakeSwitcher switcher_;
  MemoryStateStore store_;
  MemoryJournal journal_;
  FailPoints fail_points_;
  std::vector<AnswerKeys> answers_;
  std::optional<Stroke> unsent_;  // a text whose Enter has not come
  Milliseconds down_for_{0};
  Monitor* monitor_ = nullptr;  // that runs
};

}  // namespace quotawatch::sim
