// SystemClock and VirtualClock against the same contract.
#include "os/host/system_clock.h"

#include <memory>
#include <thread>
#include <vector>

#include "os/loop/timer.h"
#include "sim/harness/virtual_clock.h"
#include "tests/contracts/clock_contract.h"

namespace quotawatch {
namespace {

class SystemClockWorld {
 public:
  Clock& clock() { return clock_; }
  void notify_after(Milliseconds delay) {
    after(delay, [this] { loop_.notify(); });
  }
  void reload_after(Milliseconds delay) {
    after(delay, [this] { loop_.request_reload(); });
  }
  void stop_after(Milliseconds delay) {
    after(delay, [this] { loop_.request_stop(); });
  }
  void stall(Milliseconds duration) { std::this_thread::sleep_for(duration); }

 private:
  void after(Milliseconds delay, std::function<void()> action) {
    timers_.push_back(std::make_unique<os::Timer>(loop_));
    timers_.back()->start_once(delay, std::move(action));
  }

  os::EventLoop loop_;
  os::SystemClock clock_{loop_};
  std::vector<std::unique_ptr<os::Timer>> timers_;
};

class VirtualClockWorld {
 public:
  Clock& clock() { return *clock_; }
  void notify_after(Milliseconds delay) { after(delay, Wake::notified); }
  void reload_after(Milliseconds delay) { after(delay, Wake::reload); }
  void stop_after(Milliseconds delay) { clock_.emplace(start, SteadyTime{delay}); }
  void stall(Milliseconds duration) { clock_->stall_until(clock_->now().steady + duration); }

 private:
  static constexpr WallTime start{std::chrono::hours{500'000}};

  void after(Milliseconds delay, Wake wake) {
    clock_->schedule(clock_->now().steady + delay, sim::VirtualClock::Order::event, [wake] { return wake; });
  }

  std::optional<sim::VirtualClock> clock_{std::in_place, start, SteadyTime::max()};
};

}  // namespace

namespace contracts {
INSTANTIATE_TYPED_TEST_SUITE_P(SystemClock, ClockContract, SystemClockWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(VirtualClock, ClockContract, VirtualClockWorld);
}  // namespace contracts

namespace {

TEST(SystemClock, WaitsForEverWhereThereIsNoDeadline) {
  SystemClockWorld world;
  world.notify_after(Milliseconds{5});
  EXPECT_EQ(world.clock().wait_until(SteadyTime::max()), Wake::notified);
}

TEST(SystemClock, AStopIsReportedBeforeAnythingElse) {
  SystemClockWorld world;
  world.notify_after(Milliseconds{0});
  world.reload_after(Milliseconds{0});
  world.stop_after(Milliseconds{0});
  EXPECT_EQ(world.clock().wait_until(SteadyTime{}), Wake::stop);
}

TEST(SystemClock, WallTimeIsTheHosts) {
  SystemClockWorld world;
  const auto host = std::chrono::system_clock::now();
  EXPECT_LT(std::chrono::abs(world.clock().now().wall - host), std::chrono::seconds{10});
}

}  // namespace
}  // namespace quotawatch
