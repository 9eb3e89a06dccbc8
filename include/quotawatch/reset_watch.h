// Tracks when the limits of sessions end, for the event `reset`.
//
// Monitor reports each session's verdict, waits no longer than until the next end, and then takes
// the events. No decision depends on it, and a restart forgets it.
#pragma once

#include <cstddef>
#include <map>
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
  // Watches these sessions from now on; keeps what is known of those that were watched before.
  void watch(const std::vector<std::string>& sessions);

  // The verdict on session number `session`. If its capture failed, its screen is assumed to be
  // unchanged (rule A2).
  void show(std::size_t session, const DatedVerdict& verdict);

  // The session does not exist (any more).
  void remove(std::size_t session);

  // When the first of the limits ends; WallTime::max() if none is known.
  WallTime next() const { return next_; }

  // An event for each moment up to now at which limits have ended, the earliest first, with the
  // sessions that showed them until then. `state` has the accounts' limits. An end is never
  // reported twice for the same session, however often the clock is set back.
  std::vector<Event> take_ended(WallTime now, const State& state);

 private:
  struct Session {
    std::string name;
    std::optional<WallTime> ends_at = std::nullopt;
    std::string reset_text = {};
    std::vector<WallTime> reported = {};  // recent ones, the latest last
  };

  bool is_consistent() const;
  void find_next();
  Event take_next(WallTime now);
  static void note_reported(Session& session);

  std::vector<Session> sessions_;
  std::map<std::string, std::vector<WallTime>> gone_;  // what was reported of those that are not watched now
  WallTime next_ = WallTime::max();
};

}  // namespace quotawatch
