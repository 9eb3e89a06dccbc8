// Virtual time: a Clock on which waiting costs nothing and everything that will
// happen is scheduled.
//
// The heart of replay and simulation. Fakes schedule what they will do; the
// monitor's own waiting makes it happen. Within one moment the order is the
// design's: ends of switches, then the giving up of those that did not end, then other
// events in the order they were scheduled, then whoever waited for that moment.
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "quotawatch/clock.h"

namespace quotawatch::sim {

class VirtualClock final : public Clock {
 public:
  // What happens within one moment, in this order.
  enum class Order { switch_end, timeout, event };

  // Does what is due; a value ends the wait under way with that cause.
  using Action = std::function<std::optional<Wake>()>;
  using Ticket = std::size_t;

  // Steady time starts at zero. Nothing happens after `last`: waits that would
  // go beyond it stop there.
  VirtualClock(WallTime start, SteadyTime last);

  Moment now() const override { return now_; }
  Wake wait_until(SteadyTime deadline) override;

  // Time goes by while somebody is busy: what is due happens meanwhile. A cause to wake
  // is told at the next wait.
  void pass(Milliseconds duration);

  // Time goes by for somebody who waits for an answer that comes after `delay`, but gives up
  // after `timeout`. True if the answer came.
  bool await_answer(Milliseconds delay, Milliseconds timeout);

  // The process of the one who waits gets no time until this moment: his waits end no
  // earlier, and his timeouts, which count only time in which he runs, that much later.
  void stall_until(SteadyTime when);

  // Somebody else waits from now on: nothing that held the one before holds him.
  void change_waiter() {
    stalled_until_ = now_.steady;
    pending_.reset();
  }

  // An action in the past is done at the next wait. Returns a ticket to cancel by.
  Ticket schedule(SteadyTime when, Order order, Action action);
  Ticket schedule_timeout(Milliseconds timeout, Action action);
  void cancel(Ticket ticket);

  // Somebody sets the wall clock; steady time goes on as before.
  void step_wall(Milliseconds by) { now_.wall += by; }

  Milliseconds elapsed() const { return now_.steady.time_since_epoch(); }

 private:
  struct Key {
    SteadyTime when;
    Order order;
    Ticket ticket;
    auto operator<=>(const Key&) const = default;  // NOLINT(modernize-use-nullptr)
  };

  void advance_to(SteadyTime when);
  bool is_due(SteadyTime horizon) const;
  std::optional<Wake> do_next();
  Wake wake(Wake cause);

  Moment now_;
  SteadyTime last_;
  SteadyTime stalled_until_;
  std::optional<Wake> pending_;
  Ticket next_ticket_ = 0;
  std::map<Key, Action> schedule_;
};

}  // namespace quotawatch::sim
