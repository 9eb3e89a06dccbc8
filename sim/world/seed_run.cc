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

// What the runs of one seed add up to: the first that failed, or else the plain one.
SimulationResult simulate_seed(const SeedRun& run, std::uint64_t seed, SimulationTools& tools) {
  SimulationOptions options = run.options;
  options.seed = seed;
  SimulationResult result = simulate(options, tools);
  for (std::size_t moment = 0; run.every_crash && moment < result.crash_moments; ++moment) {
    if (!result.violations.empty()) break;
    options.crash_moment = moment;
    SimulationResult crashed = simulate(options, tools);
    result.reach += crashed.reach;
    if (!crashed.violations.empty()) return crashed;
  }
  return result;
}

class Workers {
 public:
  explicit Workers(const SeedRun& run) : run_(run) {}

  void run(const std::function<void(const SimulationResult&)>& tell,
           const std::function<void(std::size_t)>& progress) {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < std::max<std::size_t>(run_.jobs, 1); ++i) {
      threads.emplace_back([this] { work(); });
    }
    try {
      tell_all(tell, progress);
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

  void tell_all(const std::function<void(const SimulationResult&)>& tell,
                const std::function<void(std::size_t)>& progress) {
    for (std::size_t told = 0; told < run_.seeds.size(); ++told) {
      std::unique_lock lock(mutex_);
      while (!results_.contains(told) && !failure_) {
        changed_.wait(lock);
        const std::size_t done = done_;
        lock.unlock();
        if (progress) progress(done);
        lock.lock();
      }
      if (failure_) std::rethrow_exception(failure_);
      const SimulationResult result = std::move(results_.extract(told).mapped());
      lock.unlock();
      tell(result);
    }
  }

  const SeedRun& run_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::size_t, SimulationResult> results_;  // done, and not yet told
  std::size_t done_ = 0;
  std::exception_ptr failure_;
};

}  // namespace

void run_seeds(const SeedRun& run, const std::function<void(const SimulationResult&)>& tell,
               const std::function<void(std::size_t done)>& progress) {
  Workers(run).run(tell, progress);
}

}  // namespace quotawatch::sim
