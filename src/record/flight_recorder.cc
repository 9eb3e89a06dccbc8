#include "record/flight_recorder.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace quotawatch {
namespace {

// At least three quarters of what the limits allow are kept, since segments are dropped as a whole.
constexpr int segments_kept = 4;

// True if a restart now would continue as the monitor does, except for waiting for an account.
bool leaves_nothing_open(const State& state) {
  const auto& run = state.run;
  const bool suspects = run.suspicion && !run.suspicion->confirmed;
  return !state.in_flight && !suspects && run.failures_in_a_row == 0;
}

}  // namespace

void FlightRecorder::began(const std::optional<State>& /*saved*/, Moment now) {
  last_polled_ = now;
  last_due_ = last_beginning_ = now.steady;
}

void FlightRecorder::begin(const Config& config, const Zone& zone, const State& state) {
  configure(config, zone);
  if (leaves_nothing_open(state)) begin_segment(state, true);
}

void FlightRecorder::configure(const Config& config, const Zone& zone) {
  config_ = config;
  zone_ = zone;
  sessions_ = session_names(config);
  changes_ = ChangeDetector(sessions_.size());
  may_begin_ = false;
  segments_.clear();
  bytes_ = 0;
}

void FlightRecorder::grow(std::size_t bytes) {
  segments_.back().bytes += bytes;
  bytes_ += bytes;
}

void FlightRecorder::add_step(bool is_poll, Moment at, SteadyTime due) {
  may_begin_ = false;
  if (segments_.empty()) return;
  segments_.back().steps.push_back({{is_poll, at, due}});
  grow(sizeof(Step));
}

void FlightRecorder::add(RecordedChange change, std::size_t bytes) {
  if (segments_.empty()) return;
  segments_.back().steps.back().changes.push_back(std::move(change));
  grow(sizeof(RecordedChange) + bytes);
}

void FlightRecorder::add_pane(PaneChange change) {
  if (segments_.empty()) return;
  auto& before = texts_[change.session];
  if (auto text = std::exchange(change.now.text, nullptr)) {
    change.packed = packer_.pack(*text, before ? *before : "");
    before = std::move(text);
  }
  const std::size_t bytes = change.packed.capacity() + change.now.why.size();
  add(std::move(change), bytes);
}

// A session that was found by pattern keeps its place after it is gone.
TmuxCapture FlightRecorder::of_recorded(const TmuxCapture& capture, const std::vector<std::string>& captured) {
  TmuxCapture recorded;
  recorded.server_up = capture.server_up;
  recorded.why = capture.why;
  for (const auto& name : captured) {
    if (std::ranges::find(sessions_, name) == sessions_.end()) sessions_.push_back(name);
  }
  changes_.grow(sessions_.size());
  texts_.resize(sessions_.size());
  for (const auto& name : sessions_) {
    const auto place = std::ranges::find(captured, name);
    recorded.panes.push_back(
        place == captured.end() ? PaneCapture{} : capture.panes[static_cast<std::size_t>(place - captured.begin())]);
  }
  return recorded;
}

void FlightRecorder::captured(const TmuxCapture& capture, const PollTime& poll) {
  last_polled_ = poll.now;
  last_due_ = poll.due;
  add_step(true, poll.now, poll.due);
  auto changes = changes_.take(poll.sessions == nullptr ? capture : of_recorded(capture, *poll.sessions));
  if (changes.server) add(*changes.server);
  for (auto& pane : changes.panes) add_pane(std::move(pane));
  // A recording's polls are on the grid of its first one.
  may_begin_ = !poll.extra;
  drop_old();
}

void FlightRecorder::journalled(const Event& event, Moment at) {
  if (event.kind == EventKind::account) {
    add_step(false, at);
    add(AccountCommand{*find_account_command(*event.reason), *event.account}, event.account->size());
  } else if (event.kind == EventKind::pause && event.reason != "over") {
    // A pause that is over ends by itself in the replay, too.
    PauseCommand command;
    if (event.reason == "ended") command.length = Milliseconds{0};
    if (event.retry_at) command.length = *event.retry_at - event.at;
    add_step(false, at);
    add(command, 0);
  } else if (is_decision(event.kind) && !is_about_resuming(event.kind) && !segments_.empty()) {
    // Without what was typed: a recording has no `resume` in its config, so a replay of it asks nobody.
    Step& step = segments_.back().steps.back();
    if (!step.is_poll) step.at = at;
    add(std::make_shared<const Event>(event), sizeof(Event) + to_json(event).size());
  }
}

void FlightRecorder::hook_starting(const SwitchRequest& /*request*/, Moment /*now*/) { add(HookStarted{}); }

void FlightRecorder::hook_ended(const SwitchReport& report, Moment at) {
  add_step(false, at);
  add(report, report.why.size());
}

void FlightRecorder::saved(bool well) {
  if (std::exchange(saves_, well) != well) add(SetDisk{!well});
}

bool FlightRecorder::can_begin(const State& state) const {
  if (!leaves_nothing_open(state) || !changes_.server_up() || !saves_) return false;
  // A recording starts an interval before its first poll; a switch done since then would be in its
  // future.
  if (state.run.cooldown_since > last_due_ - config_.quota.poll_interval) return false;
  // The recording does not know the last screen of a pane that failed or whose program ended. But
  // some panes fail for days.
  const bool forgets = std::ranges::any_of(changes_.panes(), [](const PaneCapture& pane) {
    const bool silent = pane.status == PaneCapture::Status::failed || pane.status == PaneCapture::Status::ended;
    return silent && pane.text != nullptr;
  });
  return !forgets || last_polled_.steady - last_beginning_ >= limits_.keep / 2;
}

bool FlightRecorder::is_full(const Segment& segment) const {
  return segment.bytes > limits_.max_bytes / segments_kept ||
         segment.steps.back().at.steady - segment.steps.front().at.steady >= limits_.keep / segments_kept;
}

void FlightRecorder::waiting(const State& state) {
  if (!std::exchange(may_begin_, false) || !can_begin(state)) return;
  last_beginning_ = last_polled_.steady;
  if (segments_.empty() || is_full(segments_.back())) {
    begin_segment(state, false);
  } else {
    mark(state);
  }
  drop_old();
}

void FlightRecorder::mark(const State& state) {
  Step& step = segments_.back().steps.back();
  step.may_begin = true;
  step.waiting = state.run.suspicion.has_value();
  step.cooldown_since = state.run.cooldown_since;
  std::string text = to_json_line(state);
  if (text == state_text_) return;
  step.state = std::make_unique<const std::string>(packer_.pack(text, state_text_));
  grow(sizeof(std::string) + step.state->capacity());
  state_text_ = std::move(text);
}

void FlightRecorder::begin_segment(const State& state, bool at_start) {
  segments_.emplace_back().is_start = at_start;
  add_step(true, last_polled_, last_due_);
  texts_.assign(sessions_.size(), nullptr);
  state_text_.clear();
  for (std::size_t i = 0; i < sessions_.size(); ++i) add_pane({i, changes_.panes()[i]});
  mark(state);
}

void FlightRecorder::drop_old() {
  const auto is_old = [&](const Segment& next) {
    return next.steps.front().at.steady <= last_polled_.steady - limits_.keep;
  };
  while (bytes_ > limits_.max_bytes || (segments_.size() > 1 && is_old(segments_[1]))) {
    assert(!segments_.empty() && bytes_ >= segments_.front().bytes);
    bytes_ -= segments_.front().bytes;
    segments_.pop_front();
  }
}

// Unpacks the steps of one segment, in order.
class FlightRecorder::Reader {
 public:
  explicit Reader(std::size_t sessions) : panes_(sessions) {}

  RecordedStep read(const Step& step) {
    RecordedStep read = step;
    for (auto& change : read.changes) {
      if (auto* pane = std::get_if<PaneChange>(&change)) unpack(*pane);
    }
    if (step.state) state_text_ = unpack_text(*step.state, state_text_);
    return read;
  }

  // The step just read, as the first one of a recording.
  RecordedStep first(const Step& step) const {
    RecordedStep first{step.is_poll, step.at, step.due};
    for (std::size_t i = 0; i < panes_.size(); ++i) first.changes.emplace_back(PaneChange{i, panes_[i]});
    return first;
  }
  const std::string& state_text() const { return state_text_; }

 private:
  void unpack(PaneChange& change) {
    PaneCapture& pane = panes_[change.session];
    change.now.text = pane.text;
    if (!change.packed.empty()) {
      change.now.text = std::make_shared<const std::string>(
          unpack_text(std::exchange(change.packed, {}), pane.text ? *pane.text : ""));
    }
    pane = change.now;
  }

  std::vector<PaneCapture> panes_;
  std::string state_text_;
};

std::optional<RecordedRun> FlightRecorder::cut(WallTime from, WallTime to, bool calm) const {
  const Segment* first_segment = nullptr;
  const Step* first = nullptr;
  for (const auto& segment : segments_) {
    for (const auto& step : segment.steps) {
      if (!step.may_begin || (calm && step.waiting) || (first != nullptr && step.at.wall > from)) continue;
      first_segment = &segment;
      first = &step;
    }
  }
  if (first == nullptr) return std::nullopt;
  const bool from_start = first_segment->is_start && first == &first_segment->steps.front();
  RecordedRun run{config_, zone_, sessions_, {}, first->waiting, from_start, {}};
  for (const auto& segment : segments_) {
    if (run.steps.empty() && &segment != first_segment) continue;
    Reader reader(sessions_.size());
    for (const auto& step : segment.steps) {
      RecordedStep read = reader.read(step);
      if (&step == first) {
        run.state = parse_state(reader.state_text(), "the flight recorder");
        run.state.run.cooldown_since = first->cooldown_since;
        run.steps.push_back(reader.first(step));
      } else if (!run.steps.empty() && &step != &segment.steps.front()) {  // a segment repeats a poll
        if (step.at.wall > to && run.steps.size() > 1) return run;
        run.steps.push_back(std::move(read));
      }
    }
  }
  return run;
}

}  // namespace quotawatch
