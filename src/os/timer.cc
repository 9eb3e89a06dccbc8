#include "os/timer.h"

#include <uv.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace quotawatch::os {

struct Timer::Handle {
  uv_timer_t timer;
  std::shared_ptr<const std::function<void()>> action;

  void start(Milliseconds delay, Milliseconds interval, std::function<void()> new_action) {
    action = std::make_shared<const std::function<void()>>(std::move(new_action));
    uv_update_time(timer.loop);  // else the delay counts from the loop's last turn
    uv_timer_start(
        &timer,
        [](uv_timer_t* fired) {
          // Kept alive here: the action may start or drop the timer.
          uv_loop_t* loop = fired->loop;
          const auto running = static_cast<Handle*>(fired->data)->action;
          (*running)();
          // A turn may begin with what is due and then wait for something else to
          // happen; whoever turns the loop has to look at what was done first.
          uv_stop(loop);
        },
        static_cast<std::uint64_t>(std::max(delay.count(), Milliseconds::rep{0})),
        static_cast<std::uint64_t>(interval.count()));
  }
};

Timer::Timer(EventLoop& loop) : handle_(new Handle) {
  uv_timer_init(loop.handle(), &handle_->timer);
  handle_->timer.data = handle_;
}

Timer::~Timer() {
  uv_close(reinterpret_cast<uv_handle_t*>(&handle_->timer),
           [](uv_handle_t* closed) { delete static_cast<Handle*>(closed->data); });
}

void Timer::start_once(Milliseconds delay, std::function<void()> action) {
  handle_->start(delay, Milliseconds{0}, std::move(action));
}

void Timer::start_repeating(Milliseconds interval, std::function<void()> action) {
  handle_->start(interval, interval, std::move(action));
}

void Timer::stop() { uv_timer_stop(&handle_->timer); }

}  // namespace quotawatch::os
