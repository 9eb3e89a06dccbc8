#include "os/host/system_clock.h"

namespace quotawatch::os {

Moment read_system_clock() {
  const auto steady = std::chrono::steady_clock::now().time_since_epoch();
  return {SteadyTime{std::chrono::floor<Milliseconds>(steady)},
          std::chrono::floor<Milliseconds>(std::chrono::system_clock::now())};
}

std::int64_t steady_microseconds() {
  const auto steady = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::floor<std::chrono::microseconds>(steady).count();
}

Moment SystemClock::now() const { return read_system_clock(); }

Wake SystemClock::wait_until(SteadyTime deadline) {
  for (;;) {
    loop_.turn();  // deliver events before reporting a deadline that has passed
    if (loop_.stop_requested()) return Wake::stop;
    if (loop_.take_reload()) return Wake::reload;
    if (loop_.take_notification()) return Wake::notified;
    const SteadyTime now_steady = now().steady;
    if (now_steady >= deadline) return Wake::deadline;
    // A timer, not run_until()'s timeout: that counts only while we run, but this deadline passes
    // even while we are suspended. libuv's own time may wake us a little early; then we wait again.
    bool rang = false;
    alarm_.start_once(deadline - now_steady, [&rang] { rang = true; });
    loop_.run_until([&] { return rang || loop_.has_news(); }, Milliseconds::max());
    alarm_.stop();
  }
}

}  // namespace quotawatch::os
