#include "os/event_loop.h"

#include <uv.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <optional>
#include <stdexcept>
#include <string>

namespace quotawatch::os {
namespace {

// How long the end of the loop waits for children killed at the last moment.
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
  uv_timer_t deadline;
  bool deadline_passed = false;
  std::array<uv_signal_t, 3> signals;
  bool signals_watched = false;
  struct sigaction pipe_action_before;

  void start_deadline(std::uint64_t delay_ms) {
    deadline_passed = false;
    uv_update_time(&loop);  // else the delay counts from the loop's last turn
    uv_timer_start(
        &deadline,
        [](uv_timer_t* timer) {
          *static_cast<bool*>(timer->data) = true;
          uv_stop(timer->loop);  // see Timer
        },
        delay_ms, 0);
  }
};

EventLoop::EventLoop() : handles_(std::make_unique<Handles>()) {
  check(uv_loop_init(&handles_->loop), "cannot make an event loop");
  check(uv_timer_init(&handles_->loop, &handles_->deadline), "cannot make a timer");
  handles_->deadline.data = &handles_->deadline_passed;
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, &handles_->pipe_action_before);
}

EventLoop::~EventLoop() {
  if (handles_->signals_watched)
    std::ranges::for_each(handles_->signals, close_handle<uv_signal_t>);
  // What is being closed needs further turns, and a child that was killed is
  // reaped in them. The timer alone keeps no loop alive.
  uv_unref(reinterpret_cast<uv_handle_t*>(&handles_->deadline));
  handles_->start_deadline(closing_limit_ms);
  while (uv_loop_alive(&handles_->loop) != 0 && !handles_->deadline_passed) {
    uv_run(&handles_->loop, UV_RUN_ONCE);
  }
  close_handle(handles_->deadline);
  uv_run(&handles_->loop, UV_RUN_NOWAIT);
  sigaction(SIGPIPE, &handles_->pipe_action_before, nullptr);
  // A child that not even SIGKILL ends (a dead network disk) still has its place
  // in the loop: better to leak that than to free it under libuv's feet.
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

void EventLoop::turn() { uv_run(&handles_->loop, UV_RUN_NOWAIT); }

EventLoop::Ended EventLoop::run_until(const std::function<bool()>& condition, Milliseconds timeout,
                                      OnStop on_stop) {
  handles_->start_deadline(
      static_cast<std::uint64_t>(std::max(timeout.count(), Milliseconds::rep{0})));
  const auto ended = [&]() -> std::optional<Ended> {
    if (condition()) return Ended::condition;
    if (on_stop == OnStop::end && stop_requested_) return Ended::stop;
    if (handles_->deadline_passed) return Ended::deadline;
    return std::nullopt;
  };
  auto end = ended();
  for (; !end; end = ended()) uv_run(&handles_->loop, UV_RUN_ONCE);
  uv_timer_stop(&handles_->deadline);
  return *end;
}

uv_loop_s* EventLoop::handle() { return &handles_->loop; }

}  // namespace quotawatch::os
