// Does many pieces of work on several threads and delivers their results in order.
//
// Used by `simulate` and `replay`. Threads share only the number of the next piece, so speed grows with their number.
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace quotawatch {

template <typename Result>
class OrderedWork {
 public:
  // Does the piece of this number.
  using Worker = std::function<Result(std::size_t piece)>;

  // `make_worker` is called on each thread, for what the thread needs of its own.
  OrderedWork(std::size_t pieces, std::function<Worker()> make_worker)
      : pieces_(pieces), make_worker_(std::move(make_worker)) {}

  // Calls `deliver` for each result, one at a time, in order; and from time to time `progress` with the number of
  // pieces done; both on the calling thread. Either may throw to end the work. What a worker throws is thrown here.
  void run(std::size_t jobs, const std::function<void(Result)>& deliver,
           const std::function<void(std::size_t)>& progress = {}) {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < std::max<std::size_t>(jobs, 1); ++i) {
      threads.emplace_back([this] { work(); });
    }
    try {
      deliver_all(deliver, progress);
    } catch (...) {
      next_ = pieces_;
      throw;
    }
  }

 private:
  void work() {
    try {
      const Worker worker = make_worker_();
      for (std::size_t i = next_++; i < pieces_; i = next_++) {
        Result result = worker(i);
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

  void deliver_all(const std::function<void(Result)>& deliver, const std::function<void(std::size_t)>& progress) {
    for (std::size_t next = 0; next < pieces_; ++next) {
      std::unique_lock lock(mutex_);
      while (!results_.contains(next) && !failure_) {
        changed_.wait(lock);
        const std::size_t done = done_;
        lock.unlock();
        if (progress) progress(done);
        lock.lock();
      }
      if (failure_) std::rethrow_exception(failure_);
      Result result = std::move(results_.extract(next).mapped());
      lock.unlock();
      deliver(std::move(result));
    }
  }

  const std::size_t pieces_;
  const std::function<Worker()> make_worker_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::size_t, Result> results_;  // finished, not yet delivered
  std::size_t done_ = 0;
  std::exception_ptr failure_;
};

}  // namespace quotawatch
