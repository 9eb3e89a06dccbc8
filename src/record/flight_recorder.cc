#include "record/flight_recorder.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "record/same_capture.h"

namespace quotawatch {
namespace {

// A segment goes as a whole, so this much of what is allowed is not always there.
constexpr int segments_kept = 4;

// A restart at this moment would go on as the monitor does, but for a wait for an account.
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
  panes_.assign(sessions_.size(), {});
  server_up_ = true;
  may_begin_ = false;
  segments_.clear();
  bytes_ = 0;
}

FlightRecorder::Step* FlightRecorder::last_step() {
  return segments_.empty() ? nullptr : &segments_.back().steps.back();
}

void FlightRecorder::grow(std::size_t bytes) {
  segments_.back().bytes += bytes;
  bytes_ += bytes;
}

void FlightRecorder::add(Step step) {
  if (segments_.empty()) return;
  segments_.back().steps.push_back(std::move(step));
  grow(sizeof(Step));
}

FlightRecorder::Details& FlightRecorder::details() {
  assert(!segments_.empty());
  auto& details = last_step()->details;
  if (!details) {
    details = std::make_unique<Details>();
    grow(sizeof(Details));
  }
  return *details;
}

void FlightRecorder::take_pane(std::size_t session, const PaneCapture& pane) {
  PaneCapture& known = panes_[session];
  auto text_before = known.text;
  const bool same = shows_same(known, pane);
  known = pane;
  if (!known.text) known.text = text_before;
  if (same || segments_.empty()) return;
  PackedPane packed{session, pane, {}};
  packed.now.text.reset();
  if (pane.text) packed.packed = packer_.pack(*pane.text, text_before ? *text_before : "");
  grow(sizeof(PackedPane) + packed.packed.capacity() + pane.why.size());
  details().panes.push_back(std::move(packed));
}

void FlightRecorder::captured(const TmuxCapture& capture, const PollTime& poll) {
  last_polled_ = poll.now;
  last_due_ = poll.due;
  Step step;
  step.at = poll.now;
  step.due = poll.due;
  add(std::move(step));
  if (std::exchange(server_up_, capture.server_up) != capture.server_up && !segments_.empty()) {
    details().server_up = capture.server_up;
  }
  const std::size_t seen = capture.server_up ? std::min(sessions_.size(), capture.panes.size()) : 0;
  for (std::size_t i = 0; i < seen; ++i) {
    take_pane(i, capture.panes[i]);
  }
  // The grid of the polls would begin anew with one that is out of turn.
  may_begin_ = !poll.extra;
  forget_old();
}

// What the operator says comes between polls, and the journal knows all of it.
void FlightRecorder::commanded(const Event& event, Moment at) {
  may_begin_ = false;
  if (segments_.empty()) return;
  Step step;
  step.is_poll = false;
  step.at = at;
  add(std::move(step));
  details().command = {*find_account_command(*event.reason), *event.account};
  grow(event.account->size());
}

void FlightRecorder::journalled(const Event& event, Moment at) {
  if (event.kind == EventKind::account) return commanded(event, at);
  if (segments_.empty() || !is_decision(event.kind)) return;
  if (!last_step()->is_poll) last_step()->at = at;
  grow(sizeof(Event) + to_json(event).size());
  details().decisions.push_back(event);
}

void FlightRecorder::hook_starting(const SwitchRequest& /*request*/, Moment /*now*/) {
  if (!segments_.empty()) details().hook_started = true;
}

void FlightRecorder::hook_ended(const SwitchReport& report, Moment at) {
  may_begin_ = false;
  if (segments_.empty()) return;
  Step step;
  step.is_poll = false;
  step.at = at;
  add(std::move(step));
  details().ended = report;
  grow(report.why.size());
}

void FlightRecorder::saved(bool well) {
  state_changed_ = true;
  if (std::exchange(saves_, well) != well && !segments_.empty()) details().saves = well;
}

void FlightRecorder::waiting(const State& state) {
  if (!std::exchange(may_begin_, false)) return;
  if (!leaves_nothing_open(state) || !server_up_ || !saves_) return;
  // A recording starts an interval before its first poll; a switch done since then would
  // lie in its future.
  const SteadyTime start = last_due_ - config_.quota.poll_interval;
  if (state.run.cooldown_since > start) return;
  // What a pane showed before it failed, or its program ended, is forgotten there; but some
  // fail for days.
  const bool forgets = std::ranges::any_of(panes_, [](const PaneCapture& pane) {
    const bool silent = pane.status == PaneCapture::Status::failed || pane.status == PaneCapture::Status::ended;
    return silent && pane.text != nullptr;
  });
  if (forgets && last_polled_.steady - last_beginning_ < limits_.keep / 2) return;
  last_beginning_ = last_polled_.steady;
  const auto is_full = [&](const Segment& segment) {
    const auto& first = segment.steps.front();
    return segment.bytes > limits_.max_bytes / segments_kept ||
           segment.steps.back().at.steady - first.at.steady >= limits_.keep / segments_kept;
  };
  if (segments_.empty() || is_full(segments_.back())) {
    begin_segment(state, false);
  } else {
    mark(state);
  }
  forget_old();
}

void FlightRecorder::mark(const State& state) {
  Step& step = *last_step();
  step.may_begin = true;
  step.waiting = state.run.suspicion.has_value();
  step.cooldown_since = state.run.cooldown_since;
  if (!std::exchange(state_changed_, false)) return;
  std::string text = to_json_line(state);
  if (text == state_text_) return;
  auto& packed = details().state;
  packed = packer_.pack(text, state_text_);
  grow(packed.capacity());
  state_text_ = std::move(text);
}

void FlightRecorder::begin_segment(const State& state, bool at_start) {
  Step first;
  first.is_start = at_start;
  first.at = last_polled_;
  first.due = last_due_;
  segments_.emplace_back();
  add(std::move(first));
  for (std::size_t i = 0; i < panes_.size(); ++i) {
    const PaneCapture& pane = panes_[i];
    PackedPane packed{i, pane, {}};
    packed.now.text.reset();
    if (pane.text) packed.packed = packer_.pack(*pane.text, "");
    grow(sizeof(PackedPane) + packed.packed.capacity() + pane.why.size());
    details().panes.push_back(std::move(packed));
  }
  state_changed_ = true;
  state_text_.clear();
  mark(state);
}

void FlightRecorder::forget_old() {
  const auto forget = [&] {
    assert(!segments_.empty() && bytes_ >= segments_.front().bytes);
    bytes_ -= segments_.front().bytes;
    segments_.pop_front();
  };
  while (bytes_ > limits_.max_bytes) forget();
  while (segments_.size() > 1 && segments_[1].steps.front().at.steady <= last_polled_.steady - limits_.keep) {
    forget();
  }
}

// Goes through what is kept, step by step, with everything unpacked.
class FlightRecorder::Reader {
 public:
  explicit Reader(std::size_t sessions) : texts_(sessions), panes_(sessions) {}

  RecordedStep read(const Step& step) {
    RecordedStep read;
    read.is_poll = step.is_poll;
    read.at = step.at;
    read.due = step.due;
    if (!step.details) return read;
    const Details& details = *step.details;
    for (const auto& packed : details.panes) read.panes.push_back({packed.session, unpack(packed)});
    if (!details.state.empty()) state_text_ = unpack_text(details.state, state_text_);
    read.server_up = details.server_up;
    read.decisions = details.decisions;
    read.hook_started = details.hook_started;
    read.ended = details.ended;
    read.command = details.command;
    read.saves = details.saves;
    return read;
  }

  // A segment begins anew with all that is known.
  void forget() {
    for (auto& text : texts_) text.reset();
    state_text_.clear();
  }

  const std::vector<PaneCapture>& panes() const { return panes_; }
  const std::string& state_text() const { return state_text_; }

 private:
  PaneCapture unpack(const PackedPane& packed) {
    PaneCapture pane = packed.now;
    auto& text = texts_[packed.session];
    if (!packed.packed.empty()) {
      text = std::make_shared<const std::string>(unpack_text(packed.packed, text ? *text : ""));
    }
    pane.text = text;
    panes_[packed.session] = pane;
    return pane;
  }

  std::vector<std::shared_ptr<const std::string>> texts_;
  std::vector<PaneCapture> panes_;
  std::string state_text_;
};

std::optional<RecordedRun> FlightRecorder::cut(WallTime from, WallTime to, bool calm) const {
  // The last one before `from`, or the first there is.
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
  RecordedRun run{config_, zone_, sessions_, {}, first->waiting, first->is_start, {}};
  Reader reader(sessions_.size());
  bool begun = false;
  for (const auto& segment : segments_) {
    if (!begun && &segment != first_segment) continue;
    reader.forget();
    for (const auto& step : segment.steps) {
      const bool repeated = begun && &step == &segment.steps.front();
      RecordedStep read = reader.read(step);
      if (&step == first) {
        begun = true;
        run.state = parse_state(reader.state_text(), "the flight recorder");
        run.state.run.cooldown_since = first->cooldown_since;
        read.decisions.clear();
        read.panes.clear();
        for (std::size_t i = 0; i < sessions_.size(); ++i) {
          read.panes.push_back({i, reader.panes()[i]});
        }
      } else if (!begun || repeated) {
        continue;
      }
      if (step.at.wall > to && run.steps.size() > 1) return run;
      run.steps.push_back(std::move(read));
    }
  }
  return run;
}

}  // namespace quotawatch
