#include "sim/harness/stage.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "transcript/expectation.h"

namespace quotawatch::sim {

class Stage::Listener final : public RunObserver {
 public:
  explicit Listener(Stage& stage) : stage_(stage) {}

  void began(const std::optional<State>& saved, Moment now) override {
    const bool whole = stage_.store_.is_whole();
    stage_.notify([&](StageObserver& observer) { observer.loaded(saved, whole, now); });
  }
  void captured(const TmuxCapture& captured, const PollTime& poll) override {
    const TmuxCapture capture = poll.sessions == nullptr ? captured : stage_.of_all_sessions(captured, *poll.sessions);
    stage_.notify([&](StageObserver& observer) {
      observer.polling(poll.groups);
      observer.captured(capture, poll.now);
    });
  }
  void decided(const Evidence& evidence, const Decision& decision, Moment now) override {
    stage_.notify([&](StageObserver& observer) { observer.decided(evidence, decision, now); });
  }
  void saving() override { stage_.fail_points_.reach(FailStep::save, false); }
  void saved(bool /*well*/) override { stage_.fail_points_.reach(FailStep::save, true); }
  void journalling() override { stage_.fail_points_.reach(FailStep::write, false); }
  void journalled(const Event& /*event*/, Moment /*now*/) override {
    stage_.notify_of_entry();
    stage_.fail_points_.reach(FailStep::write, true);
  }
  void hook_starting(const SwitchRequest& request, Moment now) override {
    stage_.fail_points_.reach(FailStep::start, false);
    stage_.notify([&](StageObserver& observer) { observer.hook_started(request, now); });
  }
  void hook_started() override { stage_.fail_points_.reach(FailStep::start, true); }
  void typing(const Stroke& /*stroke*/, Moment /*now*/) override { stage_.fail_points_.reach(FailStep::type, false); }
  void typed(const Stroke& /*stroke*/) override { stage_.fail_points_.reach(FailStep::type, true); }
  void hook_ended(const SwitchReport& report, Moment now) override {
    stage_.notify([&](StageObserver& observer) { observer.hook_ended(report, now); });
    stage_.fail_points_.reach(FailStep::report, true);
  }

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
      keyboard_(panes_, tmux_),
      journal_(clock_) {
  for (const auto& group : groups_of(setup.config)) {
    switchers_.try_emplace(group.group, clock_, group.switch_timeout);
  }
  if (setup.state) store_.preload(*setup.state);
  keyboard_.listen([this](const Stroke& stroke, const PaneCapture& before) { take_stroke(stroke, before); });
}

void Stage::play() {
  assert(monitor_ == nullptr);
  Listener listener(*this);
  const Switchers switchers([this](const std::string& group) -> Switcher& { return switchers_.at(group); });
  while (true) {
    try {
      Monitor monitor(
          setup_.config, setup_.zone, judges_,
          {clock_, tmux_, switchers, store_, journal_, listener, &keyboard_, &witness_, pool_, setup_.host});
      monitor_ = &monitor;
      monitor.start();
      monitor.run();
      monitor_ = nullptr;
      abandon_switches();
      return;
    } catch (const MonitorKilled&) {
      monitor_ = nullptr;
      abandon_switches();
      notify([this](StageObserver& observer) { observer.killed(clock_.now()); });
      stay_down();
      journal_.begin_run();
    }
  }
}

// Observers learn of all sessions that a pattern may find. One that was listed and is still not watched
// is shown as it is.
TmuxCapture Stage::of_all_sessions(const TmuxCapture& capture, const std::vector<std::string>& captured) {
  TmuxCapture all = capture;
  all.panes.clear();
  std::vector<std::size_t> places(captured.size());
  for (const auto& session : sessions_) {
    const auto found = std::ranges::find(captured, session);
    const auto index = static_cast<std::size_t>(found - captured.begin());
    const bool missed = found == captured.end() && std::ranges::find(tmux_.listed(), session) != tmux_.listed().end();
    if (found != captured.end()) places[index] = all.panes.size();
    all.panes.push_back(found != captured.end() ? capture.panes[index]
                        : missed                ? panes_.capture({session}).panes.front()
                                                : PaneCapture{});
  }
  for (auto& further : all.further) further.session = places[further.session];
  return all;
}

void Stage::abandon_switches() {
  for (auto& [group, switcher] : switchers_) switcher.abandon();
  if (pool_ != nullptr) pool_->abandon();
}

// The monitor is down. A restart requested now extends the outage.
void Stage::stay_down() {
  assert(monitor_ == nullptr);
  clock_.change_waiter();
  SteadyTime end = clock_.now().steady;
  // A monitor that is restarted at once runs before the other events of this time.
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
  notify([&](StageObserver& observer) { observer.performed(action, clock_.now()); });
  std::visit([this](const auto& what) { act(what); }, action);
}

void Stage::show(const std::string& session, std::shared_ptr<const std::string> text, int columns, int rows) {
  panes_.show(session, std::move(text), columns, rows, clock_.now().wall);
}

void Stage::act(const ShowScreen& screen) {
  std::string text;
  for (const auto& line : screen.lines) {
    text += line;
    text += '\n';
  }
  panes_.show(screen.session, std::move(text), screen.columns, screen.rows, clock_.now().wall);
}

void Stage::act(const RemoveSession& gone) { panes_.remove(gone.session); }
void Stage::act(const FailCaptures& fail) { panes_.fail(fail.session, fail.why); }
void Stage::act(const LinkSession& link) { panes_.link(link.session, link.other); }
void Stage::act(const EndProgram& end) { panes_.end_program(end.session); }
void Stage::act(const StartProgram& start) { panes_.start_program(start.session, clock_.now().wall); }
void Stage::act(const SetServer& server) { tmux_.set(server); }
void Stage::act(const SetSwitcher& set) {
  for (auto& [group, switcher] : switchers_) {
    if (set.group.empty() || set.group == group) switcher.set_outcome(set.outcome);
  }
}
void Stage::act(const StepClock& step) { clock_.step_wall(step.by); }
void Stage::act(const Crash& crash) { fail_points_.arm(crash.point); }
void Stage::act(const Stall& stall) { clock_.stall_until(clock_.now().steady + stall.duration); }
void Stage::act(const DamageState& state) { store_.damage(state.damage); }

void Stage::act(const UseClient& use) { panes_.use_client(use.session, clock_.now().wall); }
void Stage::act(const SetMode& mode) { panes_.set_mode(mode.session, mode.on); }

void Stage::act(const SetWitness& set) {
  if (!set.says) return witness_.forget(set.session);
  const WallTime now = clock_.now().wall;
  witness_.say(set.session, {*set.says, now, set.reset_at, set.use, now});
}

void Stage::act(const SetDisk& disk) {
  store_.fail_with(disk.full ? std::optional<std::string>("no space left on device") : std::nullopt);
}

// As `quotawatch account` does, retries while the monitor polls. A stalled monitor carries the command
// out nevertheless: a recording has the time when it was carried out, not when it was requested.
void Stage::act(const AccountCommand& command) {
  if (monitor_ == nullptr) return command_saved_state(command);
  if (monitor_->is_polling()) return act_later(command);
  notify([&](StageObserver& observer) { observer.commanded(command, clock_.now()); });
  monitor_->obey(command);
}

// As `quotawatch pause` does: without a monitor there is nothing to pause.
void Stage::act(const PauseCommand& command) {
  if (monitor_ == nullptr) return;
  if (monitor_->is_polling()) return act_later(command);
  monitor_->obey(command);
}

void Stage::act_later(const Action& command) {
  constexpr Milliseconds again{50};
  clock_.schedule(clock_.now().steady + again, VirtualClock::Order::event, [this, command]() -> std::optional<Wake> {
    std::visit([this](const auto& what) { act(what); }, command);
    return std::nullopt;
  });
}

void Stage::command_saved_state(const AccountCommand& command) {
  assert(monitor_ == nullptr);
  const Moment now = clock_.now();
  auto saved = store_.load();
  notify([&](StageObserver& observer) {
    observer.loaded_by_operator(saved, store_.is_whole(), now);
    observer.commanded(command, now);
  });
  const auto [next, event, answer] = obey_saved(setup_.config, std::move(saved), command, now);
  if (!event || store_.save(next)) return;
  journal_.write(*event);
  notify_of_entry();
}

// In the journal of a replay for total checking. The Enter behind a text goes without saying.
void Stage::take_stroke(const Stroke& stroke, const PaneCapture& before) {
  notify([&](StageObserver& observer) { observer.typed(stroke, before, clock_.now()); });
  const bool sends =
      unsent_ && stroke.kind == Stroke::Kind::key && stroke.text == "Enter" && unsent_->session == stroke.session;
  if (!sends) journal_.write(typed_event(stroke, clock_.now().wall));
  unsent_.reset();
  if (stroke.kind == Stroke::Kind::text) {
    unsent_ = stroke;
  } else {
    answer_stroke(stroke.session);
  }
}

void Stage::answer_stroke(const std::string& session) {
  const auto found =
      std::ranges::find(answers_, session, [](const AnswerKeys& answer) { return answer.screen.session; });
  if (found == answers_.end()) return;
  const AnswerKeys answer = *found;
  answers_.erase(found);
  clock_.schedule(clock_.now().steady + answer.delay, VirtualClock::Order::event,
                  [this, answer]() -> std::optional<Wake> {
                    perform(answer.screen);
                    return std::nullopt;
                  });
}

void Stage::notify_of_entry() const {
  const JournalEntry& entry = journal_.entries().back();
  notify([&](StageObserver& observer) { observer.journalled(entry); });
}

void Stage::act(const SetTruth& set) {
  notify([&](StageObserver& observer) { observer.truth_set(set, clock_.now()); });
}

void Stage::act(const Restart& restart) {
  down_for_ = restart.down_for;
  throw MonitorKilled{};
}

}  // namespace quotawatch::sim
