#include "sim/fake_switcher.h"

#include <utility>

namespace quotawatch::sim {

void FakeSwitcher::start(const SwitchRequest& request) {
  started_.push_back(request);
  SwitchReport report{request.id, outcome_.kind == Outcome::Kind::ok, outcome_.why};
  Milliseconds delay = outcome_.delay;
  if (outcome_.kind == Outcome::Kind::hang || delay > timeout_) {
    report = {request.id, false, "timed out"};
    delay = timeout_;
  }
  end_ticket_ = clock_.schedule(clock_.now().steady + delay, VirtualClock::Order::switch_end,
                                [this, report = std::move(report)]() -> std::optional<Wake> {
                                  end_ticket_.reset();
                                  report_ = report;
                                  return Wake::notified;
                                });
}

std::optional<SwitchReport> FakeSwitcher::take_report() {
  return std::exchange(report_, std::nullopt);
}

void FakeSwitcher::abandon() {
  if (end_ticket_) clock_.cancel(*end_ticket_);
  end_ticket_.reset();
  report_.reset();
}

}  // namespace quotawatch::sim
