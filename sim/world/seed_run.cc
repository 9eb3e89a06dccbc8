#include "sim/world/seed_run.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace quotawatch::sim {
namespace {

// Runs one seed, with all its crashes if requested. Returns the first run that failed, else the one
// without a crash, with the coverage of all.
SimulationResult simulate_seed(const SeedRun& run, std::uint64_t seed, SimulationTools& tools) {
  SimulationOptions options = run.options;
  options.seed = seed;
  SimulationResult result = simulate(options, tools);
  for (std::size_t moment = 0; run.every_crash && moment < result.crash_moments; ++moment) {
    if (!result.violations.empty()) break;
    options.crash_moment = moment;
    SimulationResult crashed = simulate(options, tools);
    result.coverage += crashed.coverage;
    if (!crashed.violations.empty()) return crashed;
  }
  return result;
}

class Workers {
 public:
  explicit Workers(const SeedRun& run) : run_(run) {}

  void run(const std::function<void(const SimulationResult&)>& deliver,
           const std::function<void(std::size_t)>& progress) {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < std::max<std::size_t>(run_.jobs, 1); ++i) {
      threads.emplace_back([this] { work(); });
    }
    try {
      deliver_all(deliver, progress);
    } catch (...) {
      next_ = run_.seeds.size();
      throw;
    }
  }

 private:
  void work() {
    try {
      SimulationTools tools;
      for (std::size_t i = next_++; i < run_.seeds.size(); i = next_++) {
        SimulationResult result = simulate_seed(run_, run_.seeds[i], tools);
        const std::lock_guard lock(mutex_);
        results_.emplace(i, std::move(result));
        ++done_;
        changed_.notify_one();
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      changed_.notify_one();
    }
  }

  void deliver_all(const std::function<void(const SimulationResult&)>& deliver,
                   const std::function<void(std::size_t)>& progress) {
    for (std::size_t next = 0; next < run_.seeds.size(); ++next) {
      std::unique_lock lock(mutex_);
      while (!results_.contains(next) && !failure_) {
        changed_.wait(lock);
        const std::size_t done = done_;
        lock.unlock();
        if (progress) progress(done);
        lock.lock();
      }
      if (failure_) std::rethrow_exception(failure_);
      const SimulationResult result = std::move(results_.extract(next).mapped());
      lock.unlock();
      deliver(result);
    }
  }

  const SeedRun& run_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::size_t, SimulationResult> results_;  // finished, not yet delivered
  std::size_t done_ = 0;
  std::exception_ptr failure_;
};

}  // namespace

void run_seeds(const SeedRun& run, const std::function<void(const SimulationResult&)>& deliver,
               const std::function<void(std::size_t done)>& progress) {
  Workers(run).run(deliver, progress);
}

}  // namespace quotawatch::sim
