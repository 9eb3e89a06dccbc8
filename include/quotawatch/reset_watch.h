// When the limits that sessions show will end, and whose that are: for the event `reset`.
//
// Monitor tells it what each session shows, waits no longer than until the next end, and
// asks then who is to be told. Nothing is decided by it; a restart forgets it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "quotawatch/event.h"
#include "quotawatch/evidence.h"
#include "quotawatch/state.h"
#include "quotawatch/time.h"

namespace quotawatch {

class ResetWatch {
 public:
  // These are watched from now on. What is known of those that were before stays.
  void watch(const std::vector<std::string>& sessions);

  // What the session of this number among them shows from now on. One that could not be
  // captured is taken to show what it showed before (rule A2).
  void show(std::size_t session, const DatedVerdict& verdict);

  // It does not exist (any more).
  void remove(std::size_t session);

  // When the first of the limits ends; WallTime::max() if none is known.
  WallTime next() const { return next_; }

  // An event for each moment up to now at which limits have ended, the earliest first,
  // with the sessions that showed them until then. `state` knows the account's limit. An
  // end is never told twice of the same session, however often the clock is set back.
  std::vector<Event> take_ended(WallTime now, const State& state);

 private:
  struct Session {
    std::string name;
    std::optional<WallTime> ends_at = std::nullopt;
    std::string reset_text = {};
    std::vector<WallTime> told = {};  // of late, the last at the end
  };

  bool is_consistent() const;
  void find_next();
  Event take_next(WallTime now);
  static void note_told(Session& session);

  std::vector<Session> sessions_;
  WallTime next_ = WallTime::max();
};

}  // namespace quotawatch
