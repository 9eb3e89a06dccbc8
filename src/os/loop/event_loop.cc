#include "os/loop/event_loop.h"

#include <uv.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <csignal>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>

#include "os/loop/timer.h"

namespace quotawatch::os {
namespace {

// How long the destructor waits for children that were killed at the last moment.
constexpr std::uint64_t closing_limit_ms = 1000;

void check(int status, const char* what) {
  if (status < 0) throw std::runtime_error(std::string(what) + ": " + uv_strerror(status));
}

template <typename Handle>
void close_handle(Handle& handle) {
  uv_close(reinterpret_cast<uv_handle_t*>(&handle), nullptr);
}

}  // namespace

struct EventLoop::Handles {
  uv_loop_t loop;
  std::array<uv_signal_t, 3> signals;
  bool signals_watched = false;
  struct sigaction pipe_action_before;
};

EventLoop::EventLoop() : handles_(std::make_unique<Handles>()) {
  check(uv_loop_init(&handles_->loop), "cannot make an event loop");
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, &handles_->pipe_action_before);
}

EventLoop::~EventLoop() {
  if (handles_->signals_watched) std::ranges::for_each(handles_->signals, close_handle<uv_signal_t>);
  // Closing handles needs further turns, and killed children are reaped in them. The timer alone
  // does not keep the loop alive.
  uv_timer_t limit;
  bool passed = false;
  uv_timer_init(&handles_->loop, &limit);
  limit.data = &passed;
  uv_unref(reinterpret_cast<uv_handle_t*>(&limit));
  uv_update_time(&handles_->loop);  // else the delay counts from the loop's last turn
  uv_timer_start(
      &limit, [](uv_timer_t* timer) { *static_cast<bool*>(timer->data) = true; }, closing_limit_ms, 0);
  while (uv_loop_alive(&handles_->loop) != 0 && !passed) uv_run(&handles_->loop, UV_RUN_ONCE);
  close_handle(limit);
  uv_run(&handles_->loop, UV_RUN_NOWAIT);
  sigaction(SIGPIPE, &handles_->pipe_action_before, nullptr);
  // A child that survives SIGKILL (a dead network disk) still has a handle in the loop: leaking the
  // loop is better than freeing it while libuv uses it.
  if (uv_loop_close(&handles_->loop) != 0) static_cast<void>(handles_.release());
}

void EventLoop::watch_signals() {
  if (handles_->signals_watched) return;
  const std::array numbers{SIGINT, SIGTERM, SIGHUP};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    uv_signal_t& signal = handles_->signals[i];
    check(uv_signal_init(&handles_->loop, &signal), "cannot watch signals");
    signal.data = this;
    check(uv_signal_start(
              &signal,
              [](uv_signal_t* received, int number) {
                auto* loop = static_cast<EventLoop*>(received->data);
                number == SIGHUP ? loop->request_reload() : loop->request_stop();
              },
              numbers[i]),
          "cannot watch signals");
  }
  handles_->signals_watched = true;
}

// libuv runs timers before it polls for I/O. So our timers only mark themselves as due (Timer) and
// are called after the next turn, which delivers the I/O first.
void EventLoop::run_once(int mode) {
  assert(!in_turn_);
  in_turn_ = true;
  const auto leave = std::unique_ptr<bool, void (*)(bool*)>(&in_turn_, [](bool* in_turn) { *in_turn = false; });
  uv_run(&handles_->loop, due_.empty() ? static_cast<uv_run_mode>(mode) : UV_RUN_NOWAIT);
  if (due_.empty()) return;
  std::ranges::move(std::exchange(due_, {}), std::back_inserter(ready_));
  uv_run(&handles_->loop, UV_RUN_NOWAIT);
  while (!ready_.empty()) {
    const Call call = std::move(ready_.front());
    ready_.erase(ready_.begin());
    call.action();
  }
}

void EventLoop::turn() { run_once(UV_RUN_NOWAIT); }

void EventLoop::call_after_events(const void* owner, std::function<void()> action) {
  assert(owner != nullptr && action);
  withdraw(owner);
  due_.push_back({owner, std::move(action)});
}

void EventLoop::withdraw(const void* owner) {
  for (auto* calls : {&due_, &ready_}) {
    std::erase_if(*calls, [owner](const Call& call) { return call.owner == owner; });
  }
}

EventLoop::Ended EventLoop::run_until(const std::function<bool()>& condition, Milliseconds timeout, OnStop on_stop) {
  bool passed = false;
  Timer deadline(*this);
  deadline.start_timeout(timeout, [&passed] { passed = true; });
  for (;;) {
    if (condition()) return Ended::condition;
    if (on_stop == OnStop::end && stop_requested_) return Ended::stop;
    if (passed) return Ended::deadline;
    run_once(UV_RUN_ONCE);
  }
}

uv_loop_s* EventLoop::handle() { return &handles_->loop; }

}  // namespace quotawatch::os
