#include "sim/world/conductor.h"

#include <algorithm>
#include <thread>

namespace quotawatch::sim {

class Conductor::Turn final : public Pacer {
 public:
  Turn(Conductor& conductor, std::size_t host) : conductor_(conductor), host_(host) {}

  void wait_for(SteadyTime next) override {
    std::unique_lock lock(conductor_.mutex_);
    next_ = next;
    conductor_.pass_on(lock, host_);
    now_ = next_;
  }
  // Only the host that runs calls this, for itself or for one that waits.
  void hurry(SteadyTime when) override { next_ = std::min(next_, std::max(when, now_)); }
  SteadyTime now() const override { return conductor_.turns_[conductor_.running_]->now_; }

  Conductor& conductor_;
  const std::size_t host_;
  SteadyTime next_;
  SteadyTime now_;  // when it came to its turn
  std::condition_variable called_;
};

Conductor::Conductor(std::size_t hosts) {
  for (std::size_t i = 0; i < hosts; ++i) turns_.push_back(std::make_unique<Turn>(*this, i));
}

Conductor::~Conductor() = default;

Pacer& Conductor::pacer(std::size_t host) { return *turns_.at(host); }

std::size_t Conductor::first() const {
  const auto next = std::ranges::min_element(turns_, {}, [](const auto& turn) { return turn->next_; });
  return static_cast<std::size_t>(next - turns_.begin());
}

// Until it is this host's turn again; after its end it never is.
void Conductor::pass_on(std::unique_lock<std::mutex>& lock, std::size_t host) {
  running_ = first();
  if (running_ == host) return;
  turns_[running_]->called_.notify_one();
  if (turns_[host]->next_ == SteadyTime::max()) return;
  turns_[host]->called_.wait(lock, [&] { return running_ == host; });
}

void Conductor::play(const std::vector<std::function<void()>>& hosts) {
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    threads.emplace_back([this, i, &hosts] {
      std::unique_lock lock(mutex_);
      turns_[i]->called_.wait(lock, [&] { return running_ == i; });
      lock.unlock();
      std::exception_ptr failure;
      try {
        hosts[i]();
      } catch (...) {
        failure = std::current_exception();
      }
      lock.lock();
      if (!failure_) failure_ = failure;
      turns_[i]->next_ = SteadyTime::max();
      pass_on(lock, i);
    });
  }
  threads.clear();
  if (failure_) std::rethrow_exception(failure_);
}

}  // namespace quotawatch::sim
