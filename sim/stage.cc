#include "sim/stage.h"

#include <utility>

#include "quotawatch/monitor.h"

namespace quotawatch::sim {

class Stage::WatchedTmux final : public Tmux {
 public:
  WatchedTmux(Tmux& tmux, StageObserver* observer) : tmux_(tmux), observer_(observer) {}
  TmuxCapture capture(const std::vector<std::string>& sessions) override {
    auto capture = tmux_.capture(sessions);
    if (observer_ != nullptr) observer_->captured(capture);
    return capture;
  }

 private:
  Tmux& tmux_;
  StageObserver* observer_;
};

class Stage::WatchedJournal final : public Journal {
 public:
  WatchedJournal(MemoryJournal& journal, StageObserver* observer)
      : journal_(journal), observer_(observer) {}
  void write(const Event& event) override {
    journal_.write(event);
    if (observer_ != nullptr) observer_->journalled(journal_.entries().back());
  }

 private:
  MemoryJournal& journal_;
  StageObserver* observer_;
};

class Stage::WatchedSwitcher final : public Switcher {
 public:
  WatchedSwitcher(Switcher& switcher, StageObserver* observer)
      : switcher_(switcher), observer_(observer) {}
  // The observer first: it may decide how this hook ends.
  void start(const SwitchRequest& request) override {
    if (observer_ != nullptr) observer_->hook_started(request);
    switcher_.start(request);
  }
  std::optional<SwitchReport> take_report() override { return switcher_.take_report(); }
  bool busy() const override { return switcher_.busy(); }
  void abandon() override { switcher_.abandon(); }

 private:
  Switcher& switcher_;
  StageObserver* observer_;
};

namespace {

std::vector<std::string> watched_sessions(const Config& config) {
  auto sessions = pool_sessions(config.pool);
  sessions.insert(sessions.end(), config.dedicated.begin(), config.dedicated.end());
  return sessions;
}

}  // namespace

Stage::Stage(const StageSetup& setup, JudgeCache& judges, StageObserver* observer)
    : setup_(setup),
      judges_(judges),
      observer_(observer),
      sessions_(watched_sessions(setup.config)),
      clock_(setup.start, SteadyTime{setup.until}),
      tmux_(panes_, clock_, setup.config.tmux_timeout),
      switcher_(clock_, setup.config.switch_timeout),
      journal_(clock_) {}

void Stage::play() {
  WatchedTmux watched_tmux(tmux_, observer_);
  WatchedJournal watched_journal(journal_, observer_);
  WatchedSwitcher watched_switcher(switcher_, observer_);
  CrashingStore store(store_, crash_points_);
  CrashingJournal journal(watched_journal, crash_points_);
  CrashingSwitcher switcher(watched_switcher, crash_points_);
  while (true) {
    try {
      if (observer_ != nullptr) observer_->started();
      Monitor monitor(setup_.config, setup_.zone, judges_,
                      {clock_, watched_tmux, switcher, store, journal});
      monitor.start();
      monitor.run();
      switcher_.abandon();
      return;
    } catch (const MonitorKilled&) {
      switcher_.abandon();
      if (observer_ != nullptr) observer_->killed();
      stay_down();
      journal_.begin_run();
    }
  }
}

// Nobody runs who could be killed; what would have killed him makes it longer.
void Stage::stay_down() {
  clock_.change_waiter();
  while (down_for_ > Milliseconds{0}) {
    try {
      clock_.pass(std::exchange(down_for_, Milliseconds{0}));
    } catch (const MonitorKilled&) {
    }
  }
  clock_.change_waiter();
}

void Stage::perform(const Action& action) {
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

void Stage::act(const TellTruth& told) {
  if (observer_ != nullptr) observer_->told(told);
}

void Stage::act(const Restart& restart) {
  down_for_ = restart.down_for;
  throw MonitorKilled{};
}

}  // namespace quotawatch::sim
