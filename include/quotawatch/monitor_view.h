// What a monitor knows besides its state, for `status`.
//
// Made by Monitor::view().
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "quotawatch/evidence.h"
#include "quotawatch/step.h"
#include "quotawatch/testimony.h"
#include "quotawatch/time.h"

namespace quotawatch {

// How a poll counted a session's screen.
enum class HitStatus {
  none,
  uncounted,
  fresh,
  stale,
  charged,  // to another account than the active one (A8)
};

struct MonitorView {
  struct Session {
    std::string name;
    std::size_t group = 0;  // the index of its group
    bool pool = true;
    std::optional<DatedVerdict> verdict;  // as last journalled; empty: no such session
    WallTime since;                       // when that was journalled
    HitStatus hit = HitStatus::none;      // at the last poll
    std::string why_uncounted = {};
    std::string pane = {};                    // tmux's id of the pane that is watched: "%12"
    std::string window_pane = {};             // its place: "1.0"
    std::string program = {};                 // in its foreground
    bool no_agent = false;                    // an agent ran in it, and its shell is left
    bool stand_in = false;                    // see AgentPane
    std::string account = {};                 // that its program runs on (A8)
    std::optional<Testimony> testimony = {};  // of its witness, at the last poll
  };
  struct Group {
    std::string name;                  // empty where the config has no groups
    std::optional<HitCounts> counted;  // by its last poll
  };
  std::vector<Group> groups;
  std::vector<Session> sessions;      // in the config's order; of several agents in one, each
  std::optional<WallTime> polled_at;  // the last poll; empty before the first
  bool server_up = true;
  WallTime server_since;   // since when it is up or down, as far as this run knows
  std::string server_why;  // if it is down
  SteadyTime next_poll;
  Milliseconds poll_took{0};  // the last one
  Milliseconds tmux_took{0};  // of it
  // What hosts share.
  struct Store {
    std::optional<WallTime> down_since;  // it cannot be asked
    std::string why;
  };
  std::optional<Store> store = {};  // empty: the host shares nothing
};

}  // namespace quotawatch
