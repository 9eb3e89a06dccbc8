#include "sim/harness/stage.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace quotawatch::sim {

class Stage::WatchedTmux final : public Tmux {
 public:
  explicit WatchedTmux(Stage& stage) : stage_(stage) {}
  TmuxCapture capture(const std::vector<std::string>& sessions) override {
    const Moment began = stage_.clock_.now();
    auto capture = stage_.tmux_.capture(sessions);
    stage_.tell([&](StageObserver& observer) { observer.captured(capture, began); });
    return capture;
  }

 private:
  Stage& stage_;
};

class Stage::WatchedDecisions final : public DecisionObserver {
 public:
  explicit WatchedDecisions(Stage& stage) : stage_(stage) {}
  void decided(const Evidence& evidence, const Decision& decision, Moment now) override {
    stage_.tell([&](StageObserver& observer) { observer.decided(evidence, decision, now); });
  }

 private:
  Stage& stage_;
};

class Stage::WatchedJournal final : public Journal {
 public:
  explicit WatchedJournal(Stage& stage) : stage_(stage) {}
  void write(const Event& event) override {
    stage_.journal_.write(event);
    const JournalEntry& entry = stage_.journal_.entries().back();
    stage_.tell([&](StageObserver& observer) { observer.journalled(entry); });
  }

 private:
  Stage& stage_;
};

class Stage::WatchedSwitcher final : public Switcher {
 public:
  explicit WatchedSwitcher(Stage& stage) : stage_(stage) {}
  void start(const SwitchRequest& request) override {
    const Moment now = stage_.clock_.now();
    stage_.tell([&](StageObserver& observer) { observer.hook_started(request, now); });
    stage_.switcher_.start(request);
  }
  std::optional<SwitchReport> take_report() override {
    auto report = stage_.switcher_.take_report();
    if (!report) return report;
    const Moment now = stage_.clock_.now();
    stage_.tell([&](StageObserver& observer) { observer.hook_ended(*report, now); });
    return report;
  }
  bool busy() const override { return stage_.switcher_.busy(); }
  void abandon() override { stage_.switcher_.abandon(); }

 private:
  Stage& stage_;
};

class Stage::WatchedStore final : public StateStore {
 public:
  explicit WatchedStore(Stage& stage) : stage_(stage) {}
  std::optional<State> load() override {
    auto state = stage_.store_.load();
    const bool whole = stage_.store_.is_whole();
    const Moment now = stage_.clock_.now();
    stage_.tell([&](StageObserver& observer) { observer.loaded(state, whole, now); });
    return state;
  }
  std::optional<std::string> save(const State& state) override { return stage_.store_.save(state); }

 private:
  Stage& stage_;
};

Stage::Stage(const StageSetup& setup, JudgeCache& judges, std::vector<StageObserver*> observers)
    : setup_(setup),
      judges_(judges),
      observers_(std::move(observers)),
      sessions_(session_names(setup.config)),
      clock_(setup.start, SteadyTime{setup.until}),
      tmux_(panes_, clock_, setup.config.tmux_timeout),
      switcher_(clock_, setup.config.switch_timeout),
      journal_(clock_) {
  if (setup.state) store_.preload(*setup.state);
}

void Stage::play() {
  assert(monitor_ == nullptr);
  WatchedTmux tmux(*this);
  WatchedDecisions decisions(*this);
  WatchedJournal watched_journal(*this);
  WatchedSwitcher watched_switcher(*this);
  WatchedStore watched_store(*this);
  CrashingStore store(watched_store, crash_points_);
  CrashingJournal journal(watched_journal, crash_points_);
  CrashingSwitcher switcher(watched_switcher, crash_points_);
  while (true) {
    try {
      Monitor monitor(setup_.config, setup_.zone, judges_,
                      {clock_, tmux, switcher, store, journal, &decisions});
      monitor_ = &monitor;
      monitor.start();
      monitor.run();
      monitor_ = nullptr;
      switcher_.abandon();
      return;
    } catch (const MonitorKilled&) {
      monitor_ = nullptr;
      switcher_.abandon();
      tell([this](StageObserver& observer) { observer.killed(clock_.now()); });
      stay_down();
      journal_.begin_run();
    }
  }
}

// Nobody runs who could be killed; what would have killed him makes it longer.
void Stage::stay_down() {
  assert(monitor_ == nullptr && !switcher_.busy());
  clock_.change_waiter();
  SteadyTime end = clock_.now().steady;
  // One that starts again at once lives: what happens at that moment happens to it.
  for (bool killed = down_for_ > Milliseconds{0}; killed;) {
    killed = false;
    end = std::max(end, clock_.now().steady + std::exchange(down_for_, Milliseconds{0}));
    try {
      clock_.pass(end - clock_.now().steady);
    } catch (const MonitorKilled&) {
      killed = true;
    }
  }
  clock_.change_waiter();
}

void Stage::perform(const Action& action) {
  tell([&](StageObserver& observer) { observer.performed(action, clock_.now()); });
  std::visit([this](const auto& what) { act(what); }, action);
}

void Stage::show(const std::string& session, std::shared_ptr<const std::string> text, int columns,
                 int rows) {
  panes_.show(session, std::move(text), columns, rows);
}

void Stage::act(const ShowScreen& screen) {
  std::string text;
  for (const auto& line : screen.lines) {
    text += line;
    text += '\n';
  }
  panes_.show(screen.session, std::move(text), screen.columns, screen.rows);
}

void Stage::act(const RemoveSession& gone) { panes_.remove(gone.session); }
void Stage::act(const FailCaptures& fail) { panes_.fail(fail.session, fail.why); }
void Stage::act(const LinkSession& link) { panes_.link(link.session, link.other); }
void Stage::act(const EndProgram& end) { panes_.end_program(end.session); }
void Stage::act(const SetServer& server) { tmux_.set(server); }
void Stage::act(const SetSwitcher& set) { switcher_.set_outcome(set.outcome); }
void Stage::act(const StepClock& step) { clock_.step_wall(step.by); }
void Stage::act(const Crash& crash) { crash_points_.arm(crash.point); }
void Stage::act(const Stall& stall) { clock_.stall_until(clock_.now().steady + stall.duration); }
void Stage::act(const DamageState& state) { store_.damage(state.damage); }

void Stage::act(const SetDisk& disk) {
  store_.fail_with(disk.full ? std::optional<std::string>("no space left on device")
                             : std::nullopt);
}

// As `quotawatch account` does: a monitor in the middle of a poll is asked again. Who gets no
// time for his polls gets some for this: a recording knows when it was done, not when it was asked.
void Stage::act(const AccountCommand& command) {
  constexpr Milliseconds again{50};
  if (monitor_ == nullptr) return command_saved_state(command);
  if (monitor_->is_polling()) {
    clock_.schedule(clock_.now().steady + again, VirtualClock::Order::event,
                    [this, command]() -> std::optional<Wake> {
                      act(command);
                      return std::nullopt;
                    });
    return;
  }
  tell([&](StageObserver& observer) { observer.commanded(command, clock_.now()); });
  monitor_->obey(command);
}

void Stage::command_saved_state(const AccountCommand& command) {
  assert(monitor_ == nullptr);
  const Moment now = clock_.now();
  auto saved = store_.load();
  tell([&](StageObserver& observer) {
    observer.loaded_by_operator(saved, store_.is_whole(), now);
    observer.commanded(command, now);
  });
  const DecisionRules rules{setup_.config.quota, setup_.config.accounts, setup_.zone};
  auto [next, event, answer] =
      obey(rules, state_at_start(setup_.config, std::move(saved), now), command, now);
  if (event && !store_.save(next)) WatchedJournal(*this).write(*event);
}

void Stage::act(const TellTruth& told) {
  tell([&](StageObserver& observer) { observer.told(told, clock_.now()); });
}

void Stage::act(const Restart& restart) {
  down_for_ = restart.down_for;
  throw MonitorKilled{};
}

}  // namespace quotawatch::sim
