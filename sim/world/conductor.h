// Runs several hosts on one virtual time: each on a thread of its own, of which only one runs at a time.
//
// A monitor waits inside its clock, so that each host needs a stack. Which host runs is decided by time alone, and then
// by its number: a seed means the same run everywhere.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "sim/harness/virtual_clock.h"

namespace quotawatch::sim {

class Conductor {
 public:
  explicit Conductor(std::size_t hosts);
  ~Conductor();
  Conductor(const Conductor&) = delete;
  Conductor& operator=(const Conductor&) = delete;

  // For the clock of this host.
  Pacer& pacer(std::size_t host);

  // Plays each host to its end. Throws what one of them threw.
  void play(const std::vector<std::function<void()>>& hosts);

 private:
  class Turn;

  std::size_t first() const;
  void pass_on(std::unique_lock<std::mutex>& lock, std::size_t host);

  std::mutex mutex_;
  std::vector<std::unique_ptr<Turn>> turns_;
  std::size_t running_ = 0;
  std::exception_ptr failure_;
};

}  // namespace quotawatch::sim
