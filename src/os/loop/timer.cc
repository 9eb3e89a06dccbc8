#include "os/loop/timer.h"

#include <uv.h>

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <optional>
#include <utility>

#include "os/loop/time_allowance.h"

namespace quotawatch::os {

struct Timer::Handle {
  explicit Handle(EventLoop& event_loop) : loop(event_loop) {
    uv_timer_init(loop.handle(), &timer);
    timer.data = this;
  }

  EventLoop& loop;
  uv_timer_t timer;
  std::function<void()> action;
  std::optional<TimeAllowance> allowance;
  std::uint64_t armed_at_ms = 0;

  void start(Milliseconds delay, Milliseconds interval, std::function<void()> new_action) {
    assert(new_action);
    stop();
    action = std::move(new_action);
    arm(delay, interval);
  }

  void arm(Milliseconds delay, Milliseconds interval) {
    uv_update_time(timer.loop);  // else the delay counts from the loop's last turn
    armed_at_ms = uv_now(timer.loop);
    uv_timer_start(
        &timer,
        [](uv_timer_t* fired) {
          static_cast<Handle*>(fired->data)->fire();
          // uv_run() may fire timers and then block waiting for I/O. Stop it, so that the caller
          // can check what the timer changed.
          uv_stop(fired->loop);
        },
        static_cast<std::uint64_t>(std::max(delay.count(), Milliseconds::rep{0})),
        static_cast<std::uint64_t>(interval.count()));
  }

  void fire() {
    if (allowance) {
      allowance->use(Milliseconds{static_cast<Milliseconds::rep>(uv_now(timer.loop) - armed_at_ms)});
      if (allowance->slice() > Milliseconds{0}) return arm(allowance->slice(), Milliseconds{0});
    }
    loop.call_after_events(this, action);
  }

  void stop() {
    uv_timer_stop(&timer);
    loop.withdraw(this);
    allowance.reset();
  }
};

Timer::Timer(EventLoop& loop) : handle_(new Handle(loop)) {}

Timer::~Timer() {
  handle_->stop();
  uv_close(reinterpret_cast<uv_handle_t*>(&handle_->timer),
           [](uv_handle_t* closed) { delete static_cast<Handle*>(closed->data); });
}

void Timer::start_once(Milliseconds delay, std::function<void()> action) {
  handle_->start(delay, Milliseconds{0}, std::move(action));
}

void Timer::start_repeating(Milliseconds interval, std::function<void()> action) {
  assert(interval > Milliseconds{0});  // libuv repeats nothing at 0
  handle_->start(interval, interval, std::move(action));
}

void Timer::start_timeout(Milliseconds timeout, std::function<void()> action) {
  handle_->stop();
  if (timeout == Milliseconds::max()) return;
  const TimeAllowance allowance(timeout);
  handle_->start(allowance.slice(), Milliseconds{0}, std::move(action));
  handle_->allowance = allowance;
}

void Timer::stop() { handle_->stop(); }

}  // namespace quotawatch::os
