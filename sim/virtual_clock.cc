#include "sim/virtual_clock.h"

#include <algorithm>
#include <utility>

namespace quotawatch::sim {

VirtualClock::VirtualClock(WallTime start, SteadyTime last)
    : now_{SteadyTime{}, start}, last_(last) {}

void VirtualClock::advance_to(SteadyTime when) {
  if (when <= now_.steady) return;
  now_.wall += when - now_.steady;
  now_.steady = when;
}

Wake VirtualClock::wait_until(SteadyTime deadline) {
  const SteadyTime horizon = std::min(deadline, last_);
  while (!schedule_.empty() && schedule_.begin()->first.when <= horizon) {
    auto due = schedule_.extract(schedule_.begin());
    advance_to(due.key().when);
    if (const auto wake = due.mapped()()) return *wake;
  }
  advance_to(horizon);
  return deadline <= last_ ? Wake::deadline : Wake::stop;
}

VirtualClock::Ticket VirtualClock::schedule(SteadyTime when, Order order, Action action) {
  const Ticket ticket = next_ticket_++;
  schedule_.emplace(Key{when, order, ticket}, std::move(action));
  return ticket;
}

void VirtualClock::cancel(Ticket ticket) {
  std::erase_if(schedule_, [ticket](const auto& entry) { return entry.first.ticket == ticket; });
}

}  // namespace quotawatch::sim
