// Virtual time: a Clock whose waits cost no real time.
//
// Used by replay and simulation. Fakes schedule actions, which are carried out while the monitor
// waits. At the same time, ends of switches come first, then timeouts of switches, then other events
// in the order in which they were scheduled; last, the waiting monitor is woken.
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "quotawatch/clock.h"

namespace quotawatch::sim {

// Lets the clocks of several hosts go on in the order of time, one at a time.
class Pacer {
 public:
  virtual ~Pacer() = default;
  // Returns once no other clock has anything to do before `next`.
  virtual void wait_for(SteadyTime next) = 0;
  // Something is to happen then, perhaps before what this clock waits for.
  virtual void hurry(SteadyTime when) = 0;
  // Of the clock that runs.
  virtual SteadyTime now() const = 0;
};

class VirtualClock final : public Clock {
 public:
  // The order of actions at the same time.
  enum class Order { switch_end, timeout, event };

  // Returns why to wake the monitor, or nullopt to let it wait.
  using Action = std::function<std::optional<Wake>()>;
  using Ticket = std::size_t;

  // Steady time starts at zero. A wait beyond `last` returns Wake::stop at `last`.
  VirtualClock(WallTime start, SteadyTime last);

  Moment now() const override { return now_; }
  Wake wait_until(SteadyTime deadline) override;

  // Passes time without waiting, carrying out what is due. A reason to wake is reported by the next
  // wait.
  void pass(Milliseconds duration);

  // Waits for an answer that comes after `delay`, at most for `timeout`. True if the answer came.
  bool await_answer(Milliseconds delay, Milliseconds timeout);

  // Suspends the waiting process until then: its waits end no earlier, and its timeouts, which only
  // count time in which it runs, that much later.
  void stall_until(SteadyTime when);

  // Another process waits from now on. Ends a stall of the previous one.
  void change_waiter() {
    stalled_until_ = now_.steady;
    pending_.reset();
  }

  // An action in the past is carried out at the next wait. Returns a ticket for cancel().
  Ticket schedule(SteadyTime when, Order order, Action action);
  Ticket schedule_timeout(Milliseconds timeout, Action action);
  void cancel(Ticket ticket);

  // Of hosts whose clocks go together. Must outlive the clock.
  void set_pacer(Pacer& pacer) { pacer_ = &pacer; }

  // `delay` from the time of the clock that runs now, which may be another's.
  void schedule_from_elsewhere(Milliseconds delay, Action action) {
    const SteadyTime now = pacer_ == nullptr ? now_.steady : pacer_->now();
    schedule(now + delay, Order::event, std::move(action));
  }

  // Sets the wall clock; steady time is not affected.
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
  bool come_to_next(SteadyTime horizon);
  std::optional<Wake> do_next();
  Wake wake(Wake cause);

  Moment now_;
  SteadyTime last_;
  SteadyTime stalled_until_;
  std::optional<Wake> pending_;
  Ticket next_ticket_ = 0;
  std::map<Key, Action> schedule_;
  Pacer* pacer_ = nullptr;
};

}  // namespace quotawatch::sim
