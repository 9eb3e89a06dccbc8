#include "record/recorded_seams.h"

#include <utility>

namespace quotawatch {

void RecordedSeams::watch(const Monitor& monitor, const Config& config, const Zone& zone) {
  monitor_ = &monitor;
  recorder_.begin(config, zone, *began_, monitor.state());
}

Moment RecordedSeams::RecordedClock::now() const {
  seams_.last_ = clock_.now();
  if (!seams_.began_) seams_.began_ = seams_.last_;
  return seams_.last_;
}

Wake RecordedSeams::RecordedClock::wait_until(SteadyTime deadline) {
  if (seams_.monitor_ != nullptr) seams_.recorder_.settled(seams_.monitor_->state());
  return clock_.wait_until(deadline);
}

TmuxCapture RecordedSeams::RecordedTmux::capture(const std::vector<std::string>& sessions) {
  const Moment began = seams_.last_;
  auto capture = tmux_.capture(sessions);
  if (seams_.monitor_ != nullptr && !capture.interrupted) {
    seams_.recorder_.polled(capture, began);
  }
  return capture;
}

void RecordedSeams::RecordedSwitcher::start(const SwitchRequest& request) {
  seams_.recorder_.hook_started();
  switcher_.start(request);
}

std::optional<SwitchReport> RecordedSeams::RecordedSwitcher::take_report() {
  auto report = switcher_.take_report();
  if (report) seams_.recorder_.hook_ended(*report, seams_.clock_.now());
  return report;
}

std::optional<std::string> RecordedSeams::RecordedStore::save(const State& state) {
  auto failure = store_.save(state);
  seams_.recorder_.saved(!failure.has_value());
  return failure;
}

void RecordedSeams::RecordedJournal::write(const Event& event) {
  journal_.write(event);
  seams_.recorder_.journalled(event, seams_.last_);
}

}  // namespace quotawatch
