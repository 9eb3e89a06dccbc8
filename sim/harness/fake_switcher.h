// A switcher with a preset outcome, on virtual time. A hook that ends during a stall ends before a
// timeout that passes during the same stall, as with the real one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "quotawatch/switcher.h"
#include "sim/harness/virtual_clock.h"
#include "transcript/action.h"

namespace quotawatch::sim {

class FakeSwitcher final : public Switcher {
 public:
  FakeSwitcher(VirtualClock& clock, Milliseconds timeout) : clock_(clock), timeout_(timeout) {}

  void set_outcome(SwitcherOutcome outcome) { outcome_ = std::move(outcome); }

  // Every request ever started, in order.
  const std::vector<SwitchRequest>& started() const { return started_; }

  void start(const SwitchRequest& request) override;
  std::optional<SwitchReport> take_report() override;
  bool busy() const override { return timeout_ticket_.has_value() || report_.has_value(); }
  void abandon() override;

 private:
  VirtualClock::Action end_with(SwitchReport report);
  void cancel();

  VirtualClock& clock_;
  Milliseconds timeout_;
  SwitcherOutcome outcome_;
  std::vector<SwitchRequest> started_;
  std::optional<VirtualClock::Ticket> end_ticket_;
  std::optional<VirtualClock::Ticket> timeout_ticket_;  // while a request is running
  std::optional<SwitchReport> report_;
};

}  // namespace quotawatch::sim
