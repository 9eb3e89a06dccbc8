#include "sim/harness/fake_switcher.h"

#include <cassert>
#include <utility>

namespace quotawatch::sim {

void FakeSwitcher::start(const SwitchRequest& request) {
  assert(!request.id.empty());
  started_.push_back(request);
  if (outcome_.kind != SwitcherOutcome::Kind::hang) {
    end_ticket_ = clock_.schedule(clock_.now().steady + outcome_.delay, VirtualClock::Order::switch_end,
                                  end_with({request.id, outcome_.kind == SwitcherOutcome::Kind::ok, outcome_.why}));
  }
  timeout_ticket_ = clock_.schedule_timeout(timeout_, end_with({request.id, false, "timed out"}));
}

VirtualClock::Action FakeSwitcher::end_with(SwitchReport report) {
  return [this, report = std::move(report)]() -> std::optional<Wake> {
    cancel();
    report_ = report;
    return Wake::notified;
  };
}

void FakeSwitcher::cancel() {
  for (auto* ticket : {&end_ticket_, &timeout_ticket_}) {
    if (*ticket) clock_.cancel(**ticket);
    ticket->reset();
  }
}

std::optional<SwitchReport> FakeSwitcher::take_report() { return std::exchange(report_, std::nullopt); }

void FakeSwitcher::abandon() {
  cancel();
  report_.reset();
}

}  // namespace quotawatch::sim
