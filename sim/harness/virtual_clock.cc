#include "sim/harness/virtual_clock.h"

#include <algorithm>
#include <cassert>
#include <memory>
#include <utility>

namespace quotawatch::sim {

VirtualClock::VirtualClock(WallTime start, SteadyTime last) : now_{SteadyTime{}, start}, last_(last) {}

void VirtualClock::advance_to(SteadyTime when) {
  if (when <= now_.steady) return;
  now_.wall += when - now_.steady;
  now_.steady = when;
}

bool VirtualClock::is_due(SteadyTime horizon) const {
  return !schedule_.empty() && schedule_.begin()->first.when <= horizon;
}

// True if something is due up to `horizon`, and no other host's clock comes before it.
bool VirtualClock::come_to_next(SteadyTime horizon) {
  const auto next = [&] { return is_due(horizon) ? schedule_.begin()->first.when : horizon; };
  while (pacer_ != nullptr && next() > now_.steady) {
    const SteadyTime planned = next();
    pacer_->wait_for(planned);
    if (next() == planned) break;  // else another host has done something meanwhile
  }
  return is_due(horizon);
}

std::optional<Wake> VirtualClock::do_next() {
  assert(!schedule_.empty() && schedule_.begin()->first.when <= last_);
  auto due = schedule_.extract(schedule_.begin());
  advance_to(due.key().when);
  return due.mapped()();
}

// A stalled waiter is woken only when the stall ends.
Wake VirtualClock::wake(Wake cause) {
  if (stalled_until_ <= now_.steady) return cause;
  pass(stalled_until_ - now_.steady);
  // Events that happened by then are reported before a deadline that has passed.
  return pending_ ? *std::exchange(pending_, std::nullopt) : cause;
}

Wake VirtualClock::wait_until(SteadyTime deadline) {
  if (pending_) return wake(*std::exchange(pending_, std::nullopt));
  const SteadyTime horizon = std::min(deadline, last_);
  while (come_to_next(horizon)) {
    if (const auto cause = do_next()) return wake(*cause);
  }
  advance_to(horizon);
  assert(now_.steady <= last_);
  return wake(deadline <= last_ ? Wake::deadline : Wake::stop);
}

void VirtualClock::pass(Milliseconds duration) {
  assert(duration >= Milliseconds{0});
  const SteadyTime end = std::min(now_.steady + duration, last_);
  while (come_to_next(end)) {
    const auto cause = do_next();
    if (cause && pending_ != Wake::stop) pending_ = cause;
  }
  advance_to(end);
}

bool VirtualClock::await_answer(Milliseconds delay, Milliseconds timeout) {
  assert(delay >= Milliseconds{0} && timeout >= Milliseconds{0});
  const SteadyTime answer = now_.steady + delay;
  // Shared, because actions carried out meanwhile may throw.
  const auto timed_out = std::make_shared<bool>(false);
  const Ticket ticket = schedule_timeout(timeout, [timed_out]() -> std::optional<Wake> {
    *timed_out = true;
    return std::nullopt;
  });
  while (!*timed_out && now_.steady < answer && now_.steady < last_) {
    const SteadyTime next = is_due(answer) ? schedule_.begin()->first.when : answer;
    pass(std::max(next - now_.steady, Milliseconds{0}));
  }
  cancel(ticket);
  if (now_.steady < stalled_until_) pass(stalled_until_ - now_.steady);
  return !*timed_out || now_.steady >= answer;
}

void VirtualClock::stall_until(SteadyTime when) {
  const SteadyTime begin = std::max(stalled_until_, now_.steady);
  if (when <= begin) return;
  stalled_until_ = when;
  std::map<Key, Action> moved;
  for (auto& [key, action] : schedule_) {
    const bool waits = key.order == Order::timeout;
    const SteadyTime due = waits ? key.when + (when - begin) : key.when;
    moved.emplace(Key{due, key.order, key.ticket}, std::move(action));
  }
  schedule_ = std::move(moved);
}

VirtualClock::Ticket VirtualClock::schedule_timeout(Milliseconds timeout, Action action) {
  const SteadyTime begin = std::max(stalled_until_, now_.steady);
  return schedule(begin + timeout, Order::timeout, std::move(action));
}

VirtualClock::Ticket VirtualClock::schedule(SteadyTime when, Order order, Action action) {
  assert(action);
  const Ticket ticket = next_ticket_++;
  schedule_.emplace(Key{when, order, ticket}, std::move(action));
  if (pacer_ != nullptr) pacer_->hurry(when);
  return ticket;
}

void VirtualClock::cancel(Ticket ticket) {
  assert(ticket < next_ticket_);
  std::erase_if(schedule_, [ticket](const auto& entry) { return entry.first.ticket == ticket; });
}

}  // namespace quotawatch::sim
